import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { byTraveller, settled, type OracleFinding } from './oracle.ts'

/** Release surge: find the entries after an entry, traveller by traveller; then, site by site, mark who is in a span that is full. */
export function releaseSurge(
  events: readonly TestEvent[],
  params: {
    readonly windowMs: number
    readonly atLeast: number
    readonly timesUsual: number
    readonly baselineMs: number
    readonly unmatchedMs: number
  },
): OracleFinding[] {
  const crossed = settled(events).filter(
    (e) => e.feed === 'crossings' && e.direction !== 'check' && e.outcome !== 'refused',
  )
  const unmatched = [...byTraveller(crossed)].flatMap(([, own]) =>
    own.filter((entry, i) => {
      const before = own[i - 1]
      return (
        (entry.direction ?? 'entry') === 'entry' &&
        before !== undefined &&
        (before.direction ?? 'entry') === 'entry' &&
        entry.at - before.at <= params.unmatchedMs
      )
    }),
  )
  return [...Map.groupBy(unmatched, ({ site }) => site ?? 'S1')].flatMap(([key, at]) => {
    const own = at.sort((a, b) => a.at - b.at || (eventKeyOf(a) < eventKeyOf(b) ? -1 : 1))
    const joined = own.map(() => false)
    const hot = own.map(() => false)
    for (const first of own) {
      const inside = own.map((e) => e.at >= first.at && e.at <= first.at + params.windowMs)
      const count = inside.filter(Boolean).length
      if (count < params.atLeast || count < params.timesUsual * usualBefore(own, first.at)) continue
      for (const [i] of own.entries())
        if (inside[i]) {
          hot[i] = true
          joined[i] ||= inside[i - 1] === true
        }
    }
    const findings: TestEvent[][] = []
    for (const [i, event] of own.entries()) {
      if (!hot[i]) continue
      if (joined[i]) findings.at(-1)?.push(event)
      else findings.push([event])
    }
    return findings.map((list) => ({
      rule: 'release-surge',
      key,
      start: (list[0] as TestEvent).at,
      end: (list.at(-1) as TestEvent).at,
      events: list.map((event) => hex64(eventKeyOf(event))),
    }))
  })

  function usualBefore(own: readonly TestEvent[], at: number): number {
    const counts: number[] = []
    for (let end = at; end - params.windowMs >= at - params.baselineMs; end -= params.windowMs)
      counts.push(own.filter((e) => e.at >= end - params.windowMs && e.at < end).length)
    return counts.sort((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0
  }
}
