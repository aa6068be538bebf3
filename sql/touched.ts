import type { FeedName } from '../ingest/feeds/layout.ts'

/** A piece of the log. */
export interface Span {
  readonly logId: number
  /** Exclusive and inclusive log sequences. */
  readonly after: number
  readonly to: number
}

/** Throws RangeError unless the span is made of integers, which stand in the text of statements. */
export function checkSpan(span: Span): void {
  if (![span.logId, span.after, span.to].every(Number.isSafeInteger))
    throw new RangeError('A span is made of integers.')
}

/** Whole numbers stand in the text of the statements that this is a part of. */
export function batchesOf({ logId, after, to }: Span): string {
  return `
    SELECT batch FROM batches
    WHERE log_id = ${logId} AND log_seq > ${after} AND log_seq <= ${to} AND batch != 0`
}

/** The touched buckets of a feed: (site, hour). A corrected key touches every bucket that any of its rows lies in. */
export function bucketsOf(feed: FeedName, span: Span): string {
  const batches = batchesOf(span)
  return `
    SELECT site, hour FROM touched WHERE feed = '${feed}' AND site != '' AND batch IN (${batches})
    UNION DISTINCT
    SELECT site, toStartOfHour(at) FROM ${feed}
    WHERE site != '' AND event_key IN (
      SELECT corrected_key FROM touched WHERE feed = '${feed}' AND corrected_key != 0 AND batch IN (${batches})
    )`
}

/** A time zone as a literal. */
export function zoneText(timeZone: string): string {
  return `'${timeZone.replaceAll("'", "''")}'`
}
