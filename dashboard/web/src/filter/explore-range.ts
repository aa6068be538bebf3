import { addDays, localDay, startOfDay } from '../format/zone.ts'
import { bucketStarts } from './bucket-starts.ts'
import type { Comparison, ExploreFilter, Interval } from './explore.ts'
import { autoGrain, type Range } from './range.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000

/** The span that a filter asks for when it is `now`, widened to whole buckets. */
export function exploreRange(
  { span, custom, grain }: Pick<ExploreFilter, 'span' | 'custom' | 'grain'>,
  now: number,
  zone: string,
): Range & { readonly starts: readonly number[] } {
  const nextHour = (Math.floor(now / hourMs) + 1) * hourMs
  const today = localDay(now, zone)
  const tomorrow = startOfDay(addDays(today, 1), zone)
  const days = { '24h': 1, '7d': 7, '30d': 30, '90d': 90, '1y': 365, custom: 7 }[span]
  const asked =
    custom !== null
      ? custom
      : days <= 7
        ? { from: nextHour - days * dayMs, to: nextHour }
        : { from: startOfDay(addDays(today, 1 - days), zone), to: tomorrow }
  const width = grain === 'auto' ? autoGrain(asked.to - asked.from) : grain
  const { starts, end } = bucketStarts({ ...asked, grain: width }, zone)
  return { from: starts[0] ?? asked.from, to: end, grain: width, starts }
}

/**
 * What a span is compared with: the one before it, or (week) as many whole weeks before as it takes not to overlap, so that
 * weekdays meet. Its buckets stand beside those of the span one by one. null: nothing.
 */
export function comparedWith(range: Range, compare: Comparison, zone: string): Interval | null {
  if (compare === 'none') return null
  const { from, to, grain } = range
  if (grain === 'month' && compare === 'previous') {
    const { starts } = bucketStarts(range, zone)
    return { from: monthsBefore(from, starts.length, zone), to: from }
  }
  const length = to - from
  const shiftDays =
    compare === 'week'
      ? 7 * Math.ceil(length / (7 * dayMs))
      : grain === 'hour'
        ? null
        : Math.round(length / dayMs)
  if (shiftDays === null) return { from: from - length, to: from }
  return { from: daysBefore(from, shiftDays, zone), to: daysBefore(to, shiftDays, zone) }
}

/** Starts of the buckets of a compared span. */
export function comparedStarts(before: Interval, grain: Range['grain'], zone: string): readonly number[] {
  return bucketStarts({ ...before, grain }, zone).starts
}

function daysBefore(at: number, days: number, zone: string): number {
  const day = localDay(at, zone)
  return startOfDay(addDays(day, -days), zone) + (at - startOfDay(day, zone))
}

function monthsBefore(at: number, months: number, zone: string): number {
  const day = localDay(at, zone)
  const total = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - months
  return startOfDay(`${Math.floor(total / 12)}-${String((total % 12) + 1).padStart(2, '0')}-01`, zone)
}

/** Whether spans cover all of another. */
export function covers(spans: readonly Interval[], { from, to }: Interval): boolean {
  let reached = from
  for (const span of [...spans].sort((a, b) => a.from - b.from))
    if (span.from <= reached) reached = Math.max(reached, span.to)
  return reached >= to
}
