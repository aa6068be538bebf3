import { describe, expect, it } from 'vitest'
import type { ReferenceRow } from '../../../ingest/feeds/log-subjects.ts'
import detector from '../../../processors/detectors/watchlist-plate.ts'
import { findingsOf, sentenceOf } from '../../support/detect.ts'
import { day, hour, monday, type TestEvent } from '../../support/events.ts'

/** Tokens as the gateway makes them: the plate, readings of it with unread marks, and a vehicle that looks like it. */
const [exact, unread, alike] = [0x7_0000_0009n, 0x7_0000_ffffn, 0x8_0000_0001n]
const passing = (rows: readonly (readonly [atHour: number, more?: Partial<TestEvent>])[]): TestEvent[] =>
  rows.map(([h, more], i) => ({
    feed: 'sightings',
    id: `${i}`,
    at: monday + h * hour,
    vehicle: exact,
    confidence: 0.95,
    ...more,
  }))
const row = (
  token: bigint,
  score: number,
  variant: string,
  more: Partial<ReferenceRow> = {},
): ReferenceRow => ({
  id: token.toString(16).padStart(16, '0'),
  entry: 'P-1',
  list: 'stolen',
  kind: 'plate',
  score,
  variant,
  note: '',
  validFrom: new Date(monday).toISOString(),
  validTo: new Date(monday + 100 * day).toISOString(),
  source: 'test',
  owner: 'test',
  ...more,
})
const listed = [row(exact, 1, 'exact'), row(unread, 0.8, 'unread'), row(alike, 0.6, 'look-alike')]
const found = (events: TestEvent[], params = {}, rows = listed) =>
  findingsOf(detector, params, events, [], [], { tables: { watchlists: rows } })

describe('a plate on a watchlist', () => {
  it.each<[string, TestEvent[], object, [passages: number, score: number, severity: string][]]>([
    ['is found when it passes', passing([[5]]), {}, [[1, 1, 'high']]],
    ['is found at a checkpoint', passing([[5, { feed: 'crossings' }]]), {}, [[1, 1, 'high']]],
    ['makes one alert of a journey', passing([[5], [8], [14]]), {}, [[3, 1, 'high']]],
    ['makes two of two', passing([[5], [11.1]]), {}, [[1, 1, 'high'], [1, 1, 'high']]],
    ['is found in what is stored, less urgently', passing([[-48]]), {}, [[1, 1, 'medium']]],
    ['not further back than the rule says', passing([[-31 * 24]]), {}, []],
    ['is found with an unread mark', passing([[5, { vehicle: unread, confidence: 0.4 }]]), {}, [[1, 0.8, 'medium']]],
    ['not when the rule wants it whole', passing([[5, { vehicle: unread }]]), { scoreAtLeast: 1 }, []],
    ['is found as a look-alike by a camera in doubt', passing([[5, { vehicle: alike, confidence: 0.7 }]]), {}, [[1, 0.6, 'low']]],
    ['not by a camera that is sure of the other', passing([[5, { vehicle: alike, confidence: 0.97 }]]), {}, []],
    ['nor by an officer who wrote the other', passing([[5, { vehicle: alike, feed: 'crossings' }]]), {}, []],
    ['a reading that too little was read of is none', passing([[5, { vehicle: 0n }]]), {}, []],
    ['another is another', passing([[5, { vehicle: 5n }]]), {}, []],
  ])('%s', async (_, events, params, expected) => {
    expect(
      (await found(events, params)).map(({ evidence, alert }) => [
        evidence.passages,
        evidence.score,
        alert.severity,
      ]),
    ).toEqual(expected)
  }) // prettier-ignore

  it('counts as the entry that is closest', async () => {
    const rows = [...listed, row(exact, 0.6, 'look-alike', { entry: 'P-2', list: 'smuggling' })]
    const [finding] = await found(passing([[5, { confidence: 0.7 }]]), {}, rows)
    expect(finding?.evidence).toMatchObject({ entry: 'P-1', score: 1, lists: ['smuggling', 'stolen'] })
    const [sure] = await found(passing([[5]]), {}, rows)
    expect(sure?.evidence.lists).toEqual(['stolen'])
  })

  it('names how it was read, in both languages', async () => {
    const [finding] = await found(passing([[5], [6, { site: 'B' }]]))
    expect(finding?.alert.class).toBe('verify')
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'A plate on the list “stolen” (entry P-1) passed 2 times at S1 and B from 5 Jan 2026, 12:00 to 5 Jan 2026, 13:00 (closeness 1). Look at the image.',
    )
    const [part] = await found(passing([[-5, { vehicle: unread, confidence: 0.41 }]]))
    expect(part?.evidence).toMatchObject({ variant: 'unread', confidence: 0.41, before: 1 })
    expect(sentenceOf(detector, part, 'en')).toBe(
      'A plate with unread characters that may be one on the list “stolen” (entry P-1) passed once at S1 on 5 Jan 2026, 02:00 (closeness 0.8; 1 of them before it was listed). Look at the image.',
    )
    expect(sentenceOf(detector, part, 'th')).toContain('โปรดตรวจภาพ')
  })
})
