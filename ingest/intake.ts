import type { PendingBatch, PendingBatches, Batcher } from './intake/batches.ts'
import { judge, type Row } from './intake/judge.ts'
import type { Ledger } from './intake/ledger.ts'
import type { Pseudonyms } from './intake/pseudonyms.ts'
import { refuse, type Reason, type Refusal } from './intake/reasons.ts'
import type { RejectedLog } from './intake/rejected-log.ts'
import type { Records } from './intake/decode.ts'
import type { RowScanner } from './intake/scan/row-scanner.ts'
import type { FeedName } from './feeds/layout.ts'

/** What became of a record. `id` is empty when the record has none that fits; `field` when it is the record as a whole. */
export type Verdict =
  | { readonly verdict: 'accepted'; readonly id: string }
  /** This record, or a later revision of it, is stored already. */
  | { readonly verdict: 'duplicate'; readonly id: string }
  | {
      readonly verdict: 'rejected'
      readonly id: string
      readonly reason: Reason
      readonly field: string
      readonly fix: string
    }

/** What became of the records of a request. It holds once `stored` has resolved; when that rejects, none of it does. */
export interface Taken {
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  /** Every verdict, in the order of the records. */
  verdicts(): Verdict[]
  /** The verdicts of rejected records alone, by index, ascending. */
  readonly rejections: ReadonlyMap<number, Verdict>
  /** Resolves when everything that the verdicts rest on is stored; rejects with StoreUnavailable. */
  readonly stored: () => Promise<void>
}

export interface IntakeDeps {
  readonly pseudonyms: Pseudonyms
  /** Of each feed its scanner; a process needs no more than one set. */
  readonly scanners: Readonly<Record<FeedName, RowScanner>>
  readonly ledger: Ledger
  readonly batcher: Batcher
  readonly pending: PendingBatches
  readonly rejectedLog: RejectedLog
  /** ms UTC. */
  readonly now: () => number
  readonly onRejected?: (feed: FeedName, reason: Reason) => void
}

/** The one way in, whatever brought the bytes: scan each record or judge it, ask the ledger, put it into a batch. */
export interface Intake {
  take(feed: FeedName, source: string, bytes: Buffer, records: Records): Promise<Taken>
}

/** Records judged in one go before other requests get their turn. */
const stride = 500

export function createIntake(deps: IntakeDeps): Intake {
  const { ledger, batcher, pending, rejectedLog, scanners } = deps

  return {
    take: async (feed, source, bytes, { count, bounds }) => {
      const context = { source, now: deps.now(), pseudonyms: deps.pseudonyms }
      const scanner = scanners[feed]
      const duplicates = new Set<number>()
      const rejections = new Map<number, Verdict>()
      /** Where the ids of scanned records lie; of the others, which ids the judge has read. */
      const idBounds = new Int32Array(count * 2)
      const ids = new Map<number, string>()
      const waits = new Set<PendingBatch>()
      const refused: Promise<void>[] = []
      let accepted = 0
      let waitsForPending = false
      let last: PendingBatch | undefined

      const reject = (index: number, id: string, refusal: Refusal): void => {
        rejections.set(index, { verdict: 'rejected', id, ...refusal })
        deps.onRejected?.(feed, refusal.reason)
        const original = bytes.subarray(bounds[index * 2], bounds[index * 2 + 1])
        const stored = rejectedLog.add(feed, source, id, refusal, original, context.now)
        stored.catch(() => {})
        refused.push(stored)
      }
      const idOf = (index: number): string =>
        ids.get(index) ?? bytes.toString('latin1', idBounds[index * 2], idBounds[index * 2 + 1])

      for (let i = 0; i < count; i++) {
        if (i % stride === 0) {
          if (i > 0) await new Promise<void>((resolve) => setImmediate(resolve))
          waitsForPending = false
          scanner.begin(source, context.now)
        }
        const start = bounds[i * 2] as number
        const end = bounds[i * 2 + 1] as number
        let row: RowScanner | Row = scanner
        if (scanner.scan(bytes, start, end)) {
          idBounds[i * 2] = scanner.idStart
          idBounds[i * 2 + 1] = scanner.idEnd
        } else {
          const judged = judge(feed, bytes, start, end, context)
          if ('reason' in judged) {
            const { id, reason, field, fix } = judged
            reject(i, id, { reason, field, fix })
            continue
          }
          ids.set(i, judged.id)
          row = judged
        }
        const claim = ledger.claim(row.keyHi, row.keyLo, row.revision, row.fingerprint)
        if (claim === 'first' || claim === 'correction') {
          accepted++
          const batch = batcher.add(feed, row, bytes)
          if (batch !== last) waits.add(batch)
          last = batch
          continue
        }
        // What is known may still be on its way: then this verdict stands or falls with it.
        if (!waitsForPending) for (const batch of pending) if (batch.feed === feed) waits.add(batch)
        waitsForPending = true
        if (claim === 'reused') reject(i, idOf(i), refuse('id-reused', 'id'))
        else duplicates.add(i)
      }
      const outcome = Promise.allSettled([...refused, ...[...waits].map((batch) => batch.stored)])
      return {
        accepted,
        duplicate: duplicates.size,
        rejected: rejections.size,
        rejections,
        verdicts: () =>
          Array.from(
            { length: count },
            (_, i) =>
              rejections.get(i) ?? { verdict: duplicates.has(i) ? 'duplicate' : 'accepted', id: idOf(i) },
          ),
        stored: async () => {
          const failed = (await outcome).find((one) => one.status === 'rejected')
          if (failed !== undefined) throw failed.reason
        },
      }
    },
  }
}
