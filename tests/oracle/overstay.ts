import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { settled, type OracleFinding } from './oracle.ts'

export type OverstayParams = {
  readonly documentTypes: readonly string[]
  readonly graceMs: number
  readonly withinMs: number
}

/** Overstay: day by day from each entry, until the exit, the days are used up, or nothing is known. */
export function overstay(
  events: readonly TestEvent[],
  daysOf: (entry: TestEvent) => number | undefined,
  { documentTypes, graceMs, withinMs }: OverstayParams,
  now: number,
): OracleFinding[] {
  const moves = settled(events).filter(
    (e) =>
      e.feed === 'crossings' &&
      e.direction !== 'check' &&
      e.outcome !== 'refused' &&
      e.outcome !== 'referred' &&
      (e.traveller ?? 0n) !== 0n,
  )
  return moves.flatMap((entry, i) => {
    if (!documentTypes.includes(entry.documentType ?? 'passport') || entry.direction === 'exit') return []
    const days = daysOf(entry)
    if (days === undefined) return []
    // The day of the entry is the first.
    const midnight = new Date(entry.at + 7 * 3_600_000)
    midnight.setUTCHours(0, 0, 0, 0)
    for (let used = 0; used < days; used++) midnight.setUTCDate(midnight.getUTCDate() + 1)
    const due = midnight.getTime() - 7 * 3_600_000 + graceMs
    if (due > entry.at + withinMs) return []
    const next = moves
      .slice(i + 1)
      .find((e) => e.traveller === entry.traveller && e.at <= entry.at + withinMs)
    if (next !== undefined && ((next.direction ?? 'entry') === 'entry' || next.at <= due)) return []
    if (next === undefined && now < due) return []
    const shown = next === undefined ? [entry] : [entry, next]
    return [
      {
        rule: 'overstay',
        key: hex64(entry.traveller as bigint),
        start: entry.at,
        end: next?.at ?? due,
        events: shown.map((e) => hex64(eventKeyOf(e))),
      },
    ]
  })
}
