import { addDays, localDay, startOfDay, zoneOffsetMs } from '../format/zone.ts'
import type { Formats } from '../format/format.ts'

/**
 * A time axis in a named zone. Vega knows the browser's zone and UTC only, so instants are shifted (their UTC fields read
 * as local time) and the ticks with their labels come from here.
 */
export interface TimeAxis {
  /** Shifted instants of the ticks. */
  readonly values: number[]
  /** Label by shifted instant. */
  readonly labels: Record<string, string>
}

const hour = 3_600_000
const day = 24 * hour
const steps = [
  { ms: hour / 12 },
  { ms: hour / 4 },
  { ms: hour / 2 },
  { ms: hour },
  { ms: 2 * hour },
  { ms: 3 * hour },
  { ms: 6 * hour },
  { ms: 12 * hour },
  { days: 1 },
  { days: 2 },
  { days: 7 },
  { days: 14 },
  { months: 1 },
  { months: 3 },
  { months: 6 },
  { months: 12 },
] as const

export function shifted(at: number, zone: string): number {
  return at + zoneOffsetMs(at, zone)
}

/** At most `most` ticks in [from, to] (ms UTC) at round local times. */
export function timeAxis(from: number, to: number, formats: Formats, most: number): TimeAxis {
  const { zone } = formats
  const length = to - from
  const step =
    steps.find((candidate) => length / lengthOf(candidate) <= Math.max(2, most)) ?? ({ months: 24 } as const)
  const stepMs = lengthOf(step)
  const ticks: number[] = []
  if ('ms' in step) {
    const origin = startOfDay(localDay(from, zone), zone)
    for (let at = origin; at <= to; at += step.ms) if (at >= from) ticks.push(at)
  } else {
    let date = firstDay(localDay(from, zone), step)
    for (let at = startOfDay(date, zone); at <= to; at = startOfDay(date, zone)) {
      if (at >= from) ticks.push(at)
      date = 'days' in step ? addDays(date, step.days) : addMonths(date, step.months)
    }
  }
  const values = ticks.map((at) => shifted(at, zone))
  const labels = Object.fromEntries(ticks.map((at, i) => [String(values[i]), formats.axis(at, stepMs)]))
  return { values, labels }
}

/**
 * Instants for the values of an axis, or the domain of a scale. Vega-lite wraps plain ones as `datetime(…)`, and
 * vega-interpreter takes a number there for a year (2.3.2): text is read rightly by both. A domain is written out, since
 * vega-lite does not wrap that of an x2 and would see two domains.
 */
function iso(shiftedAt: number): string {
  return new Date(shiftedAt).toISOString()
}
export function domainOf(...shiftedAts: readonly number[]): { signal: string }[] {
  return shiftedAts.map((at) => ({ signal: `datetime("${iso(at)}")` }))
}

/** The axis and the parameter that a spec takes from a {@link TimeAxis}. */
export function axisOf(axis: TimeAxis, name = 'tickLabels') {
  return {
    param: { name, value: axis.labels },
    axis: {
      title: null,
      values: axis.values.map(iso),
      labelExpr: `${name}[toString(toNumber(datum.value))]`,
      labelOverlap: true,
      labelFlush: false,
    },
  }
}

type Step = (typeof steps)[number] | { readonly months: 24 }

function lengthOf(step: Step): number {
  return 'ms' in step ? step.ms : 'days' in step ? step.days * day : step.months * 30.4 * day
}

function firstDay(date: string, step: Exclude<Step, { ms: number }>): string {
  if ('months' in step) {
    const month = Number(date.slice(5, 7)) - 1
    const first = Math.floor(month / Math.min(step.months, 12)) * Math.min(step.months, 12)
    return `${date.slice(0, 4)}-${String(first + 1).padStart(2, '0')}-01`
  }
  // Weeks start on Monday; other spans of days count from there too, so that ticks stay when the span moves.
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
  return step.days === 1 ? date : addDays(date, -weekday)
}

function addMonths(date: string, months: number): string {
  const total = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months
  return `${Math.floor(total / 12)}-${String((total % 12) + 1).padStart(2, '0')}-01`
}
