import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/relay-lodging.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { day, hour, monday, type TestEvent } from '../../support/events.ts'
import { lodging } from '../laws/random-stays.ts'

/** `parties` that check in at 20:00 local time on each of the days and stay `hours` (null: no check-out). */
function nights(
  days: readonly number[],
  parties: number,
  hours: number | null,
  more: Partial<TestEvent> = {},
): TestEvent[] {
  return days.flatMap((d) =>
    Array.from({ length: parties }, (_, i): TestEvent => {
      const at = monday + d * day + (13 + i / 10) * hour
      const until = hours === null ? null : at + hours * hour
      return { feed: 'registrations', id: `${d}-${i}-${hours}-${more.id ?? ''}`, site: 'INN', at, until, people: 4, ...more, }
    }),
  )
} // prettier-ignore
const days = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const house = lodging('INN', { zone: 'border', licensed: false })
const motel = lodging('INN', { zone: 'transit', licensed: true, capacity: 80 })

describe('relay lodging', () => {
  it.each<[string, TestEvent[], typeof house, found: [stays: number, fromDay: number, toDay: number][]]>([
    ['three parties a night for a night each are one', nights(days(0, 3), 3, 15), house, [[12, 0, 3]]],
    ['eleven in a week are too few', nights(days(0, 3), 3, 15).slice(1), house, []],
    ['longer stays are none', nights(days(0, 3), 3, 40), house, []],
    ['stays whose end nobody filed say nothing', nights(days(0, 3), 3, null), house, []],
    ['among as many longer stays they are ordinary', [...nights(days(0, 3), 3, 15), ...nights(days(0, 3), 2, 60)], house, []],
    ['stays without an end do not water them down', [...nights(days(0, 3), 3, 15), ...nights(days(0, 3), 2, null)], house, [[12, 0, 3]]],
    ['away from the border it is a hotel', nights(days(0, 3), 3, 15), lodging('INN', { zone: 'tourist', licensed: false }), []],
    ['on the way to it, it counts', nights(days(0, 3), 3, 15), lodging('INN', { zone: 'transit', licensed: false }), [[12, 0, 3]]],
    ['a coach group is one night', nights([2], 30, 15), house, []],
    ['nor does it make a quiet week one', [...nights([2], 30, 15), ...nights([0, 4], 2, 15)], house, []],
    ['two full nights are two', nights([2, 4], 6, 15), house, [[12, 2, 4]]],
    ['a motel always has such guests', nights(days(0, 30), 4, 15), motel, []],
    ['a motel of which little is known is not judged', nights(days(0, 6), 8, 15), motel, []],
    ['a motel with three times its usual is one', [...nights(days(0, 20), 1, 15), ...nights(days(21, 27), 5, 15)], motel, [[38, 18, 27]]],
    ['a holiday that doubles its guests is none', [...nights(days(0, 20), 2, 15), ...nights(days(21, 27), 4, 15)], motel, []],
    ['a motel that is emptied at three every morning is one, whatever is usual', nights(days(0, 30), 4, 7), motel, [[124, 0, 30]]],
    ['a hotel of which they fill a small part is none', nights(days(0, 3), 3, 7), lodging('INN', { zone: 'border', licensed: true, capacity: 400 }), []],
    ['a relay in a house that was one before is found again', [...nights(days(0, 6), 3, 7), ...nights(days(14, 20), 3, 7)], house, [[21, 0, 6], [21, 14, 20]]],
    ['two relays a month apart are two', [...nights(days(0, 3), 3, 15), ...nights(days(40, 43), 3, 15)], house, [[12, 0, 3], [12, 40, 43]]],
    ['stays that were cancelled are none', [...nights(days(0, 3), 3, 15), ...nights([3], 1, 15, { revision: 1, cancelled: true })], house, []],
    ['a correction to a longer stay takes it back', [...nights(days(0, 3), 3, 15), ...nights([3], 1, 15, { revision: 1, until: monday + 9 * day })], house, []],
  ])('%s', async (_, events, premises, expected) => {
    const found = await findingsOf(detector, {}, events, [premises])
    const dayOf = (at: number): number => Math.floor((at - monday) / day)
    expect(found.map((f) => [f.evidence.stays, dayOf(f.start), dayOf(f.evidence.lastAt - 15 * hour)])).toEqual(expected)
  }) // prettier-ignore

  it('takes the zone from the district when the lodging has none', async () => {
    const inn = lodging('INN', { licensed: false, province: 'Tak', district: 'Mae Sot' })
    const district = lodging('Tak/Mae Sot', { zone: 'border', highRisk: true })
    const found = await findingsOf(detector, {}, nights(days(0, 3), 3, 15), [inn], [], {
      tables: { districts: [district] },
    })
    expect(found).toHaveLength(1)
  })

  it('is graver when guests leave in the small hours, or when they are many', async () => {
    const graveness = async (events: TestEvent[]) =>
      (await findingsOf(detector, {}, events, [house]))[0]?.alert.severity
    expect(await graveness(nights(days(0, 3), 3, 15))).toBe('low')
    expect(await graveness(nights(days(0, 3), 6, 15))).toBe('medium')
    expect(await graveness(nights(days(0, 3), 3, 7))).toBe('high')
  })

  it('names what decided, in both languages', async () => {
    const [finding] = await findingsOf(
      detector,
      {},
      [...nights(days(-8, -1), 1, 40), ...nights(days(0, 3), 3, 7)],
      [house],
    )
    expect(finding?.evidence).toMatchObject({ people: 48, most: 12, nights: 4, usual: 0, usualNights: 5 })
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'INN: 12 one-night stays (48 people) on 4 nights; at most 12 in 7 nights, 80 % of the stays there (usually 0); 12 left in the small hours.',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('พักคืนเดียว 12 รายการ')
    expect(unlessOf(detector, finding, 'en')).toBe('with 11 one-night stays or fewer in 7 nights')
  })
})
