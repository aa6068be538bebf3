import { settled, type OracleFinding } from './oracle.ts'
import type { TestEvent } from '../support/events.ts'

const hour = 3_600_000
const week = 168 * hour

/**
 * Silence of sites and sources that send records: lay the hours with events side by side and ask of each two that follow one
 * another, and of the last, whether the weeks before would have filled what lies between.
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
  open: (key: string, at: number) => boolean = () => true,
): OracleFinding[] {
  const keys = new Map<string, Map<number, number>>()
  for (const event of settled(events)) {
    const names = event.feed === 'registrations' ? [] : [event.site ?? 'S1']
    const at = Math.floor(event.at / hour) * hour
    for (const key of [...names, `source:${event.source ?? 'test'}`]) {
      const counts = keys.get(key) ?? new Map<number, number>()
      keys.set(key, counts.set(at, (counts.get(at) ?? 0) + 1))
    }
  }
  return [...keys].flatMap(([key, counts]) => {
    const reported = [...counts.keys()].sort((a, b) => a - b)
    const countOf = (at: number): number => counts.get(at) ?? 0
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
        if (open(key, at)) due += counted.reduce((sum, count) => sum + count, 0) / counted.length
        if (due < params.expectedAtLeast - 1e-9 || at - last < params.silentMs) continue
        if (at + hour > now) return []
        const end = next <= last + params.longestMs ? next : at + hour
        return [{ rule: 'silence', key, start: last + hour, end, events: [] }]
      }
      return []
    })
  })
}
