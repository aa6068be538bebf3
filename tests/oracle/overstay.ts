import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { byTraveller, crossed, settled, type OracleFinding } from './oracle.ts'

export type OverstayParams = {
  readonly documentTypes: readonly string[]
  readonly graceMs: number
  readonly withinMs: number
}

/** Overstay: day by day from each entry, until the exit, the days are used up, or nothing is known. */
export function overstay(
  events: readonly TestEvent[],
  { documentTypes, graceMs, withinMs }: OverstayParams,
  now: number,
  daysOf: (entry: TestEvent) => number | undefined,
): OracleFinding[] {
  return [...byTraveller(settled(events).filter(crossed))].flatMap(([traveller, moves]) =>
    moves.flatMap((entry, i) => late(traveller, entry, moves.slice(i + 1))),
  )

  function late(traveller: bigint, entry: TestEvent, later: readonly TestEvent[]): OracleFinding[] {
    if (!documentTypes.includes(entry.documentType ?? 'passport') || entry.direction === 'exit') return []
    const days = daysOf(entry)
    if (days === undefined) return []
    // The day of the entry is the first.
    const midnight = new Date(entry.at + 7 * 3_600_000)
    midnight.setUTCHours(0, 0, 0, 0)
    for (let used = 0; used < days; used++) midnight.setUTCDate(midnight.getUTCDate() + 1)
    const due = midnight.getTime() - 7 * 3_600_000 + graceMs
    if (due > entry.at + withinMs) return []
    const next = later.find((e) => e.at <= entry.at + withinMs)
    if (next !== undefined && ((next.direction ?? 'entry') === 'entry' || next.at <= due)) return []
    if (next === undefined && now < due) return []
    const shown = next === undefined ? [entry] : [entry, next]
    return [
      {
        rule: 'overstay',
        key: hex64(traveller),
        start: entry.at,
        end: next?.at ?? due,
        events: shown.map((e) => hex64(eventKeyOf(e))),
      },
    ]
  }
}
