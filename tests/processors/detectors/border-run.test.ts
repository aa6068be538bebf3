import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/border-run.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { day, monday, type TestEvent } from '../../support/events.ts'
import { row, testStays } from '../../support/places.ts'

/** Entry and exit in turn, from an entry on; `monday` is 5 January. */
const moves = (days: readonly number[], more: Partial<TestEvent> = {}): TestEvent[] =>
  days.map((d, i) => ({
    feed: 'crossings',
    id: `${more.id ?? ''}${i}`,
    at: monday + d * day,
    traveller: 7n,
    direction: i % 2 === 0 ? 'entry' : 'exit',
    site: i === 0 ? 'BKK' : 'SADAO',
    mode: 'air',
    nationality: 'AAA',
    ...more,
    ...(more.id === undefined ? {} : { id: `${more.id}${i}` }),
  }))
const land = { mode: 'land' } as const
const find = (
  events: readonly TestEvent[],
  nowDay = 300,
  stays = [row('AAA:passport', { days: 60 }), ...testStays],
) => findingsOf(detector, {}, events, [], [], { tables: { stays }, now: monday + nowDay * day })

describe('border run', () => {
  it.each<[string, TestEvent[], now: number, [kind: string, stays: number, fromDay: number][]]>([
    ['a long holiday is none', moves([0, 58]), 300, []],
    ['two long stays back to back are one', moves([0, 50, 53, 100]), 300, [['back-to-back', 2, 0]]],
    ['the second counts as soon as it is long', moves([0, 50, 53]), 98, [['back-to-back', 2, 0]]],
    ['and not before', moves([0, 50, 53]), 97.9, []],
    ['the third makes it worse', moves([0, 50, 53, 100, 102, 150]), 300, [['back-to-back', 3, 0]]],
    ['a week abroad is back to back', moves([0, 50, 57, 110]), 300, [['back-to-back', 2, 0]]],
    ['more is a new journey', moves([0, 50, 57.1, 110]), 300, []],
    ['stays of six weeks are not long', moves([0, 43, 45, 88]), 300, []],
    ['nor is a long one and a short one', moves([0, 50, 52, 60]), 300, []],
    ['a snowbird comes once a year', moves([0, 80, 330, 410]), 420, []],
    ['out and in within hours after four weeks is a bounce', moves([0, 28, 28.1, 33]), 300, [['bounce', 1, 0]]],
    ['a market over the border on the third day is not', moves([0, 3, 3.2, 10]), 300, []],
    ['nor is a weekend abroad', moves([0, 28, 30, 40]), 300, []],
    ['two bounces are two', moves([0, 28, 28.1, 56, 56.1]), 80, [['bounce', 1, 0], ['bounce', 1, 28.1]]],
    ['a bounce between long stays is told once', moves([0, 50, 50.1, 100]), 300, [['back-to-back', 2, 0]]],
    ['a third entry by land in a year is', moves([0, 5, 40, 45, 80, 85], land), 300, [['land-entries', 0, 0]]],
    ['two are allowed', moves([0, 5, 40, 45], land), 300, []],
    ['by air as many as they like', moves([0, 5, 40, 45, 80, 85]), 300, []],
    ['the year is that of the calendar', moves([-40, -35, -20, -15, 0, 5, 40, 45], land), 300, []],
    ['and of the local one', moves([-4.9, -4.8, -4.4, -4.35, -4.28, -4.25, -4.2, -4.15], land), 300, []],
    ['citizens come home as often as they like', moves([0, 5, 40, 45, 80, 85], { ...land, nationality: 'HOM' }), 300, []],
    ['crew come and go by right', moves([0, 5, 40, 45, 80, 85], { ...land, documentType: 'crew' }), 300, []],
    ['commuters on passes too', moves([0, 0.4, 1, 1.4, 2, 2.4], { ...land, documentType: 'border-pass' }), 300, []],
    ['who was refused did not enter', [...moves([0, 5, 40, 45], land), ...moves([80], { ...land, id: 'r', outcome: 'refused' })], 300, []],
    ['route checks are no crossings', [...moves([0, 50, 53, 100]), ...moves([60], { id: 'c', direction: 'check' })], 300, [['back-to-back', 2, 0]]],
    ['an exit that was taken back takes it back', [...moves([0, 50, 53, 100]), { ...(moves([0, 50])[1] as TestEvent), revision: 1, cancelled: true }], 300, []],
    ['another traveller is another', [...moves([0, 50]), ...moves([53, 100], { traveller: 8n, id: 'o' })], 300, []],
  ])('%s', async (_, events, now, expected) => {
    const found = await find(events, now)
    expect(found.map(({ start, evidence: e }) => [e.kind, e.stays, (start - monday) / day])).toEqual(
      expected.map(([kind, stays, from]) => [kind, stays, expect.closeTo(from, 6)]),
    )
  }) // prettier-ignore

  it('follows the table where it allows more entries by land', async () => {
    const events = moves([0, 5, 40, 45, 80, 85], land)
    expect(await find(events, 300, [row('AAA:passport', { days: 30, landEntries: 12 })])).toEqual([])
    expect((await find(events))[0]?.evidence.limit).toBe(2)
  })

  it('is graver for three in a row', async () => {
    const graveness = async (days: number[]) => (await find(moves(days)))[0]?.alert.severity
    expect(await graveness([0, 50, 53, 100])).toBe('medium')
    expect(await graveness([0, 50, 53, 100, 102, 150])).toBe('high')
    expect(await graveness([0, 28, 28.1, 33])).toBe('low')
  })

  it('names what decided, in both languages, and what would have made it not fire', async () => {
    const says = async (events: TestEvent[], language: 'en' | 'th' = 'en') =>
      sentenceOf(detector, (await find(events))[0], language)
    expect(await says(moves([0, 50, 53, 100]))).toBe(
      '2 stays back to back of 45 d or more each, at most 3 d abroad between them, since 5 Jan 2026, 07:00 (BKK and SADAO).',
    )
    expect(await says(moves([0, 28, 28.1, 33]))).toBe(
      'Stayed 28 d, then left and came back within 2 h 24 min, at BKK and SADAO; back on 2 Feb 2026, 09:24.',
    )
    expect(await says(moves([0, 5, 40, 45, 80, 85], land))).toBe(
      'Entered by land 3 times in one calendar year (2 allowed), at BKK and SADAO, from 5 Jan 2026, 07:00 to 26 Mar 2026, 07:00.',
    )
    for (const days of [
      [0, 50, 53, 100],
      [0, 28, 28.1, 33],
    ])
      // prettier-ignore
      expect(await says(moves(days), 'th')).toMatch(/[\u0e00-\u0e7f]/)
    expect(unlessOf(detector, (await find(moves([0, 50, 53, 100])))[0], 'en')).toBe(
      'with more than 7 d abroad between them',
    )
  })
})
