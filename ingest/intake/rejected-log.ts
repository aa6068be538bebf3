import type { FeedName } from '../feeds/layout.ts'
import type { RejectedRecord } from '../feeds/log-subjects.ts'
import type { EventLog } from './event-log.ts'
import { recordLimitBytes } from './judge.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import type { Refusal } from './reasons.ts'

/** Keeps what was rejected, encrypted, so that it can be mended and sent again. */
export interface RejectedLog {
  /** Resolves when it is stored; rejects with StoreUnavailable. Of an oversized record the first 16 KiB are kept. */
  add(
    feed: FeedName,
    source: string,
    id: string,
    refusal: Refusal,
    original: Uint8Array,
    at: number,
  ): Promise<void>
}

/** Messages on their way to the server at a time; each is one record. */
const inFlight = 256

export function createRejectedLog(deps: { eventLog: EventLog; pseudonyms: Pseudonyms }): RejectedLog {
  const { eventLog, pseudonyms } = deps
  const waiting: (() => void)[] = []
  let sending = 0

  return {
    add: async (feed, source, id, { reason, field, fix }, original, at) => {
      if (sending >= inFlight) await new Promise<void>((resolve) => waiting.push(resolve))
      else sending++
      try {
        const record: RejectedRecord = {
          id,
          source,
          feed,
          at,
          reason,
          field,
          fix,
          sealed: pseudonyms.sealRecord(original.subarray(0, recordLimitBytes)),
        }
        // The id comes from the content: the same refusal sent again and again is kept once.
        const messageId = `r:${pseudonyms.idOf(feed, source, reason, original)}`
        await eventLog.publish(`rejected.${feed}`, Buffer.from(JSON.stringify(record)), messageId)
      } finally {
        // The place goes to the next in line, or back.
        const next = waiting.shift()
        if (next === undefined) sending--
        else next()
      }
    },
  }
}
