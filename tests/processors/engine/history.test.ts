import { expect, it } from 'vitest'
import { Type } from 'typebox'
import { defineDetector, type Detector } from '../../../processors/detector.ts'
import { createEngine } from '../../../processors/engine/engine.ts'
import type { History } from '../../../processors/engine/history.ts'
import { createRule } from '../../../processors/rule.ts'
import { batchesOf, hour, monday, type TestEvent } from '../../support/events.ts'

/** What a detector of `key` reads off the history of the one key that the events have. */
function seen<T>(
  key: 'traveller' | 'vehicle' | 'premises',
  events: readonly TestEvent[],
  read: (history: History) => T,
): T | undefined {
  let last: T | undefined
  const detector = defineDetector({
    id: 'probe',
    key,
    reads: ['crossings', 'sightings', 'registrations'],
    measure: 2,
    class: 'monitor',
    title: { en: 'Probe', th: 'ทดสอบ' },
    reason: { en: 'Reads what a history holds.', th: 'ทดสอบ' },
    params: Type.Object({}),
    evidence: Type.Object({}),
    lookbackMs: () => hour,
    evaluate: ({ history }) => {
      last = read(history)
      return []
    },
    severity: () => 'low',
    explain: () => '',
  })
  const rules = [createRule(detector as unknown as Detector)]
  const engine = createEngine({ slice: { index: 1, count: 1 }, rules, timeZone: 'Asia/Bangkok' })
  for (const [i, batch] of batchesOf(events).entries()) engine.take({ kind: 'batch', batch }, i + 1)
  return last
}

it('holds what a camera saw', () => {
  const sighting: TestEvent = {
    feed: 'sightings',
    id: '1',
    at: monday,
    source: 'CAMS',
    vehicle: 7n,
    confidence: 0.4,
    vehicleClass: 'truck',
    heading: 'to-border',
    make: 'Isuzu',
    colour: 'white',
  }
  const read = (h: History) => [
    h.feed(0),
    h.source(0),
    h.vehicleClass(0),
    h.heading(0),
    h.make(0),
    h.colour(0),
    h.nationality(0),
    h.room(0),
    Math.round(h.confidence(0) * 100),
  ]
  expect(seen('vehicle', [sighting], read)).toEqual([
    'sightings',
    'CAMS',
    'truck',
    'to-border',
    'Isuzu',
    'white',
    '',
    '',
    40,
  ])
})

it('holds what a document said, in either feed', () => {
  const both: TestEvent[] = [
    { feed: 'crossings', id: '1', at: monday, traveller: 7n, vehicle: 9n, nationality: 'LAO', declaredProvince: 'Tak', direction: 'exit', mode: 'rail', outcome: 'referred', documentType: 'crew' },
    { feed: 'registrations', id: '2', at: monday + hour, traveller: 7n, nationality: 'LAO', room: '12', documentType: 'passport' },
  ] // prettier-ignore
  const read = (h: History) =>
    [0, 1].map((i) => [
      h.feed(i),
      h.nationality(i),
      h.declaredProvince(i),
      h.room(i),
      h.direction(i),
      h.mode(i),
      h.outcome(i),
      h.documentType(i),
      h.linked(i),
      h.vehicleClass(i) + h.heading(i) + h.make(i) + h.colour(i),
    ])
  // Each change is evaluated by itself: the last one sees both.
  expect(seen('traveller', both, read)).toEqual([
    ['crossings', 'LAO', 'Tak', '', 'exit', 'rail', 'referred', 'crew', '0000000000000009', ''],
    ['registrations', 'LAO', '', '12', '', '', '', 'passport', '', ''],
  ])
})

it.each<[string, Partial<TestEvent>, boolean]>([
  ['a province does', { plateProvince: 'Tak', plateCountry: 'THA' }, true],
  ['a province alone does', { plateProvince: 'Tak' }, true],
  ['another country does', { plateCountry: 'MYS' }, true],
  ['one letter too', { plateCountry: 'D' }, true],
  ['Thailand alone does not', { plateCountry: 'THA' }, false],
  ['nothing does not', {}, false],
])('says whether a plate has an issuer: %s', (_, plate, expected) => {
  const sighting: TestEvent = { feed: 'sightings', id: '1', at: monday, vehicle: 7n, ...plate }
  expect(seen('vehicle', [sighting], (history) => history.issuerKnown(0))).toBe(expected)
})
