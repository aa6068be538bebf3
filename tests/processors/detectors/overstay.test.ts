import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/overstay.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { day, hour, monday, type TestEvent } from '../../support/events.ts'
import { row } from '../../support/places.ts'

type Row = readonly [direction: 'entry' | 'exit' | 'check', onDay: number, more?: Partial<TestEvent>]
const crossings = (rows: readonly Row[]): TestEvent[] =>
  rows.map(([direction, d, more], i) => ({
    feed: 'crossings',
    id: `${i}`,
    at: monday + d * day,
    traveller: 7n,
    nationality: 'AAA',
    direction,
    ...more,
  }))
const ruled = new Date(monday + 100 * day).toISOString()
const tables = {
  stays: [
    row('AAA:passport', { days: 30, basis: 'exempt', validTo: ruled }),
    row('AAA:passport', { days: 15, basis: 'exempt', validFrom: ruled }),
    row('BBB:passport', { days: 90, basis: 'agreement' }),
    row('HOME:passport', { days: 36_500, basis: 'citizen' }),
  ],
  passRules: [row('AAA:border-pass', { days: 3, districts: 'Tak' })],
}
const find = (rows: readonly Row[], nowDay = 200) =>
  findingsOf(detector, {}, crossings(rows), [], [], { tables, now: monday + nowDay * day })

describe('overstay', () => {
  it.each<[string, Row[], now: number, [permitted: number, overHours: number | null][]]>([
    ['out in time is none', [['entry', 0], ['exit', 20]], 200, []],
    // Midnight UTC is seven in the morning: the day of the entry is the first, the thirtieth ends at 17:00 UTC of day 29.
    ['the last permitted day counts', [['entry', 0], ['exit', 29.7]], 200, []],
    ['so does the day of grace', [['entry', 0], ['exit', 30.7]], 200, []],
    ['the day after is late', [['entry', 0], ['exit', 30.75]], 200, [[30, 25]]],
    ['two weeks late', [['entry', 0], ['exit', 44]], 200, [[30, 14 * 24 + 7]]],
    ['nobody knows yet', [['entry', 0]], 30.7, []],
    ['now everybody does', [['entry', 0]], 30.75, [[30, null]]],
    ['another nationality may stay longer', [['entry', 0, { nationality: 'BBB' }], ['exit', 44, { nationality: 'BBB' }]], 200, []],
    ['and no longer than that', [['entry', 0, { nationality: 'BBB' }]], 91, [[90, null]]],
    ['the rule of the day of the entry holds', [['entry', 101], ['exit', 120]], 200, [[15, 4 * 24 + 7]]],
    ['also after the rule has changed', [['entry', 99], ['exit', 120]], 200, []],
    ['a pass is for days', [['entry', 0, { documentType: 'border-pass' }]], 5, [[3, null]]],
    ['commuters go home', [['entry', 0, { documentType: 'border-pass' }], ['exit', 0.4, { documentType: 'border-pass' }]], 200, []],
    ['a pass without a rule says nothing', [['entry', 0, { documentType: 'temporary-border-pass' }]], 200, []],
    ['crew is left out', [['entry', 0, { documentType: 'crew' }]], 200, []],
    ['who is not in the table is not judged', [['entry', 0, { nationality: 'ZZZ' }]], 200, []],
    ['citizens come home', [['entry', 0, { nationality: 'HOME' }]], 400, []],
    ['a second entry without an exit says nothing about the first', [['entry', 0], ['entry', 50], ['exit', 60]], 200, []],
    ['route checks are no exits', [['entry', 0], ['check', 20]], 32, [[30, null]]],
    ['who was refused did not enter', [['entry', 0, { outcome: 'refused' }]], 200, []],
    ['who was refused on leaving is still here', [['entry', 0], ['exit', 20, { outcome: 'refused' }]], 200, [[30, null]]],
    ['an exit that was filed late takes it back', [['entry', 0], ['entry', 20, { id: 'x' }], ['exit', 20, { id: 'x', revision: 1 }]], 200, []],
    ['two stays are two', [['entry', 0], ['exit', 40], ['entry', 50], ['exit', 90]], 200, [[30, 10 * 24 + 7], [30, 10 * 24 + 7]]],
    ['an exit after a year is too far away', [['entry', 0], ['exit', 367]], 400, [[30, null]]],
    ['transit passengers leave within hours', [['entry', 0, { mode: 'air' }], ['exit', 0.3, { mode: 'air' }]], 200, []],
  ])('%s', async (_, rows, now, expected) => {
    const found = await find(rows, now)
    const hours = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / hour))
    expect(found.map(({ evidence: e }) => [e.permittedDays, hours(e.overMs)])).toEqual(expected)
  }) // prettier-ignore

  it('is graver the longer it lasts', async () => {
    const graveness = async (rows: Row[]) => (await find(rows, 300))[0]?.alert.severity
    expect(await graveness([['entry', 0], ['exit', 32]])).toBe('low')
    expect(await graveness([['entry', 0], ['exit', 50]])).toBe('medium')
    expect(await graveness([['entry', 0], ['exit', 125]])).toBe('high')
    expect(await graveness([['entry', 0]])).toBe('high')
  }) // prettier-ignore

  it('names what decided, in both languages, and what would have made it not fire', async () => {
    const [left] = await find([['entry', 0], ['exit', 44]]) // prettier-ignore
    expect(sentenceOf(detector, left, 'en')).toBe(
      'Entered on 5 Jan 2026, 07:00 with a passport that permits 30 days, until 3 Feb 2026, 23:59; left on 18 Feb 2026, 07:00, 14 d 7 h late.',
    )
    expect(sentenceOf(detector, left, 'th')).toContain('เกินกำหนด 14 วัน 7 ชม.')
    const [here] = await find([['entry', 0]]) // prettier-ignore
    expect(sentenceOf(detector, here, 'en')).toContain('until 3 Feb 2026, 23:59; no exit is known.')
    expect(unlessOf(detector, here, 'en')).toBe('with an exit until 4 Feb 2026, 23:59, or a longer permit')
  })
})
