import { addDays, localDay, startOfDay } from '../format/zone.ts'
import type { Grain, OverviewFilter } from './filter.ts'

export interface Range {
  /** ms UTC; `to` is exclusive. */
  readonly from: number
  readonly to: number
  readonly grain: Grain
}

const hourMs = 3_600_000
const dayMs = 86_400_000

/** The span that a filter asks for when it is `now`, on whole buckets, and the grain that fits it. */
export function rangeOf(
  filter: Pick<OverviewFilter, 'span' | 'from' | 'to' | 'grain'>,
  now: number,
  zone: string,
): Range {
  const { from, to } = bounds(filter, now, zone)
  return { from, to, grain: filter.grain === 'auto' ? autoGrain(to - from) : filter.grain }
}

/** Up to 9 days by hour, to 4 months by day, to 6 years by week, then by month. */
export function autoGrain(lengthMs: number): Grain {
  if (lengthMs <= 9 * dayMs) return 'hour'
  if (lengthMs <= 123 * dayMs) return 'day'
  if (lengthMs <= 6 * 366 * dayMs) return 'week'
  return 'month'
}

function bounds(
  { span, from, to }: Pick<OverviewFilter, 'span' | 'from' | 'to'>,
  now: number,
  zone: string,
): { from: number; to: number } {
  const nextHour = (Math.floor(now / hourMs) + 1) * hourMs
  const today = localDay(now, zone)
  const tomorrow = startOfDay(addDays(today, 1), zone)
  switch (span) {
    case '24h':
      return { from: nextHour - 24 * hourMs, to: nextHour }
    case '7d':
      return { from: nextHour - 7 * dayMs, to: nextHour }
    case '30d':
      return { from: startOfDay(addDays(today, -29), zone), to: tomorrow }
    case '5y':
      return { from: startOfDay(`${Number(today.slice(0, 4)) - 5}${monthDay(today)}`, zone), to: tomorrow }
    case 'custom':
      return { from: startOfDay(from ?? today, zone), to: startOfDay(addDays(to ?? today, 1), zone) }
  }
}

function monthDay(day: string): string {
  return day.slice(4) === '-02-29' ? '-02-28' : day.slice(4)
}
