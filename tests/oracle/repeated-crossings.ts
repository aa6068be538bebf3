import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { byTraveller, settled, type OracleFinding } from './oracle.ts'

export type RepeatedCrossingsParams = {
  readonly windowMs: number
  readonly atLeast: number
  readonly documentTypes: readonly string[]
  readonly passAtLeast?: Readonly<Record<string, number>>
  readonly timesUsual?: number
  readonly baselineMs?: number
}

/** Repeated crossings: mark who is hot and who shares a span with the next, span by span; then read off the chains. */
export function repeatedCrossings(
  events: readonly TestEvent[],
  {
    windowMs,
    atLeast,
    documentTypes,
    passAtLeast = {},
    timesUsual = 2,
    baselineMs = 0,
  }: RepeatedCrossingsParams,
): OracleFinding[] {
  const crossings = settled(events).filter((e) => e.feed === 'crossings' && e.direction !== 'check')
  const kinds = Object.keys(passAtLeast).filter((pass) => !documentTypes.includes(pass))
  return [...byTraveller(crossings)].flatMap(([traveller, own]) => {
    const of = (types: readonly string[]): TestEvent[] =>
      own.filter(({ documentType }) => types.includes(documentType ?? 'passport'))
    return [
      ...chainsOf(of(documentTypes), () => atLeast),
      ...kinds.flatMap((pass) => {
        const crossed = of([pass])
        return chainsOf(crossed, (at) => {
          const usual = usualBefore(crossed, at)
          return Math.max(passAtLeast[pass] ?? 0, usual * timesUsual + 1e-9)
        })
      }),
    ].map((chain) => ({
      rule: 'repeated-crossings',
      key: hex64(traveller),
      start: Math.min(...chain.map(({ at }) => at)),
      end: Math.max(...chain.map(({ at }) => at)),
      events: chain.map((e) => hex64(eventKeyOf(e))),
    }))
  })

  /** Day by day backwards: how many crossings each held; the middle one of those that are not 0. */
  function usualBefore(crossed: readonly TestEvent[], at: number): number {
    const counts: number[] = []
    for (let end = at; end - windowMs >= at - baselineMs; end -= windowMs)
      counts.push(crossed.filter((e) => e.at >= end - windowMs && e.at < end).length)
    const active = counts.filter((count) => count > 0).sort((a, b) => a - b)
    return active.length === 0 ? 0 : (active[Math.floor(active.length / 2)] as number)
  }

  function chainsOf(own: readonly TestEvent[], neededAt: (at: number) => number): TestEvent[][] {
    const hot = own.map(() => false)
    const tied = own.map(() => false)
    for (const first of own) {
      const inside = own.map(({ at }) => at >= first.at && at <= first.at + windowMs)
      if (inside.filter(Boolean).length < neededAt(first.at)) continue
      for (const [i] of own.entries()) {
        if (!inside[i]) continue
        hot[i] = true
        if (inside[i + 1]) tied[i] = true
      }
    }
    const chains: TestEvent[][] = []
    for (const [i, event] of own.entries()) {
      if (!hot[i]) continue
      if (i > 0 && hot[i - 1] && tied[i - 1]) chains.at(-1)?.push(event)
      else chains.push([event])
    }
    return chains
  }
}
