import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/repeated-crossings.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { hour, minute, monday, type TestEvent } from '../../support/events.ts'

const crossings = (hours: readonly number[], more: Partial<TestEvent> = {}): TestEvent[] =>
  hours.map((h, i) => ({
    feed: 'crossings',
    id: `${h}-${i}`,
    at: monday + h * hour,
    traveller: 7n,
    direction: i % 2 === 0 ? 'entry' : 'exit',
    ...more,
  }))

describe('repeated crossings', () => {
  it.each<[string, TestEvent[], [crossings: number, fromHour: number, toHour: number][]]>([
    ['three in a day are no finding', crossings([1, 5, 9]), []],
    ['four in a day are one', crossings([1, 5, 9, 13]), [[4, 1, 13]]],
    ['the window includes both its ends', crossings([0, 8, 16, 24]), [[4, 0, 24]]],
    ['a minute more than the window is too long', crossings([0, 8, 16, 24 + 1 / 60]), []],
    ['days that share crossings are one chain', crossings([0, 8, 16, 24, 32, 40]), [[6, 0, 40]]],
    [
      'a crossing near a chain that shares no span with it stays out',
      crossings([0, 1, 2, 3, 27.5]),
      [[4, 0, 3]],
    ],
    [
      'two bursts a week apart are two',
      crossings([0, 1, 2, 3, 168, 169, 170, 171]),
      [
        [4, 0, 3],
        [4, 168, 171],
      ],
    ],
    [
      'back-to-back bursts without a common span are two',
      crossings([0, 1, 2, 3, 28, 29, 30, 31]),
      [
        [4, 0, 3],
        [4, 28, 31],
      ],
    ],
    [
      'commuters on a border pass are left out',
      crossings([1, 5, 9, 13], { documentType: 'border-pass' }),
      [],
    ],
    ['route checks are no crossings', crossings([1, 5, 9, 13], { direction: 'check' }), []],
    [
      'stays in lodgings are no crossings either',
      [...crossings([1, 5, 9]), { feed: 'registrations', id: 'stay', at: monday + 6 * hour, traveller: 7n }],
      [],
    ],
    ['at one instant they still count each', crossings([1, 1, 1, 1]), [[4, 1, 1]]],
  ])('%s', async (_, events, expected) => {
    const found = await findingsOf(detector, {}, events)
    expect(
      found.map((f) => [f.evidence.crossings, (f.start - monday) / hour, (f.end - monday) / hour]),
    ).toEqual(expected)
  })

  const pass = { documentType: 'border-pass' }
  const days = (count: number): number[] => Array.from({ length: count }, (_, i) => (i - count) * 24)
  /** In the morning and in the evening, for as many days before the Monday. */
  const commuting = (count: number, at = [7, 17]): TestEvent[] =>
    crossings(
      days(count).flatMap((d) => at.map((h) => d + h)),
      pass,
    )
  it.each<[string, TestEvent[], [crossings: number, usual: number, flaggedFrom: number][]]>([
    ['a commuter who crosses twice every day is none', commuting(40), []],
    ['nor a porter who crosses four times', commuting(40, [7, 11, 14, 17]), []],
    ['a porter of six is one at first, until that is usual', commuting(40, [7, 9, 11, 13, 15, 17]), [[10, 0, 6]]],
    ['a day of six by one who crosses twice is', [...commuting(20), ...crossings([18, 19, 20, 21, 22, 23], pass)], [[6, 2, 6]]],
    ['a day of five is not enough', [...commuting(20), ...crossings([18, 19, 20, 21, 22], pass)], []],
    ['with the evening before it is', [...commuting(20), ...crossings([7, 8, 9, 10, 11], pass)], [[6, 2, 6]]],
    ['a porter of four needs more than eight', [...commuting(20, [7, 11, 14, 17]), ...crossings([18, 18.5, 19, 19.5, 20, 20.5, 21, 21.5], pass)], []],
    ['nine are', [...commuting(20, [7, 11, 14, 17]), ...crossings([18, 18.5, 19, 19.5, 20, 20.5, 21, 21.5, 22], pass)], [[9, 4, 9]]],
    ['a pass without a past needs the number alone', crossings([1, 2, 3, 4, 5, 6], pass), [[6, 0, 6]]],
    ['one busy day in the past does not make it usual', [...commuting(20), ...crossings([-300.5, -300.4, -300.3, -300.2, -300.1, -300, 18, 19, 20, 21, 22, 23], pass)], [[10, 2, 6], [6, 2, 6]]],
    ['what was usual five weeks ago counts no more', [...crossings(days(8).flatMap((d) => [1, 2, 3, 4, 5, 6].map((h) => d + h - 35 * 24)), { ...pass, traveller: 8n }), ...crossings([0, 1, 2, 3, 4, 5], { ...pass, traveller: 8n, site: 'B' })], [[10, 0, 6], [6, 0, 6]]],
    ['a temporary pass is another document', [...crossings([1, 2, 3], pass), ...crossings([4, 5, 6], { documentType: 'temporary-border-pass' })], []],
    ['crew lists are left out', crossings([1, 2, 3, 4, 5, 6, 7, 8], { documentType: 'crew' }), []],
  ])('passes: %s', async (_, events, expected) => {
    const numbered = events.map((event, i) => ({ ...event, id: `${i}` }))
    const found = await findingsOf(detector, {}, numbered)
    expect(found.map(({ evidence: e }) => [e.crossings, e.usual, e.flaggedFrom])).toEqual(expected)
  }) // prettier-ignore

  it('keeps the number of each kind of pass apart', async () => {
    const passAtLeast = { 'border-pass': 6, 'temporary-border-pass': 3, 'work-pass': 6 }
    const three = (documentType: string) => crossings([1, 2, 3], { documentType })
    expect(await findingsOf(detector, { passAtLeast }, three('temporary-border-pass'))).toHaveLength(1)
    expect(await findingsOf(detector, { passAtLeast }, three('work-pass'))).toHaveLength(0)
  })

  it('says what is usual for a pass', async () => {
    const events = [...commuting(10), ...crossings([18, 19, 20, 21, 22, 23], pass)]
    const [finding] = await findingsOf(detector, {}, events.map((event, i) => ({ ...event, id: `${i}` }))) // prettier-ignore
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'One pass crossed 6 times at S1 within 5 h (at most 6 in 24 h; usually 2; flagged from 6).',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('ปกติ 2 ครั้ง')
  })

  it('leaves travellers apart', async () => {
    const events = [...crossings([1, 2]), ...crossings([3, 4], { traveller: 8n })]
    expect(await findingsOf(detector, {}, events)).toEqual([])
  })

  it('names what decided, in both languages', async () => {
    const events = crossings([1, 5, 9, 13]).map((event, i) => ({ ...event, site: i < 2 ? 'A' : 'B' }))
    const [finding] = await findingsOf(detector, {}, events)
    expect(finding?.evidence).toMatchObject({
      crossings: 4,
      most: 4,
      sites: ['A', 'B'],
      documentTypes: ['passport'],
      spanMs: 12 * hour,
    })
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'One document crossed 4 times at A and B within 12 h (at most 4 in 24 h; flagged from 4).',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('4 ครั้ง')
  })

  it('takes window, number and documents from its parameters', async () => {
    const events = [0, 10, 20].map((m, i): TestEvent => ({
      feed: 'crossings',
      id: `${i}`,
      at: monday + m * minute,
      traveller: 7n,
      documentType: 'crew',
    }))
    expect(
      await findingsOf(detector, { windowMs: 20 * minute, atLeast: 3, documentTypes: ['crew'] }, events),
    ).toHaveLength(1)
    expect(
      await findingsOf(detector, { windowMs: 19 * minute, atLeast: 3, documentTypes: ['crew'] }, events),
    ).toHaveLength(0)
  })

  it('says what would have made it not fire, and with that it does not', async () => {
    const [finding] = await findingsOf(detector, {}, crossings([1, 5, 9, 13]))
    expect(unlessOf(detector, finding, 'en')).toBe('with 3 crossings or fewer in any 24 h')
    expect(unlessOf(detector, finding, 'th')).toContain('ไม่เกิน 3 ครั้ง')
    expect(await findingsOf(detector, {}, crossings([1, 5, 9]))).toEqual([])
  })
})
