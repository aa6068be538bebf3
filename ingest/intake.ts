import type { PendingBatch, PendingBatches, Batcher } from './intake/batches.ts'
import { judge } from './intake/judge.ts'
import type { Ledger } from './intake/ledger.ts'
import type { Pseudonyms } from './intake/pseudonyms.ts'
import { refuse, type Reason, type Refusal } from './intake/reasons.ts'
import type { RejectedLog } from './intake/rejected-log.ts'
import type { Records } from './intake/decode.ts'
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

/** Verdicts in the order of the records. They hold once `stored` has resolved; when it rejects, none of them does. */
export interface Taken {
  readonly verdicts: readonly Verdict[]
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  /** Resolves when everything that the verdicts rest on is stored; rejects with StoreUnavailable. */
  readonly stored: () => Promise<void>
}

export interface IntakeDeps {
  readonly pseudonyms: Pseudonyms
  readonly ledger: Ledger
  readonly batcher: Batcher
  readonly pending: PendingBatches
  readonly rejectedLog: RejectedLog
  /** ms UTC. */
  readonly now: () => number
  readonly onRejected?: (feed: FeedName, reason: Reason) => void
}

/** The one way in, whatever brought the bytes: judge each record, ask the ledger, put it into a batch. */
export interface Intake {
  take(feed: FeedName, source: string, bytes: Buffer, records: Records): Promise<Taken>
}

/** Records judged in one go before other requests get their turn. */
const stride = 500

export function createIntake(deps: IntakeDeps): Intake {
  const { ledger, batcher, pending, rejectedLog, pseudonyms } = deps

  return {
    take: async (feed, source, bytes, { count, bounds }) => {
      const context = { source, now: deps.now(), pseudonyms }
      const verdicts: Verdict[] = []
      const waits = new Set<PendingBatch>()
      const refused: Promise<void>[] = []
      let accepted = 0
      let duplicate = 0
      let waitsForPending = false

      const reject = (id: string, refusal: Refusal, start: number, end: number): void => {
        verdicts.push({ verdict: 'rejected', id, ...refusal })
        deps.onRejected?.(feed, refusal.reason)
        const stored = rejectedLog.add(feed, source, id, refusal, bytes.subarray(start, end), context.now)
        stored.catch(() => {})
        refused.push(stored)
      }

      for (let i = 0; i < count; i++) {
        if (i > 0 && i % stride === 0) {
          await new Promise<void>((resolve) => setImmediate(resolve))
          waitsForPending = false
        }
        const start = bounds[i * 2] as number
        const end = bounds[i * 2 + 1] as number
        const judged = judge(feed, bytes, start, end, context)
        if ('reason' in judged) {
          const { id, reason, field, fix } = judged
          reject(id, { reason, field, fix }, start, end)
          continue
        }
        const claim = ledger.claim(judged.keyHi, judged.keyLo, judged.revision, judged.fingerprint)
        if (claim === 'first' || claim === 'correction') {
          accepted++
          verdicts.push({ verdict: 'accepted', id: judged.id })
          waits.add(batcher.add(feed, judged))
          continue
        }
        // What is known may still be on its way: then this verdict stands or falls with it.
        if (!waitsForPending) for (const batch of pending) if (batch.feed === feed) waits.add(batch)
        waitsForPending = true
        if (claim === 'reused') {
          reject(judged.id, refuse('id-reused', 'id'), start, end)
        } else {
          duplicate++
          verdicts.push({ verdict: 'duplicate', id: judged.id })
        }
      }
      const outcome = Promise.allSettled([...refused, ...[...waits].map((batch) => batch.stored)])
      return {
        verdicts,
        accepted,
        duplicate,
        rejected: count - accepted - duplicate,
        stored: async () => {
          const failed = (await outcome).find((one) => one.status === 'rejected')
          if (failed !== undefined) throw failed.reason
        },
      }
    },
  }
}
