import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/mass-check-in.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { lodging } from '../laws/random-stays.ts'

/** Local time of a Monday (hours after midnight) and people; 24 and more is the day after. */
type Row = readonly [atHour: number, people: number]
const checkIns = (...rows: Row[]): TestEvent[] =>
  rows.map(([h, people], i) => ({
    feed: 'registrations',
    id: String(i),
    site: 'INN',
    at: monday + (h - 7) * hour,
    until: monday + 40 * hour,
    people,
  }))
/** `parties` of `people` each, one every `everyMinutes`. */
const group = (atHour: number, parties: number, people: number, everyMinutes: number): TestEvent[] =>
  checkIns(...Array.from({ length: parties }, (_, i): Row => [atHour + (i * everyMinutes) / 60, people]))
const house = [lodging('INN', { capacity: null })]
const hotel = [lodging('INN', { capacity: 300 })]
const guestHouse = [lodging('INN', { capacity: 80 })]

describe('mass check-in', () => {
  it.each<[string, TestEvent[], typeof house, found: [people: number, fromHour: number, toHour: number][]]>([
    ['a house that fills within an hour is one', group(15, 6, 4, 10), house, [[24, 15, 15 + 50 / 60]]],
    ['below the share of the capacity it is none', group(15, 5, 4, 10), guestHouse, []],
    ['below the least number it is none, however small the house', group(15, 4, 4, 10), [lodging('INN', { capacity: 8 })], []],
    ['over an afternoon it is none', group(12, 12, 2, 30), house, []],
    ['the span includes both its ends', checkIns([15, 12], [16, 12]), house, [[24, 15, 16]]],
    ['a minute more is too long', checkIns([15, 12], [16 + 1 / 60, 12]), house, []],
    ['at odd hours fewer do', group(1, 5, 2, 5), house, [[10, 1, 1 + 20 / 60]]],
    ['the evening is no odd hour', group(21, 5, 2, 5), house, []],
    ['who came before the odd hours does not count for them', checkIns([22.9, 6], [23.1, 6]), house, []],
    ['odd hours end at five', checkIns([4.9, 6], [5, 6]), house, []],
    ['midnight parts nothing', checkIns([23.75, 6], [24.25, 6]), house, [[12, 23.75, 24.25]]],
    ['a coach group at a hotel fills a small part of it', group(18.5, 20, 2, 1), hotel, []],
    ['a coach that comes late too', group(23.5, 20, 2, 1), hotel, []],
    ['a coach group in a guest house is below its share', group(18.5, 20, 2, 1), guestHouse, []],
    ['a family that lands at night is none', checkIns([2, 5], [2.1, 4]), house, []],
    ['guests after the group belong to it while they come within the hour of enough others', checkIns([15, 13], [15.5, 13], [16.4, 13]), house, [[39, 15, 16.4]]],
    ['two groups on two nights are two', [...group(1, 5, 2, 5), ...group(25, 5, 2, 5).map((e) => ({ ...e, id: `b${e.id}` }))], house, [[10, 1, 1 + 20 / 60], [10, 25, 25 + 20 / 60]]],
    ['a record that was taken back leaves too few', [...group(1, 5, 2, 5), { ...(group(1, 1, 2, 5)[0] as TestEvent), revision: 1, cancelled: true }], house, []],
    ['without reference data it is a house', group(1, 5, 2, 5), [], [[10, 1, 1 + 20 / 60]]],
  ])('%s', async (_, events, premises, expected) => {
    const found = await findingsOf(detector, {}, events, premises)
    expect(found.map((f) => [f.evidence.people, f.start, f.end])).toEqual(
      expected.map(([people, from, to]) => [people, monday + (from - 7) * hour, monday + (to - 7) * hour]),
    )
  }) // prettier-ignore

  it('is graver the fuller the house, and at night; a list that was filed at once is less so', async () => {
    const graveness = async (events: TestEvent[]) =>
      (await findingsOf(detector, {}, events, house))[0]?.alert.severity
    expect(await graveness(group(15, 6, 4, 10))).toBe('medium')
    expect(await graveness(group(15, 8, 4, 5))).toBe('high')
    expect(await graveness(group(1, 8, 2, 5))).toBe('high')
    expect(await graveness(group(1, 12, 1, 0))).toBe('low')
    expect(await graveness(checkIns([1, 14]))).toBe('medium')
  })

  it('names what decided, in both languages', async () => {
    const [finding] = await findingsOf(detector, {}, group(1, 5, 3, 5), house)
    expect(finding?.evidence).toMatchObject({ most: 15, registrations: 5, instants: 5, atOddHours: 15 })
    expect(finding?.end).toBe(monday - 6 * hour + 20 * minute)
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'INN: 15 people (5 registrations) checked in within 20 min from 5 Jan 2026, 01:00, where 30 may stay; 15 of them between 23:00 and 05:00.',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('เข้าพัก 15 คน')
    expect(unlessOf(detector, finding, 'en')).toBe('with 9 people or fewer within 1 h')
    expect(unlessOf(detector, finding, 'th')).toContain('ไม่เกิน 9 คน')
  })
})
