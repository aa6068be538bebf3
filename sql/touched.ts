import type { FeedName } from '../ingest/feeds/layout.ts'
import { insertSettings } from './statement.ts'
import type { Store } from './store.ts'

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

/** The touched buckets of a feed: (site, hour), each once. A corrected key touches every bucket that any of its rows lies in. */
function bucketsOf(feed: FeedName, span: Span): string {
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

/**
 * Notes the touched buckets of a feed under `run`, so that the statements of a recomputation find them without each looking for them again:
 * that was a quarter of what charts cost. A run that a crash cut short goes by the table's TTL.
 */
export async function noteBuckets(store: Store, feed: FeedName, span: Span, run: number): Promise<void> {
  await store.command(`
    INSERT INTO rollup_buckets (run, feed, site, hour)
    ${insertSettings(`buckets:${feed}:${span.logId}:${span.after}-${span.to}:${run}`)}
    SELECT ${run}, '${feed}', site, hour FROM (${bucketsOf(feed, span)})`)
}

/** The buckets that {@link noteBuckets} noted. */
export function notedBuckets(feed: FeedName, run: number): string {
  return `SELECT site, hour FROM rollup_buckets WHERE run = ${run} AND feed = '${feed}'`
}

/** Drops what a run noted, at its end. */
export async function forgetBuckets(store: Store, run: number): Promise<void> {
  await store.command(`ALTER TABLE rollup_buckets DROP PARTITION ${run}`)
}
