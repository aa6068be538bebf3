import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import type { ReferenceRow, TableName } from '../../../ingest/feeds/log-subjects.ts'
import type { Keyspace } from '../../../processors/alert.ts'
import { defineDetector, type Detector } from '../../../processors/detector.ts'
import { createEngine } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import { batchesOf, day, hour, monday, type TestEvent } from '../../support/events.ts'

/** A detector that finds nothing and says which keys it was asked about. */
function asked(key: Keyspace, more: Partial<Detector> = {}): { detector: Detector; keys: string[] } {
  const keys: string[] = []
  const detector = defineDetector({
    id: 'asked',
    key,
    reads: ['crossings', 'sightings', 'registrations'],
    measure: 1,
    class: 'monitor',
    title: { en: '', th: '' },
    reason: { en: '', th: '' },
    params: Type.Object({}),
    evidence: Type.Object({}),
    lookbackMs: () => hour,
    evaluate: (context) => {
      keys.push(context.key)
      return []
    },
    severity: () => 'low',
    explain: () => '',
    ...more,
  })
  return { detector: detector as unknown as Detector, keys }
}

const events: TestEvent[] = [
  { feed: 'crossings', id: 'c1', at: monday, site: 'POST', traveller: 1n, vehicle: 11n },
  { feed: 'crossings', id: 'c2', at: monday, site: 'PORT', traveller: 2n },
  { feed: 'registrations', id: 'r1', at: monday, site: 'INN', traveller: 3n },
  { feed: 'sightings', id: 's1', at: monday, site: 'CAM', vehicle: 11n },
  { feed: 'sightings', id: 's2', at: monday, site: 'CAM', vehicle: 0xffffn },
]
const [one, two, three, car, partial] = [1n, 2n, 3n, 11n, 0xffffn].map((n) =>
  n.toString(16).padStart(16, '0'),
)
const row = (id: string, more: object = {}): ReferenceRow => ({
  id,
  validFrom: '2020-01-01',
  validTo: null,
  source: 'test',
  owner: 'test',
  ...more,
})

/** Keys that are asked about when rows of a table come after the events. */
function touched(
  key: Keyspace,
  table: TableName,
  ids: readonly string[],
  more: Partial<Detector> = {},
): string[] {
  const { detector, keys } = asked(key, { uses: [table], ...more })
  const engine = createEngine({
    slice: { index: 1, count: 1 },
    rules: [createRule(detector)],
    timeZone: 'Asia/Bangkok',
  })
  const change = (name: TableName, rows: ReferenceRow[]) =>
    engine.take({ kind: 'reference', change: { table: name, rows, loggedAt: 0 } }, 1)
  change('sites', [row('POST', { province: 'Tak', district: 'Mae Sot' })])
  change('premises', [row('INN', { province: 'Tak', district: 'Mae Sot' })])
  for (const batch of batchesOf(events)) engine.take({ kind: 'batch', batch }, 2)
  engine.take({ kind: 'tick', tick: { at: monday + hour } }, 3)
  engine.take({ kind: 'tick', tick: { at: monday + 2 * hour } }, 4)
  keys.length = 0
  const rows = ids.map((id) => row(id, { changed: true }))
  change(table, rows)
  change(table, rows)
  engine.take({ kind: 'tick', tick: { at: monday + day } }, 5)
  return [...new Set(keys)].sort()
}

describe('a change of reference data has looked at again', () => {
  it.each<[string, Keyspace, TableName, string[], (string | undefined)[]]>([
    ['travellers that crossed at a site', 'traveller', 'sites', ['POST'], [one]],
    ['travellers that stayed at a premises', 'traveller', 'premises', ['INN'], [three]],
    ['vehicles at a camera', 'vehicle', 'cameras', ['CAM'], [car]],
    ['travellers at a site whose hours change', 'traveller', 'hours', ['PORT', 'POST'], [one, two]],
    ['travellers at sites and premises of a district', 'traveller', 'districts', ['Tak/Mae Sot'], [one, three]],
    ['the premises of a district', 'premises', 'districts', ['Tak/Mae Sot'], ['INN']],
    ['the premises itself', 'premises', 'premises', ['INN', 'NONE'], ['INN']],
    ['the site itself', 'site', 'hours', ['POST'], ['POST']],
    ['everybody where a rule is for everybody', 'traveller', 'stays', ['FRA:passport'], [one, two, three]],
    ['every site and source on a holiday', 'site', 'holidays', ['2026-04-13'], ['CAM', 'PORT', 'POST', 'source:test']],
    ['the holder of a listed document', 'traveller', 'watchlists', ['0000000000000002'], [two]],
    ['a listed vehicle', 'vehicle', 'watchlists', ['000000000000000b', '000000000000000c'], [car]],
    ['nobody who was never there', 'traveller', 'sites', ['ELSEWHERE'], []],
  ])('%s', (_, key, table, ids, expected) => {
    expect(touched(key, table, ids)).toEqual(expected)
  }) // prettier-ignore

  it('nothing where no detector uses the table', () => {
    expect(touched('traveller', 'sites', ['POST'], { uses: ['stays'] })).toEqual([])
  })

  it('travellers whose vehicle was at a camera, if they are followed', () => {
    expect(touched('traveller', 'sites', ['CAM'], { follows: 'vehicle' })).toEqual([one])
    expect(touched('traveller', 'sites', ['CAM'])).toEqual([])
  })
})

describe('a plate that was not read whole', () => {
  it('is looked at by detectors that say so alone', () => {
    expect(touched('vehicle', 'sites', ['CAM'])).toEqual([car])
    expect(touched('vehicle', 'sites', ['CAM'], { partialReads: true })).toEqual([car, partial])
  })
})
