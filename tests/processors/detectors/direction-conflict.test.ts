import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/direction-conflict.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { hour, monday, type TestEvent } from '../../support/events.ts'

type Row = readonly [direction: 'entry' | 'exit' | 'check', atHour: number, more?: Partial<TestEvent>]
const crossings = (rows: readonly Row[]): TestEvent[] =>
  rows.map(([direction, h, more], i) => ({
    feed: 'crossings',
    id: `${i}`,
    at: monday + h * hour,
    traveller: 7n,
    direction,
    ...more,
  }))

describe('direction conflict', () => {
  it.each<[string, Row[], [conflicts: number, fromHour: number, toHour: number][]]>([
    ['in and out again is the way of travellers', [['entry', 0], ['exit', 90], ['entry', 100]], []],
    ['entry after entry is one', [['entry', 0], ['entry', 5]], [[1, 0, 5]]],
    ['exit after exit too', [['exit', 0], ['exit', 5]], [[1, 0, 5]]],
    ['a third entry belongs to the same finding', [['entry', 0], ['entry', 5], ['entry', 9]], [[2, 0, 9]]],
    ['two entries and two exits are two', [['entry', 0], ['entry', 5], ['exit', 6], ['exit', 9]], [[1, 0, 5], [1, 6, 9]]],
    ['an exit between makes it none', [['entry', 0], ['exit', 2], ['entry', 5]], []],
    ['a route check between explains nothing', [['entry', 0], ['check', 2], ['entry', 5]], [[1, 0, 5]]],
    ['route checks have no direction', [['check', 0], ['check', 2]], []],
    ['the limit counts', [['entry', 0], ['entry', 30 * 24]], [[1, 0, 720]]],
    ['beyond the limit a record is missing', [['entry', 0], ['entry', 30 * 24 + 1 / 60]], []],
    ['one crossing recorded twice at a site is none', [['entry', 0], ['entry', 1 / 60]], []],
    ['at two sites within a minute it is', [['entry', 0], ['entry', 1 / 60, { site: 'B' }]], [[1, 0, 1 / 60]]],
    ['who was refused may try again', [['entry', 0, { outcome: 'refused' }], ['entry', 5]], []],
    ['who was sent to a second desk is recorded again there', [['entry', 0, { outcome: 'referred' }], ['entry', 1]], []],
    ['exit, refused abroad, back through the desk, exit again', [['exit', 0], ['entry', 3, { outcome: 'refused' }], ['exit', 5]], []],
    ['crew lists are left out', [['entry', 0, { documentType: 'crew' }], ['entry', 5, { documentType: 'crew' }]], []],
    ['commuters are left out', [['entry', 0, { documentType: 'border-pass' }], ['entry', 5, { documentType: 'border-pass' }]], []],
    ['a correction of the direction takes it back', [['entry', 0], ['entry', 5], ['exit', 5, { id: '1', revision: 1 }]], []],
    ['a record that was taken back is none', [['entry', 0], ['entry', 5], ['entry', 5, { id: '1', revision: 1, cancelled: true }]], []],
    ['other travellers are others', [['entry', 0], ['entry', 5, { traveller: 8n }]], []],
  ])('%s', async (_, rows, expected) => {
    const found = await findingsOf(detector, {}, crossings(rows))
    expect(found.map((f) => [f.evidence.conflicts, (f.start - monday) / hour, (f.end - monday) / hour])).toEqual(expected)
  }) // prettier-ignore

  it('leaves stays in lodgings out', async () => {
    const stay: TestEvent = { feed: 'registrations', id: 's', at: monday + hour, traveller: 7n }
    expect(await findingsOf(detector, {}, [...crossings([['entry', 0], ['exit', 9]]), stay])).toEqual([])
  }) // prettier-ignore

  it('is graver within a day at two sites', async () => {
    const graveness = async (rows: Row[]) => (await findingsOf(detector, {}, crossings(rows)))[0]?.alert.severity
    expect(await graveness([['entry', 0], ['entry', 5, { site: 'B' }]])).toBe('high')
    expect(await graveness([['entry', 0], ['entry', 5]])).toBe('medium')
    expect(await graveness([['entry', 0], ['entry', 20 * 24]])).toBe('low')
  }) // prettier-ignore

  it('names what decided, in both languages', async () => {
    const [finding] = await findingsOf(detector, {}, crossings([['entry', 0], ['entry', 5, { site: 'B' }]])) // prettier-ignore
    expect(finding?.evidence).toMatchObject({ direction: 'entry', closestMs: 5 * hour, sites: ['S1', 'B'] })
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'One document entered 2 times without an exit between, at S1 and B, from 5 Jan 2026, 07:00 to 5 Jan 2026, 12:00 (closest 5 h apart; looked at up to 30 d).',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('เข้าประเทศ 2 ครั้ง')
    expect(unlessOf(detector, finding, 'en')).toBe(
      'with an exit recorded between them, or more than 30 d between them',
    )
    expect(unlessOf(detector, finding, 'th')).toContain('30 วัน')
  })
})
