import { addDays, dateOf, startOf } from './local-day.ts'

/** Instants, ms UTC; the end exclusive. */
export interface Instants {
  readonly from: number
  readonly to: number
}

/** What a query reads: whole local days, and spans of hours (seconds UTC) for the rest. */
export interface Reading {
  readonly days: string[]
  readonly hoursFrom: number[]
  readonly hoursTo: number[]
}

const hourMs = 3_600_000

/**
 * How the records of some spans are read, each hour once and none that begins in a span of `skip`: the days that lie in each span wholly or
 * not at all as days, unless `wholeDays` is false; everything else by the hour.
 */
export function readingOf(
  spans: readonly Instants[],
  { zone, skip = [], wholeDays }: { zone: string; skip?: readonly Instants[]; wholeDays: boolean },
): Reading {
  const days: string[] = []
  const hours: Instants[] = []
  const read = (from: number, to: number): void => {
    const last = hours.at(-1)
    if (last !== undefined && last.to === from) hours[hours.length - 1] = { from: last.from, to }
    else hours.push({ from, to })
  }
  for (const piece of piecesOf(spans, skip)) {
    if (!wholeDays) {
      read(piece.from, piece.to)
      continue
    }
    let at = piece.from
    let date = dateOf(at, zone)
    while (at < piece.to) {
      const next = startOf(addDays(date, 1), zone)
      const end = Math.min(onHour(next), piece.to)
      if (at <= onHour(startOf(date, zone)) && end >= onHour(next)) days.push(date)
      else read(at, end)
      at = end
      date = addDays(date, 1)
    }
  }
  return {
    days,
    hoursFrom: hours.map(({ from }) => from / 1000),
    hoursTo: hours.map(({ to }) => to / 1000),
  }
}

/** The hours of any of the spans without the skipped ones, cut at every end of a span, so that each piece lies in a span or does not. */
function piecesOf(spans: readonly Instants[], skip: readonly Instants[]): Instants[] {
  const cuts = [...new Set([...spans, ...skip].flatMap(({ from, to }) => [onHour(from), onHour(to)]))].sort(
    (a, b) => a - b,
  )
  const holds = (within: readonly Instants[], at: number): boolean =>
    within.some(({ from, to }) => onHour(from) <= at && at < onHour(to))
  return cuts
    .slice(0, -1)
    .map((from, i) => ({ from, to: cuts[i + 1] as number }))
    .filter(({ from }) => holds(spans, from) && !holds(skip, from))
}

/** The first hour that begins at an instant or after it. */
function onHour(at: number): number {
  return Math.ceil(at / hourMs) * hourMs
}
