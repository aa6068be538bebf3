import { describe, expect, it } from 'vitest'
import type { ReferenceRow } from '../../../ingest/feeds/log-subjects.ts'
import detector from '../../../processors/detectors/watchlist.ts'
import type { AlertRevision } from '../../../processors/alert.ts'
import { createEngine } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import type { Detector } from '../../../processors/detector.ts'
import { findingsOf, sentenceOf } from '../../support/detect.ts'
import { batchesOf, day, hour, monday, type TestEvent } from '../../support/events.ts'

const token = 0x0000_0007_0000_0009n
const shown = (rows: readonly (readonly [atHour: number, more?: Partial<TestEvent>])[]): TestEvent[] =>
  rows.map(([h, more], i) => ({
    feed: 'crossings',
    id: `${i}`,
    at: monday + h * hour,
    traveller: token,
    ...more,
  }))
const entry = (from: number, to: number, more: Partial<ReferenceRow> = {}): ReferenceRow => ({
  id: '0000000700000009',
  entry: 'D-1',
  list: 'stolen',
  kind: 'document',
  score: 1,
  variant: 'exact',
  note: '',
  validFrom: new Date(monday + from * day).toISOString(),
  validTo: new Date(monday + to * day).toISOString(),
  source: 'test',
  owner: 'test',
  ...more,
})
const found = (events: TestEvent[], rows: ReferenceRow[]) =>
  findingsOf(detector, {}, events, [], [], { tables: { watchlists: rows } })

describe('a document on a watchlist', () => {
  it.each<[string, TestEvent[], ReferenceRow[], [shown: number, before: number, from: number, to: number][]]>([
    ['is found when it is shown', shown([[5]]), [entry(0, 100)], [[1, 0, 5, 5]]],
    ['is found in a lodging', shown([[5, { feed: 'registrations' }]]), [entry(0, 100)], [[1, 0, 5, 5]]],
    ['is found at a check on the way', shown([[5, { direction: 'check' }]]), [entry(0, 100)], [[1, 0, 5, 5]]],
    ['is found whoever it admits', shown([[5, { outcome: 'refused' }]]), [entry(0, 100)], [[1, 0, 5, 5]]],
    ['makes one alert of a day', shown([[5], [20], [40]]), [entry(0, 100)], [[3, 0, 5, 40]]],
    ['makes two of two days', shown([[5], [29.1]]), [entry(0, 100)], [[1, 0, 5, 5], [1, 0, 29.1, 29.1]]],
    ['is found in what is stored', shown([[-240]]), [entry(0, 100)], [[1, 1, -240, -240]]],
    ['not further back than the rule says', shown([[-91 * 24]]), [entry(0, 100)], []],
    ['is another after the entry has ended', shown([[24]]), [entry(0, 1)], []],
    ['still in the last moment', shown([[24 - 1 / 3600]]), [entry(0, 1)], [[1, 0, 24 - 1 / 3600, 24 - 1 / 3600]]],
    ['not when the entry was a mistake', shown([[5]]), [entry(0, 0)], []],
    ['not another document', shown([[5, { traveller: 3n }]]), [entry(0, 100)], []],
    ['not one without a number', shown([[5, { traveller: 0n }]]), [entry(0, 100)], []],
    ['on a second list is one alert', shown([[5]]), [entry(0, 100), entry(1, 90, { entry: 'E', list: 'wanted' })], [[1, 0, 5, 5]]],
    ['a cancelled record is none', shown([[5], [5, { id: '0', revision: 1, cancelled: true }]]), [entry(0, 100)], []],
  ])('%s', async (_, events, rows, expected) => {
    expect(
      (await found(events, rows)).map(({ start, end, evidence }) => [
        evidence.shown,
        evidence.before,
        (start - monday) / hour,
        (end - monday) / hour,
      ]),
    ).toEqual(expected)
  }) // prettier-ignore

  it('is looked for at once when an entry comes, and let go when it is taken back', () => {
    const engine = createEngine({
      slice: { index: 1, count: 1 },
      rules: [createRule(detector as unknown as Detector)],
      timeZone: 'Asia/Bangkok',
    })
    for (const batch of batchesOf(shown([[5], [6]]))) engine.take({ kind: 'batch', batch }, 1)
    const list = (rows: ReferenceRow[]): AlertRevision[] =>
      engine.take({ kind: 'reference', change: { table: 'watchlists', rows, loggedAt: monday } }, 2)
    expect(list([entry(0, 100, { id: 'ffffffffffffffff' })])).toEqual([])
    expect(list([entry(0, 100)])).toMatchObject([{ status: 'open', events: { length: 2 } }])
    expect(list([entry(0, 100)])).toEqual([])
    expect(list([entry(0, 0)])).toMatchObject([{ status: 'withdrawn' }])
  })

  it('names lists, entry, places and what came before, in both languages', async () => {
    const rows = [entry(0, 100), entry(-1, 90, { entry: 'E-2', list: 'wanted' })]
    const [finding] = await found(shown([[-25], [-1], [5, { site: 'B' }]]), rows)
    expect(finding?.evidence).toMatchObject({ entry: 'E-2', lists: ['stolen', 'wanted'], sites: ['S1', 'B'] })
    expect(finding?.alert).toMatchObject({ severity: 'high', class: 'investigate', key: '0000000700000009' })
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'A document on the lists “stolen” and “wanted” (entry E-2) was shown 3 times at S1 and B from 4 Jan 2026, 06:00 to 5 Jan 2026, 12:00 (1 of them before it was listed).',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('ถูกแสดง 3 ครั้ง')
    const [once] = await found(shown([[5]]), rows)
    expect(sentenceOf(detector, once, 'en')).toBe(
      'A document on the lists “stolen” and “wanted” (entry E-2) was shown once at S1 on 5 Jan 2026, 12:00.',
    )
    expect((await found(shown([[-100]]), [entry(0, 100)]))[0]?.alert.severity).toBe('medium')
  })
})
