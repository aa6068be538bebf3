import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/two-lodgings.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { hour, monday, type TestEvent } from '../../support/events.ts'
import { testPremises } from '../../support/places.ts'

type Row = readonly [premises: string, fromHour: number, toHour: number | null, more?: Partial<TestEvent>]
const stays = (rows: readonly Row[]): TestEvent[] =>
  rows.map(([site, from, to, more], i) => ({
    feed: 'registrations',
    id: `${i}`,
    at: monday + from * hour,
    until: to === null ? null : monday + to * hour,
    traveller: 7n,
    site,
    ...more,
  }))
const find = (rows: readonly Row[], params = {}) => findingsOf(detector, params, stays(rows), testPremises)

describe('one person in two lodgings', () => {
  it.each<[string, Row[], [stays: number, km: number, overlapHours: number][]]>([
    ['one stay after another is a journey', [['INN-BKK', 7, 29], ['INN-CNX', 31, 53]], []],
    ['two at once far apart are one finding', [['INN-BKK', 7, 53], ['INN-CNX', 9, 53]], [[2, 586, 44]]],
    ['two in one city are not far apart', [['INN-BKK', 7, 53], ['INN-BKK2', 9, 53]], []],
    ['two rooms of one house neither', [['INN-BKK', 7, 53], ['INN-BKK', 9, 53]], []],
    ['hours of check-in and check-out are rough', [['INN-BKK', 7, 29], ['INN-CNX', 23.1, 53]], []],
    ['six hours at both count', [['INN-BKK', 7, 29], ['INN-CNX', 23, 53]], [[2, 586, 6]]],
    ['without a check-out one night is assumed', [['INN-BKK', 7, null], ['INN-CNX', 20, 53]], [[2, 586, 11]]],
    ['and no more than that', [['INN-BKK', 7, null], ['INN-CNX', 31, 53]], []],
    ['three that contradict one another are one', [['INN-BKK', 7, 53], ['INN-CNX', 9, 53], ['INN-MAESAI', 10, 30]], [[3, 586, 44]]],
    ['three of which the first and the last never meet too', [['INN-BKK', 0, 20], ['INN-CNX', 10, 40], ['INN-MAESAI', 30, 60]], [[3, 586, 10]]],
    ['two on two journeys are two', [['INN-BKK', 0, 20], ['INN-CNX', 0, 20], ['INN-BKK', 100, 120], ['INN-CNX', 100, 120]], [[2, 586, 20], [2, 586, 20]]],
    ['who lives somewhere may travel', [['INN-BKK', 0, 90 * 24], ['INN-CNX', 100, 150]], []],
    ['a guide registers the group', [['INN-BKK', 7, 53, { people: 24 }], ['INN-CNX', 9, 53]], []],
    ['a family under one document is found like one person', [['INN-BKK', 7, 53, { people: 4 }], ['INN-CNX', 9, 53, { people: 2 }]], [[2, 586, 44]]],
    ['a lodging whose place nobody knows says nothing', [['INN-BKK', 7, 53], ['NOWHERE', 9, 53]], []],
    ['an early departure that was corrected takes it back', [['INN-BKK', 7, 53], ['INN-CNX', 31, 53], ['INN-BKK', 7, 29, { id: '0', revision: 1 }]], []],
    ['a booking that was taken back too', [['INN-BKK', 7, 53], ['INN-CNX', 9, 53], ['INN-CNX', 9, 53, { id: '1', revision: 1, cancelled: true }]], []],
    ['other people are others', [['INN-BKK', 7, 53], ['INN-CNX', 9, 53, { traveller: 8n }]], []],
    ['stays without a document are nobody', [['INN-BKK', 7, 53, { traveller: 0n }], ['INN-CNX', 9, 53, { traveller: 0n }]], []],
  ])('%s', async (_, rows, expected) => {
    const found = await find(rows)
    expect(found.map(({ evidence: e }) => [e.stays, e.km, e.overlapMs / hour])).toEqual(expected)
  }) // prettier-ignore

  it('does not mind crossings', async () => {
    const exit: TestEvent = { feed: 'crossings', id: 'x', at: monday + 8 * hour, traveller: 7n, site: 'INN-CNX' }
    expect(await findingsOf(detector, {}, [...stays([['INN-BKK', 7, 53]]), exit], testPremises)).toEqual([])
  }) // prettier-ignore

  it('is graver the longer it lasts', async () => {
    const graveness = async (to: number) => (await find([['INN-BKK', 0, to], ['INN-CNX', 0, 200]]))[0]?.alert.severity
    expect([await graveness(10), await graveness(24), await graveness(48)]).toEqual(['low', 'medium', 'high'])
  }) // prettier-ignore

  it('names what decided, in both languages, and what would have made it not fire', async () => {
    const [finding] = await find([['INN-BKK', 7, null], ['INN-CNX', 9, 53]]) // prettier-ignore
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'One document is registered at INN-BKK and INN-CNX at once for 22 h, from 5 Jan 2026, 16:00 to 6 Jan 2026, 14:00; 586 km apart; 1 without a check-out, assumed.',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('586 กม.')
    expect(unlessOf(detector, finding, 'en')).toBe(
      'with less than 6 h at both, or 50 km or less between them',
    )
    expect(await find([['INN-BKK', 7, 29], ['INN-CNX', 23.5, 53]])).toEqual([]) // prettier-ignore
  })
})
