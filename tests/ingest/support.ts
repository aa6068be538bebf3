import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readBatch, type Batch } from '../../ingest/feeds/arrow-batch.ts'
import type { FeedName } from '../../ingest/feeds/layout.ts'
import { layouts } from '../../ingest/feeds/layout.ts'
import { createKey } from '../../ingest/gateway/keys.ts'
import { judge, type Refused, type Row } from '../../ingest/intake/judge.ts'
import { createPseudonyms } from '../../ingest/intake/pseudonyms.ts'
import { startIngest, type Ingest, type IngestOptions } from '../../ingest/start-ingest.ts'
import { loadConfig } from '../../platform/config.ts'
import { silentLog, type Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'

/** Builders and runners of the ingest tests. */

/** Clock of the tests that need none of their own: 2026-02-01 12:00 UTC. */
export const noon = Date.UTC(2026, 1, 1, 12)
export const testKey = Buffer.alloc(32, 7)
export const pseudonyms = createPseudonyms(testKey)

type Json = Readonly<Record<string, unknown>>

export const crossing = (fields: Json = {}): Json => ({
  id: 'c-1',
  at: '2026-01-31T06:30:00+07:00',
  site: 'TH-MM-MAESOT1',
  direction: 'entry',
  mode: 'land',
  documentType: 'passport',
  documentNumber: 'AB123456',
  nationality: 'GBR',
  ...fields,
})

export const sighting = (fields: Json = {}): Json => ({
  id: 's-1',
  at: '2026-01-31T06:30:00+07:00',
  site: 'CAM-12-01',
  plate: '1กข 1234',
  plateProvince: 'Tak',
  confidence: 0.93,
  ...fields,
})

export const registration = (fields: Json = {}): Json => ({
  id: 'r-1',
  premises: 'HT-001',
  checkInAt: '2026-01-31T14:00:00+07:00',
  checkOutAt: '2026-02-02T12:00:00+07:00',
  partySize: 2,
  documentType: 'passport',
  documentNumber: 'AB123456',
  nationality: 'GBR',
  phone: '+66 81 234 5678',
  ...fields,
})

export const recordOf: Record<FeedName, (fields?: Json) => Json> = {
  crossings: crossing,
  sightings: sighting,
  registrations: registration,
}

/** What the judge makes of a value, or of bytes as they are. */
export function judged(feed: FeedName, record: unknown, source = 'test'): Row | Refused {
  const bytes = Buffer.isBuffer(record) ? record : Buffer.from(JSON.stringify(record))
  return judge(feed, bytes, 0, bytes.length, { source, now: noon, pseudonyms })
}

/** A cell of a row by its column's name. */
export function cell(feed: FeedName, row: Row | Refused, column: string): unknown {
  if (!('cells' in row)) throw new Error(`The record was rejected: ${row.reason} ${row.field}.`)
  return row.cells[layouts[feed].findIndex(([name]) => name === column)]
}

/** The ingest role on a NATS server, in a folder of its own, with a key of the source `test`. */
export async function runIngest(
  natsUrl: string,
  options: Partial<IngestOptions> & { folder?: string; clock?: 'wall' | 'events'; log?: Log } = {},
): Promise<Ingest & Runner> {
  const {
    folder = mkdtempSync(join(tmpdir(), 'daan-ingest-')),
    clock = 'wall',
    log = silentLog,
    ...rest
  } = options
  const config = { ...loadConfig({ DATA_DIR: folder, INGEST_PORT: '0', TICK_MS: '100' }), clock }
  const ingest = await startIngest(
    config,
    { natsUrl, reference: false, attemptMs: 300, withinMs: 600, ...rest },
    { log },
  )
  const { key } = createKey(config.keysFile, { source: 'test', scopes: ['feeds', 'reference', 'volumes'] })
  return {
    ...ingest,
    folder,
    key,
    get: async (path) => {
      const answer = await fetch(ingest.url + path, { headers: { authorization: `Bearer ${key}` } })
      return { status: answer.status, body: (await answer.json()) as unknown }
    },
    send: async (path, body, headers = {}) => {
      const answer = await fetch(ingest.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      })
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer }
    },
    take: async (path) => {
      const headers = { authorization: `Bearer ${key}` }
      const answer = await fetch(ingest.url + path, { method: 'DELETE', headers })
      return { status: answer.status, body: (await answer.json()) as unknown }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export interface Runner {
  readonly folder: string
  readonly key: string
  send(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: Answer }>
  get(path: string): Promise<{ status: number; body: unknown }>
  /** DELETE. */
  take(path: string): Promise<{ status: number; body: unknown }>
  remove(): void
}

/** Answers of the gateway, as far as tests look at them. */
export interface Answer {
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  readonly verdicts: readonly {
    index: number
    id: string
    verdict: string
    field?: string
    reason?: string
    fix?: string
  }[]
  readonly code: string
  readonly message: string
  readonly fix: string
}

/** Every message of a stream whose subject starts so, oldest first. */
export async function messagesIn(
  nats: Nats,
  stream: string,
  prefix: string,
): Promise<{ subject: string; data: Uint8Array; id: string }[]> {
  const { state } = await nats.jsm.streams.info(stream)
  const found: { subject: string; data: Uint8Array; id: string }[] = []
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const message = await nats.jsm.streams.getMessage(stream, { seq })
    if (message !== null && message.subject.startsWith(prefix))
      found.push({ subject: message.subject, data: message.data, id: message.header.get('Nats-Msg-Id') })
  }
  return found
}

/** Every row of the log of a feed, as plain values, without what differs from one intake to the next. */
export async function rowsOf(nats: Nats, feed: FeedName): Promise<Record<string, unknown>[]> {
  const messages = await messagesIn(nats, 'EVENTS', `events.${feed}`)
  return messages.flatMap(({ data }) => plainRows(readBatch(data)))
}

export function plainRows(batch: Batch): Record<string, unknown>[] {
  return Array.from({ length: batch.rows }, (_, row) =>
    Object.fromEntries(
      layouts[batch.feed]
        .filter(([name]) => name !== 'batch' && name !== 'ingested_at')
        .map(([name, type]) => [
          name,
          type === 'utf8'
            ? batch.utf8(name).text(row)
            : type === 'u64'
              ? batch.u64(name)[row]
              : type === 'ms' || type === 'ms?'
                ? Number(batch.ms(name)[row])
                : batch.numbers(name)[row],
        ]),
    ),
  )
}
