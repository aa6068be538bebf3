import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/impossible-travel.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { testSites } from '../../support/places.ts'

type Row = readonly [site: string, atHour: number, more?: Partial<TestEvent>]
const shown = (rows: readonly Row[]): TestEvent[] =>
  rows.map(([site, h, more], i) => ({
    feed: 'crossings',
    id: `${i}`,
    at: monday + h * hour,
    traveller: 7n,
    site,
    direction: i % 2 === 0 ? 'entry' : 'exit',
    ...more,
  }))
const air = { mode: 'air' } as const
const find = (rows: readonly Row[], params = {}) => findingsOf(detector, params, shown(rows), [], testSites)

describe('impossible travel', () => {
  it.each<[string, Row[], [jumps: number, km: number, way: string][]]>([
    ['in and out at one place is no travel', [['SADAO', 0], ['SADAO', 0.1]], []],
    ['a place that is next door neither', [['MAESOT', 0], ['MAESOT2', 0]], []],
    ['from Sadao to Nong Khai in two hours is', [['SADAO', 0], ['NONGKHAI', 2]], [[1, 1287, 'flight']]],
    ['in seven hours too, even with a flight', [['SADAO', 0], ['NONGKHAI', 7]], [[1, 1287, 'flight']]],
    ['in seven hours and a half a flight may do it', [['SADAO', 0], ['NONGKHAI', 7.5]], []],
    ['within one region no flight is faster than the road', [['MAESAI', 0], ['MAESOT', 3]], [[1, 442, 'land']]],
    ['nor slower than it', [['MAESAI', 0], ['MAESOT', 3.3]], []],
    ['the errors of clocks are allowed for', [['MAESAI', 0], ['MAESOT', 3.33 - 3 / 60]], []],
    ['a plane takes half an hour from Bangkok to Mae Sot', [['BKK', 0, air], ['MAESOT', 0.6]], []],
    ['no plane takes a quarter of an hour', [['BKK', 0, air], ['MAESOT', 0.25]], [[1, 412, 'air']]],
    ['an airport tells as much as the way of travel', [['BKK', 0], ['MAESOT', 0.6]], []],
    ['a flight with its own record', [['HKT', 0, air], ['CNX', 2, air]], []],
    ['two airports at once', [['HKT', 0, air], ['CNX', 0.5, air]], [[1, 1187, 'air']]],
    ['after a day every place is in reach', [['SADAO', 0], ['MAESAI', 24.1]], []],
    ['there and back is one finding', [['SADAO', 0], ['NONGKHAI', 1], ['SADAO', 2]], [[2, 1287, 'flight']]],
    ['two on two days are two', [['SADAO', 0], ['NONGKHAI', 1], ['NONGKHAI', 60], ['SADAO', 61]], [[1, 1287, 'flight'], [1, 1287, 'flight']]],
    ['a route check shows the document too', [['SADAO', 0], ['PAKCHONG', 1, { direction: 'check' }]], [[1, 915, 'land']]],
    ['who was refused was there all the same', [['SADAO', 0, { outcome: 'refused' }], ['NONGKHAI', 1]], [[1, 1287, 'flight']]],
    ['a place that nobody knows says nothing', [['SADAO', 0], ['NOWHERE', 0.5], ['NONGKHAI', 1]], [[1, 1287, 'flight']]],
    ['nor does it alone', [['SADAO', 0], ['NOWHERE', 0.5]], []],
    ['crew lists are filed by the carrier', [['SADAO', 0, { documentType: 'crew' }], ['NONGKHAI', 1, { documentType: 'crew' }]], []],
    ['a commuter on a pass at one bridge', [['MAESOT', 7, { documentType: 'border-pass' }], ['MAESOT', 17, { documentType: 'border-pass' }]], []],
    ['a pass at two ends of the country', [['MAESOT', 7, { documentType: 'border-pass' }], ['SADAO', 9, { documentType: 'border-pass' }]], [[1, 1150, 'flight']]],
    ['a correction of the site takes it back', [['SADAO', 0], ['NONGKHAI', 1], ['SADAO', 1, { id: '1', revision: 1, direction: 'exit' }]], []],
    ['other travellers are others', [['SADAO', 0], ['NONGKHAI', 1, { traveller: 8n }]], []],
  ])('%s', async (_, rows, expected) => {
    const found = await find(rows)
    expect(found.map(({ evidence: e }) => [e.jumps, e.km, e.way])).toEqual(expected)
  }) // prettier-ignore

  it('leaves lodgings out: whoever files a stay need not be there', async () => {
    const stay: TestEvent = { feed: 'registrations', id: 's', at: monday + hour, traveller: 7n, site: 'NONGKHAI' }
    expect(await findingsOf(detector, {}, [...shown([['SADAO', 0]]), stay], [], testSites)).toEqual([])
  }) // prettier-ignore

  it('takes a wider error where the position is less certain', async () => {
    const uncertain = testSites.map((row) => ({ ...row, positionConfidence: 'C' }))
    const found = (sites: typeof testSites) =>
      findingsOf(detector, { skewMs: 16 * minute }, shown([['MAESAI', 0], ['MAESOT', 3]]), [], sites)
    expect(await found(testSites)).toHaveLength(1)
    expect(await found(uncertain)).toHaveLength(0)
  }) // prettier-ignore

  it('is graver the more impossible it is', async () => {
    const graveness = async (rows: Row[]) => (await find(rows))[0]?.alert.severity
    expect(await graveness([['MAESAI', 0], ['MAESOT', 3]])).toBe('medium')
    expect(await graveness([['MAESAI', 0], ['MAESOT', 1]])).toBe('high')
  }) // prettier-ignore

  it('names what decided, in both languages, and what would have made it not fire', async () => {
    const [finding] = await find([['MAESAI', 0], ['MAESOT', 3]]) // prettier-ignore
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'One document was shown at MAESAI on 5 Jan 2026, 07:00 and at MAESOT 3 h later: 442 km, which takes 3 h 19 min at least (on land at 130 km/h).',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('442 กม.')
    expect(sentenceOf(detector, (await find([['SADAO', 0], ['NONGKHAI', 1], ['SADAO', 2]]))[0], 'en')).toContain(
      '(with a flight that nobody recorded); 1 more jump, at SADAO and NONGKHAI.',
    ) // prettier-ignore
    expect(unlessOf(detector, finding, 'en')).toBe('with 3 h 16 min or more between the two')
  })
})
