import { createIntake } from '../../ingest/intake.ts'
import { createBatcher, type PendingBatch } from '../../ingest/intake/batches.ts'
import { findRecords } from '../../ingest/intake/decode.ts'
import { createEventLog } from '../../ingest/intake/event-log.ts'
import { Ledger } from '../../ingest/intake/ledger.ts'
import { createRejectedLog } from '../../ingest/intake/rejected-log.ts'
import { createScanners } from '../../ingest/intake/scan/scanners.ts'
import { feedNames } from '../../ingest/feeds/layout.ts'
import { publishReferenceTables } from '../../ingest/reference-publisher.ts'
import { readReference, type ReferenceTables } from '../../ingest/reference/read-csv.ts'
import { worldSources } from '../../ingest/world/sent.ts'
import { hash64Of } from '../../platform/hash.ts'
import { silentLog } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import { pseudonyms } from './pseudonyms.ts'
import { rowsOfNotice } from './notices.ts'
import type { Step } from './play.ts'

/**
 * The real intake, with a clock that is the world's: what is given at a step is logged at its end, then comes the tick. So the log is
 * what it would have been in real time, made as fast as the machine can.
 */
export interface Sender {
  /** Logs records of one step that ends at `at` (ms UTC), then what goes to the reference desk, then the tick. */
  readonly step: Step
  /** Waits until everything is stored; gives the last sequence of EVENTS, and the sequence of every tick. */
  end(): Promise<{ lastSeq: number; ticks: readonly { readonly seq: number; readonly at: number }[] }>
  readonly accepted: number
}

/** Steps that may be on their way to the server at a time. */
const ahead = 60

export async function createSender(
  nats: Nats,
  options: { from: number; tables?: ReferenceTables; ledgerEntries?: number },
): Promise<Sender> {
  let now = options.from
  let batches = 0
  const eventLog = createEventLog({ attemptMs: 60_000, withinMs: 900_000 }, { nats, log: silentLog })
  const ledger = new Ledger({ entries: options.ledgerEntries ?? 2_000_000 })
  const pending = new Set<PendingBatch>()
  const batcher = createBatcher(
    // The same bytes at each run: numbers by count, not by chance.
    { number: (feed) => hash64Of(`${feed} ${batches++}`) || 1n },
    { eventLog, ledger, pending, own: new Set() },
  )
  const intake = createIntake({
    pseudonyms,
    scanners: createScanners(pseudonyms),
    ledger,
    batcher,
    pending,
    rejectedLog: createRejectedLog({ eventLog, pseudonyms }),
    now: () => now,
  })
  await publishReferenceTables(options.tables ?? readReference(), {
    nats,
    eventLog,
    log: silentLog,
    now: () => now,
  })
  const ticks: { seq: number; at: number }[] = []
  const flying = new Set<Promise<unknown>>()
  let accepted = 0
  let failed: unknown

  const fly = (promise: Promise<unknown>): void => {
    const landed: Promise<unknown> = promise
      .catch((error: unknown) => (failed ??= error))
      .finally(() => flying.delete(landed))
    flying.add(landed)
  }
  const publish = (subject: string, message: object, id: string) =>
    eventLog.publish(subject, Buffer.from(JSON.stringify(message)), id)

  return {
    get accepted() {
      return accepted
    },
    async step(at, records, notices) {
      now = at
      for (const feed of feedNames) {
        const list = records[feed]
        if (list === undefined || list.length === 0) continue
        const bytes = Buffer.from(list.map((record) => JSON.stringify(record)).join('\n'))
        const found = findRecords(bytes, 'ndjson', list.length)
        if (typeof found === 'string') throw new Error(found)
        const taken = await intake.take(feed, worldSources[feed], bytes, found)
        accepted += taken.accepted
        fly(taken.stored())
      }
      batcher.flush()
      for (const [i, notice] of notices.entries())
        for (const { table, rows } of rowsOfNotice(notice))
          fly(publish('events.reference', { table, rows, loggedAt: at }, `ref:${at}:${i}`))
      const number = ticks.push({ seq: 0, at }) - 1
      fly(publish('events.tick', { at }, `tick:${at}`).then(({ seq }) => void (ticks[number] = { seq, at })))
      while (flying.size > ahead * 4) await Promise.race(flying)
      if (failed !== undefined) throw failed
    },
    async end() {
      while (flying.size > 0) await Promise.race(flying)
      if (failed !== undefined) throw failed
      eventLog.close()
      return { lastSeq: (await nats.jsm.streams.info('EVENTS')).state.last_seq, ticks }
    },
  }
}
