import type { FeedName } from '../../ingest/feeds/layout.ts'
import { hash64Of } from '../../platform/hash.ts'
import { hourMs, monday, type TestRecord } from './log-fixture.ts'

/** What the charts must show, counted from the records one by one: another way than the SQL's. */
export function countedBuckets(
  published: ReadonlyMap<FeedName, readonly TestRecord[]>,
): Map<string, { count: number; people: number }> {
  const buckets = new Map<string, { count: number; people: number }>()
  for (const [feed, records] of published) {
    const newest = new Map<string, { record: TestRecord; version: bigint }>()
    for (const record of records) {
      const version = versionOf(record)
      const before = newest.get(record.id)
      if (before === undefined || version > before.version) newest.set(record.id, { record, version })
    }
    for (const { record } of newest.values()) {
      if (record.cancelled === true) continue
      const hour = Math.floor((record.at ?? monday) / hourMs) * hourMs
      const kind = feed === 'crossings' ? (record.direction ?? 'entry') : ''
      const key = [feed, record.site ?? 'S1', hour, kind].join(' ')
      const bucket = buckets.get(key) ?? { count: 0, people: 0 }
      bucket.count++
      bucket.people += feed === 'registrations' ? (record.people ?? 1) : 1
      buckets.set(key, bucket)
    }
  }
  return buckets
}

export function versionOf(record: TestRecord): bigint {
  return (BigInt(record.revision ?? 0) << 32n) | (hash64Of(JSON.stringify(record)) & 0xffffffffn)
}

/** Buckets of volumes_hourly that are not empty, in the same form. */
export const storedBuckets = `
  SELECT concat(feed, ' ', site, ' ', toString(toUnixTimestamp(hour) * 1000), ' ', kind) AS key, count, people
  FROM volumes_hourly FINAL WHERE origin = 'recomputed' AND count > 0`
