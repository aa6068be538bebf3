import fc from 'fast-check'
import { describe } from 'vitest'
import { Type } from 'typebox'
import { hex64 } from '../../../platform/hash.ts'
import { defineDetector } from '../../../processors/detector.ts'
import { settled } from '../../oracle/oracle.ts'
import { eventKeyOf, hour, monday, type TestEvent } from '../../support/events.ts'
import { holdsTheLaw } from '../laws/holds-the-law.ts'

/** A traveller whose vehicle passes a camera within `withinMs` of the crossing, before or after. */
const seenNear = defineDetector({
  id: 'seen-near',
  key: 'traveller',
  reads: ['crossings', 'sightings'],
  follows: 'vehicle',
  measure: 3,
  class: 'monitor',
  title: { en: 'Seen near', th: 'ทดสอบ' },
  reason: { en: 'A probe of the engine: trails of vehicles.', th: 'ทดสอบ' },
  params: Type.Object({ withinMs: Type.Integer({ default: 3 * hour }) }),
  evidence: Type.Object({}),
  lookbackMs: ({ withinMs }) => withinMs,
  evaluate: ({ history, params: { withinMs }, trail }) =>
    history
      .where((i) => history.feed(i) === 'crossings' && history.linked(i) !== '')
      .flatMap((i) => {
        const seen = trail(history.linked(i), history.at(i) - withinMs, history.at(i) + withinMs)
        const sightings = seen.where((n) => seen.feed(n) === 'sightings')
        if (sightings.length === 0) return []
        return {
          start: history.at(i),
          end: history.at(i),
          site: '',
          events: [history.event(i), ...sightings.map((n) => seen.event(n))],
          evidence: {},
        }
      }),
  severity: () => 'low',
  explain: () => '',
})

const vehicle = fc.constantFrom(0x5_0000_0001n, 0x6_0000_0002n, 0n)
const event = fc.oneof(
  fc.record<Omit<TestEvent, 'id'>>({
    feed: fc.constant('crossings'),
    at: fc.nat({ max: 60 }).map((n) => monday + n * hour),
    traveller: fc.constantFrom(0x1_0000_0001n, 0x2_0000_0002n, 0x3_0000_0003n, 0n),
    vehicle,
  }),
  fc.record<Omit<TestEvent, 'id'>>({
    feed: fc.constant('sightings'),
    at: fc.nat({ max: 60 }).map((n) => monday + n * hour),
    vehicle,
  }),
)

describe('the law of a detector that follows vehicles', () => {
  holdsTheLaw({
    detector: seenNear,
    params: { withinMs: 3 * hour },
    event,
    now: monday + 61 * hour,
    twin: (events, { withinMs }) => {
      const all = settled(events)
      return all.flatMap((crossing) => {
        if (crossing.feed !== 'crossings' || !crossing.traveller || !crossing.vehicle) return []
        const seen = all.filter(
          (e) =>
            e.feed === 'sightings' &&
            e.vehicle === crossing.vehicle &&
            Math.abs(e.at - crossing.at) <= withinMs,
        )
        if (seen.length === 0) return []
        return {
          rule: 'seen-near',
          key: hex64(crossing.traveller),
          start: crossing.at,
          end: crossing.at,
          events: [crossing, ...seen].map((e) => hex64(eventKeyOf(e))),
        }
      })
    },
  })
})
