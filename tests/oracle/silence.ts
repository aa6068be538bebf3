import { settled, type OracleFinding } from './oracle.ts'
import type { TestEvent } from '../support/events.ts'

const hour = 3_600_000
const week = 168 * hour

/**
 * Silence of sites and sources that send records, none of them ever closed: lay the hours with events side by side and ask of each
 * two that follow one another, and of the last, whether the weeks before would have filled what lies between.
 */
export function silence(
  events: readonly TestEvent[],
  params: {
    readonly weeks: number
    readonly weeksAtLeast: number
    readonly expectedAtLeast: number
    readonly silentMs: number
    readonly longestMs: number
  },
  now: number,
): OracleFinding[] {
  const all = settled(events)
  const keys = new Map<string, TestEvent[]>()
  for (const event of all) {
    const counts = event.feed !== 'crossings' || event.direction !== undefined
    if (!counts) continue
    const names = event.feed === 'registrations' ? [] : [event.site ?? 'S1']
    for (const key of [...names, `source:${event.source ?? 'test'}`])
      keys.set(key, [...(keys.get(key) ?? []), event])
  }
  return [...keys].flatMap(([key, own]) => {
    const hours = own.map(({ at }) => Math.floor(at / hour) * hour)
    const reported = [...new Set(hours)].sort((a, b) => a - b)
    const countOf = (at: number): number => hours.filter((one) => one === at).length
    return reported.flatMap((last, i): OracleFinding[] => {
      const next = reported[i + 1] ?? Infinity
      const before = reported.filter((at) => at <= last && at > last - params.weeks * week)
      const known = Math.max(0, ...before.map((at) => Math.floor((last - at) / week) + 1))
      if (known < params.weeksAtLeast) return []
      let due = 0
      for (let at = last + hour; at < Math.min(next, last + params.longestMs); at += hour) {
        const same = Array.from({ length: 20 }, (_, n) => at - (n + 1) * week)
          .filter((t) => t <= last && t > last - known * week)
          .map(countOf)
          .sort((a, b) => a - b)
        const counted = same.length >= 3 ? same.slice(0, -1) : same
        due += counted.reduce((sum, count) => sum + count, 0) / counted.length
        if (due < params.expectedAtLeast - 1e-9 || at - last < params.silentMs) continue
        if (at + hour > now) return []
        const end = next <= last + params.longestMs ? next : at + hour
        return [{ rule: 'silence', key, start: last + hour, end, events: [] }]
      }
      return []
    })
  })
}
