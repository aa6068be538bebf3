import { BatchWriter, type Cell } from '../../ingest/feeds/arrow-batch.ts'
import { layouts, type ColumnType, type FeedName } from '../../ingest/feeds/layout.ts'
import { streams } from '../../ingest/feeds/log-subjects.ts'
import { hash64Of, hex64 } from '../../platform/hash.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../platform/nats.ts'
import type { AlertRevision } from '../../processors/alert.ts'

/** Builders for the store's tests: records, batches and commits as ingest and processors publish them. */

export interface TestRecord {
  readonly id: string
  readonly revision?: number
  readonly cancelled?: boolean
  readonly site?: string
  readonly at?: number
  readonly direction?: string
  readonly people?: number
  readonly until?: number
  /** Pseudonyms, 16 hexadecimal digits. */
  readonly traveller?: string
  readonly vehicle?: string
  readonly documentType?: string
  readonly source?: string
  readonly outcome?: string
}

/** 2026-01-05T00:00Z, a Monday. */
export const monday = Date.UTC(2026, 0, 5)
export const hourMs = 3_600_000

let batches = 0

const blanks: Record<ColumnType, Cell> = { u64: 0n, u16: 0, u8: 0, f32: 0, ms: 0, 'ms?': null, utf8: '' }

/** One batch of `feed` with a number of its own, as a message of EVENTS. */
export function batchOf(
  feed: FeedName,
  records: readonly TestRecord[],
  ingestedAt = monday + 10 * hourMs,
): { subject: string; bytes: Uint8Array; msgId: string; batch: bigint } {
  const batch = hash64Of(`test-batch:${batches++}:${Math.random()}`)
  const writer = new BatchWriter(feed)
  for (const record of records) {
    const cells: Record<string, Cell> = {
      event_key: keyOf(record.id),
      version: (BigInt(record.revision ?? 0) << 32n) | (hash64Of(JSON.stringify(record)) & 0xffffffffn),
      event_id: `test:${record.id}`,
      source: record.source ?? 'test',
      site: record.site ?? (record.cancelled === true ? '' : 'S1'),
      at: record.at ?? (record.cancelled === true ? 0 : monday),
      ingested_at: ingestedAt,
      batch,
      cancelled: record.cancelled === true ? 1 : 0,
      direction: record.direction ?? 'entry',
      check_out_at: record.until ?? null,
      party_size: record.people ?? 1,
      traveller: BigInt(`0x${record.traveller ?? '0'}`),
      vehicle: BigInt(`0x${record.vehicle ?? '0'}`),
      document_type: record.documentType ?? '',
      outcome: record.outcome ?? '',
    }
    writer.append(layouts[feed].map(([name, type]) => cells[name] ?? blanks[type]))
  }
  return { subject: `events.${feed}`, bytes: writer.finish(), msgId: `b:${hex64(batch)}`, batch }
}

export function keyOf(id: string): bigint {
  return hash64Of(`test:${id}`)
}

/** A revision of an alert with everything filled in. */
export function alertOf(fields: Partial<AlertRevision> & { alertId: string }): AlertRevision {
  return {
    revision: 1,
    status: 'open',
    rule: 'repeated-crossings',
    ruleVersion: 'v1',
    class: 'investigate',
    measure: 2,
    severity: 'medium',
    keyspace: 'traveller',
    key: '00000000000000aa',
    site: 'S1',
    startAt: monday,
    endAt: monday + hourMs,
    raisedAt: monday + hourMs,
    revisedAt: monday + hourMs,
    sentence: { en: 'Four crossings.', th: 'สี่ครั้ง' },
    evidence: { crossings: 4 },
    events: [],
    reason: '',
    logSeq: 1,
    ...fields,
  }
}

/** A connection with the streams of the system, in memory-sized limits. */
export async function connectWithStreams(url: string): Promise<Nats> {
  const nats = await connectNats(url, { log: silentLog, name: 'test' })
  const small = { maxAgeDays: 1, maxBytes: 1e9, duplicateWindowMs: 120_000 }
  await ensureStreams(
    nats,
    [
      { name: streams.events, subjects: ['events.>'], ...small },
      { name: streams.rejected, subjects: ['rejected.>'], ...small },
      { name: streams.alerts, subjects: ['alerts.>'], ...small },
      { name: 'TRIAGE', subjects: ['triage.>'], ...small },
      { name: 'AUDIT', subjects: ['audit.>'], ...small },
    ],
    1,
  )
  return nats
}

/** Publishes a batch and gives its sequence. */
export async function publish(
  nats: Nats,
  message: { subject: string; bytes: Uint8Array; msgId?: string },
): Promise<number> {
  const options = message.msgId === undefined ? {} : { msgID: message.msgId }
  return (await nats.js.publish(message.subject, message.bytes, options)).seq
}

/** Polls until `read` gives what `done` accepts; throws with the last value after `withinMs`. */
export async function eventually<T>(
  read: () => Promise<T> | T,
  done: (value: T) => boolean,
  withinMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const value = await read()
    if (done(value)) return value
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(value)} after ${withinMs} ms.`)
    await new Promise((next) => setTimeout(next, 10))
  }
}
