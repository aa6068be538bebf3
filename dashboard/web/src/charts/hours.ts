import type { Feed } from '../../../api/shapes.ts'
import type { SeriesRow } from './explore-data.ts'

/** Counts of one feed in the 24 hours that end at `end` (ms UTC, a whole hour), oldest first; empty while unknown. */
export function hoursOf(rows: readonly SeriesRow[] | undefined, feed: Feed, end: number): number[] {
  if (rows === undefined) return []
  const hours = Array.from({ length: 24 }, () => 0)
  for (const { label, time, value } of rows) {
    if (label !== feed) continue
    const hour = 23 - Math.floor((end - 1 - time) / 3_600_000)
    if (hour >= 0 && hour < 24) hours[hour] = (hours[hour] as number) + value
  }
  return hours
}
