import { addDays, localDay, startOfDay } from '../format/zone.ts'
import type { Range } from './range.ts'

/**
 * Starts (ms UTC) of the buckets that meet a range: whole UTC hours, else local days, Mondays, firsts of months. The first
 * may lie before `from`. Also the end of the last bucket.
 */
export function bucketStarts({ from, to, grain }: Range, zone: string): { starts: number[]; end: number } {
  const starts: number[] = []
  if (grain === 'hour') {
    const hour = 3_600_000
    let at = Math.floor(from / hour) * hour
    for (; at < to; at += hour) starts.push(at)
    return { starts, end: at }
  }
  let day = localDay(from, zone)
  if (grain === 'week') day = addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
  if (grain === 'month') day = `${day.slice(0, 8)}01`
  let at = startOfDay(day, zone)
  while (at < to) {
    starts.push(at)
    day = grain === 'month' ? `${addDays(day, 31).slice(0, 8)}01` : addDays(day, grain === 'week' ? 7 : 1)
    at = startOfDay(day, zone)
  }
  return { starts, end: at }
}
