import fc from 'fast-check'
import { describe } from 'vitest'
import { Type } from 'typebox'
import { hex64 } from '../../../platform/hash.ts'
import { defineDetector } from '../../../processors/detector.ts'
import { hotChains } from '../../../processors/engine/episodes.ts'
import { settled, type OracleFinding } from '../../oracle/oracle.ts'
import { day, eventKeyOf, minute, monday, type TestEvent } from '../../support/events.ts'
import { holdsTheLaw } from '../laws/holds-the-law.ts'

/** Two vehicles that pass cameras within `withinMs` of each other at `atLeast` passages of the first in a look-back. */
const pairs = defineDetector({
  id: 'pairs',
  key: 'vehicle',
  reads: ['sightings'],
  measure: 3,
  class: 'monitor',
  title: { en: 'Pairs', th: 'ทดสอบ' },
  reason: { en: 'A probe of the engine: passages near each other.', th: 'ทดสอบ' },
  params: Type.Object({
    withinMs: Type.Integer({ default: 5 * minute }),
    atLeast: Type.Integer({ default: 3 }),
    windowMs: Type.Integer({ default: day }),
  }),
  evidence: Type.Object({}),
  lookbackMs: ({ windowMs }) => windowMs,
  companions: ({ withinMs, atLeast }) => ({ withinMs, atLeast }),
  evaluate: ({ history, params: { withinMs, atLeast, windowMs }, company }) => {
    const together = company(-Infinity, Infinity).map(({ history: theirs }) =>
      history.where(
        (i) =>
          theirs.where(
            (j) => theirs.site(j) === history.site(i) && Math.abs(theirs.at(j) - history.at(i)) <= withinMs,
          ).length > 0,
      ),
    )
    return together.flatMap((passages) =>
      hotChains(
        passages.map((i) => history.at(i)),
        windowMs,
        atLeast,
      ).map(({ first, last }) => {
        const chain = passages.slice(first, last + 1)
        return {
          start: history.at(chain[0] as number),
          end: history.at(chain.at(-1) as number),
          site: '',
          events: chain.map((i) => history.event(i)),
          evidence: {},
        }
      }),
    )
  },
  severity: () => 'low',
  explain: () => '',
})

const event = fc.record<Omit<TestEvent, 'id'>>({
  feed: fc.constant('sightings'),
  at: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 8 })).map(([d, n]) => monday + d * day - 20 * minute + n * 4 * minute),
  site: fc.constantFrom('A', 'A', 'B'),
  vehicle: fc.constantFrom(0x5_0000_0001n, 0x2_0000_0001n, 0x2_0000_0002n, 0n),
}) // prettier-ignore

interface Params extends Readonly<Record<string, unknown>> {
  withinMs: number
  atLeast: number
  windowMs: number
}

/** Every pair, every start of a window: mark what lies in a full one, and cut where two neighbours share none. */
function twin(events: readonly TestEvent[], { withinMs, atLeast, windowMs }: Params): OracleFinding[] {
  const all = settled(events).filter(({ vehicle }) => vehicle)
  const names = [...new Set(all.map(({ vehicle }) => vehicle as bigint))]
  return names.flatMap((own) =>
    names
      .filter((other) => other > own)
      .flatMap((other) => {
        const near = (e: TestEvent): boolean =>
          all.some((o) => o.vehicle === other && o.site === e.site && Math.abs(o.at - e.at) <= withinMs)
        const passages = all.filter((e) => e.vehicle === own && near(e))
        const full = passages
          .map((from) => passages.filter((e) => e.at >= from.at && e.at <= from.at + windowMs))
          .filter((window) => window.length >= atLeast)
        const chains: TestEvent[][] = []
        for (const [i, e] of passages.entries()) {
          if (!full.some((window) => window.includes(e))) continue
          const before = passages[i - 1]
          const tied = before && full.some((window) => window.includes(e) && window.includes(before))
          if (tied) chains.at(-1)?.push(e)
          else chains.push([e])
        }
        return chains.map((chain) => ({
          rule: 'pairs',
          key: hex64(own),
          start: (chain[0] as TestEvent).at,
          end: (chain.at(-1) as TestEvent).at,
          events: chain.map((e) => hex64(eventKeyOf(e))),
        }))
      }),
  )
}

describe('the law of a detector of company', () => {
  holdsTheLaw({
    detector: pairs,
    params: { withinMs: 5 * minute, atLeast: 2, windowMs: day } satisfies Params,
    event,
    now: monday + 7 * day,
    twin,
  })
})
