import type { Feed } from '../../../api/shapes.ts'
import type { VolumeColumns } from './buckets.ts'

/** Counts of one feed in the 24 hours that end at `end` (ms UTC, a whole hour), oldest first; empty while unknown. */
export function hoursOf(columns: VolumeColumns | undefined, feed: Feed, end: number): number[] {
  if (columns === undefined) return []
  const hours = Array.from({ length: 24 }, () => 0)
  for (let i = 0; i < columns.length; i++) {
    if (columns.feed[i] !== feed) continue
    const hour = 23 - Math.floor((end - 1 - (columns.time[i] as number)) / 3_600_000)
    if (hour >= 0 && hour < 24) hours[hour] = (hours[hour] as number) + (columns.count[i] as number)
  }
  return hours
}
