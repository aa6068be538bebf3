import { holidayOf, isOpen } from '../../ingest/reference/places.ts'
import type { Context, VolumeKind } from '../detector.ts'
import { unusual, type Unusual } from './unusual.ts'

const hour = 3_600_000
const day = 24 * hour
const week = 7 * day
const kinds = ['entry', 'exit', 'check', 'sighting'] as const satisfies readonly VolumeKind[]

/** An hour or a day that is unusual. end: exclusive, ms UTC. found.away: difference from what is usual. */
export interface Period {
  readonly grain: 'hour' | 'day'
  readonly start: number
  readonly end: number
  readonly direction: 'more' | 'fewer'
  readonly kind: (typeof kinds)[number]
  readonly found: Unusual & { readonly away: number }
}

/** Parameters of volume-anomaly.ts, which describes them. */
export type PeriodParams = Readonly<
  Record<
    | 'weeks'
    | 'weeksAtLeast'
    | 'hourAtLeast'
    | 'dayAtLeast'
    | 'ratioAtLeast'
    | 'spreadsAtLeast'
    | 'settleMs'
    | 'lateMs'
    | 'aroundHolidays'
    | 'utcOffsetMs',
    number
  >
>

/**
 * Finds the unusual hours or days of a site that touch [since, until]. What is not complete yet, or may still be late, is not said;
 * when to look again goes into `rechecks`.
 */
export function lookFor(
  context: Context<PeriodParams>,
  rechecks: { at: number; about: number }[],
): (grain: 'hour' | 'day', since: number, until: number) => Period[] {
  const { key, params, volumes, reference, now } = context
  const { firstHour, lastHour } = volumes
  const calm = holidays(context)
  const floorDay = (at: number): number =>
    Math.floor((at + params.utcOffsetMs) / day) * day - params.utcOffsetMs
  const open = (at: number): boolean => volumes.reported(at) && isOpen(reference, key, at)

  /** Days for which totals came and nothing by the hour. */
  const dayTotals = new Map<number, boolean>()
  const isDayTotal = (at: number): boolean => {
    if (volumes.origin === 'records') return false
    const start = floorDay(at)
    let total = dayTotals.get(start)
    if (total === undefined) {
      total = true
      for (let h = start; h < start + day; h += hour)
        total &&= kinds.every((kind) => volumes.count(kind, h) === 0)
      dayTotals.set(start, total)
    }
    return total
  }

  function unusualPeriod(grain: 'hour' | 'day', at: number): Period | undefined {
    // A day may begin before its first hour that was reported.
    if (at - params.weeksAtLeast * week + day < firstHour || !calm(at)) return undefined
    const lengthMs = grain === 'hour' ? hour : day
    // Of a day, only the hours that were reported, here and in what it is compared with: what is missing is a gap, not a drop.
    const parts: number[] = []
    for (let part = 0; part < lengthMs; part += hour) if (open(at + part)) parts.push(part)
    if (parts.length === 0) return undefined
    const totals = grain === 'day' && isDayTotal(at)
    const countAt = (kind: VolumeKind, when: number): number => {
      if (totals) return volumes.day(kind, when)
      let sum = 0
      for (const part of parts) sum += volumes.count(kind, when + part)
      return sum
    }
    const before: number[] = []
    for (let when = at - week; when >= at - params.weeks * week; when -= week)
      if (calm(when) && parts.some((part) => open(when + part))) before.push(when)
    if (before.length < params.weeksAtLeast) return undefined
    const floors = {
      difference: grain === 'hour' ? params.hourAtLeast : params.dayAtLeast,
      ratio: params.ratioAtLeast,
      spreads: params.spreadsAtLeast,
    }
    let furthest: Period | undefined
    for (const kind of kinds) {
      const everyDay = (): number[] =>
        Array.from({ length: params.weeks * 7 }, (_, n) => countAt(kind, at - (n + 1) * day))
      const count = countAt(kind, at)
      const counts = before.map((when) => countAt(kind, when))
      const found = unusual(count, counts, everyDay, floors)
      const away = found === undefined ? 0 : Math.abs(count - found.usual)
      if (found === undefined || away <= (furthest?.found.away ?? 0)) continue
      const direction = count > found.usual ? 'more' : 'fewer'
      furthest = { grain, start: at, end: at + lengthMs, direction, kind, found: { ...found, away } }
    }
    return furthest
  }

  return (grain, since, until) => {
    const found: Period[] = []
    const lengthMs = grain === 'hour' ? hour : day
    const first = Math.max(since, firstHour)
    const last = Math.min(until, lastHour)
    for (
      let at = grain === 'hour' ? Math.floor(first / hour) * hour : floorDay(first);
      at <= last;
      at += lengthMs
    ) {
      const [settled, late] = [at + lengthMs + params.settleMs, at + lengthMs + params.lateMs]
      if (settled > now) {
        rechecks.push({ at: settled, about: at })
        continue
      }
      if (grain === 'hour' && isDayTotal(at)) continue
      const period = unusualPeriod(grain, at)
      if (period === undefined) continue
      if (period.direction === 'fewer' && late > now) rechecks.push({ at: late, about: at })
      else found.push(period)
    }
    return found
  }
}

/** Periods of one direction that follow one another, each at most `withinMs` after the one before. */
export function chains(periods: readonly Period[], withinMs: number): Period[][] {
  const found: Period[][] = []
  const open = new Map<string, Period[]>()
  for (const period of periods) {
    const chain = open.get(period.direction)
    if (chain !== undefined && period.start - (chain.at(-1) as Period).start <= withinMs) chain.push(period)
    else {
      const fresh = [period]
      found.push(fresh)
      open.set(period.direction, fresh)
    }
  }
  return found
}

/** Whether neither the local day of an instant nor those around it are holidays. */
function holidays({ reference, params }: Context<PeriodParams>): (at: number) => boolean {
  const known = new Map<number, boolean>()
  const isHoliday = (number: number): boolean => {
    let is = known.get(number)
    if (is === undefined) {
      is = holidayOf(reference, dateOf(number)) !== undefined
      known.set(number, is)
    }
    return is
  }
  return (at) => {
    const number = Math.floor((at + params.utcOffsetMs) / day)
    for (let n = -params.aroundHolidays; n <= params.aroundHolidays; n++)
      if (isHoliday(number + n)) return false
    return true
  }
}

/** Dates of the days since 1970 that were asked for: making one costs more than all else about an hour that is as usual. */
const dates = new Map<number, string>()

function dateOf(number: number): string {
  let date = dates.get(number)
  if (date === undefined) dates.set(number, (date = new Date(number * day).toISOString().slice(0, 10)))
  return date
}
