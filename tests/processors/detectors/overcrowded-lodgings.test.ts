import { describe, expect, it } from 'vitest'
import type { ReferenceRow } from '../../../ingest/feeds/log-subjects.ts'
import detector from '../../../processors/detectors/overcrowded-lodgings.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { day, eventKeyOf, hour, monday, type TestEvent } from '../../support/events.ts'
import { hex64 } from '../../../platform/hash.ts'

type Stay = readonly [id: string, fromHour: number, toHour: number | null, people: number]
const stays = (rows: readonly Stay[]): TestEvent[] =>
  rows.map(([id, from, to, people]) => ({
    feed: 'registrations',
    id,
    site: 'INN',
    at: monday + from * hour,
    until: to === null ? null : monday + to * hour,
    people,
  }))
const inn = (capacity: number | null, more: Partial<ReferenceRow> = {}): ReferenceRow => ({
  id: 'INN',
  name: 'River Inn',
  capacity,
  validFrom: '2020-01-01',
  validTo: null,
  source: 'test',
  owner: 'test',
  ...more,
})

describe('overcrowded lodgings', () => {
  it.each<
    [
      string,
      Stay[],
      ReferenceRow[],
      [capacity: number, peak: number, from: number, to: number, at: string[]][],
    ]
  >([
    [
      'as many as it may hold is no finding',
      [
        ['a', 0, 24, 6],
        ['b', 1, 24, 4],
      ],
      [inn(10)],
      [],
    ],
    [
      'one more is',
      [
        ['a', 0, 24, 6],
        ['b', 1, 20, 5],
      ],
      [inn(10)],
      [[10, 11, 1, 20, ['a', 'b']]],
    ],
    [
      'who leaves when another comes was never there with them',
      [
        ['a', 0, 5, 6],
        ['b', 5, 9, 6],
      ],
      [inn(10)],
      [],
    ],
    [
      'a change of guests without a gap is one finding',
      [
        ['a', 0, 5, 11],
        ['b', 5, 9, 12],
      ],
      [inn(10)],
      [[10, 12, 0, 9, ['b']]],
    ],
    [
      'a gap makes two',
      [
        ['a', 0, 5, 11],
        ['b', 6, 9, 12],
      ],
      [inn(10)],
      [
        [10, 11, 0, 5, ['a']],
        [10, 12, 6, 9, ['b']],
      ],
    ],
    [
      'the peak that came first is shown',
      [
        ['a', 0, 9, 6],
        ['b', 1, 3, 6],
        ['c', 4, 6, 6],
      ],
      [inn(5)],
      [[5, 12, 0, 9, ['a', 'b']]],
    ],
    ['without a licence it may hold 30', [['a', 0, 24, 31]], [], [[30, 31, 0, 24, ['a']]]],
    ['no capacity on record counts as no licence', [['a', 0, 24, 30]], [inn(null)], []],
    ['without a check-out one night is assumed', [['a', 0, null, 11]], [inn(10)], [[10, 11, 0, 24, ['a']]]],
    [
      'a capacity that is cut during the stay begins the finding',
      [['a', 0, 48, 8]],
      [
        inn(10, { validTo: new Date(monday + day).toISOString() }),
        inn(7, { validFrom: new Date(monday + day).toISOString() }),
      ],
      [[7, 8, 24, 48, ['a']]],
    ],
    [
      'a stay of months counts to its end',
      [
        ['a', 0, 2000, 6],
        ['b', 1999, 2001, 6],
      ],
      [inn(10)],
      [[10, 12, 1999, 2000, ['a', 'b']]],
    ],
    ['a check-out before the check-in counts nobody', [['a', 5, 5, 99]], [inn(10)], []],
  ])('%s', async (_, rows, premises, expected) => {
    const found = await findingsOf(detector, {}, stays(rows), premises)
    const key = (id: string): string => hex64(eventKeyOf({ feed: 'registrations', id, at: 0 }))
    expect(
      found.map((f) => [
        f.evidence.capacity,
        f.evidence.peak,
        (f.start - monday) / hour,
        (f.end - monday) / hour,
        f.events,
      ]),
    ).toEqual(expected.map(([capacity, peak, from, to, ids]) => [capacity, peak, from, to, ids.map(key)]))
  })

  it.each<
    [string, [...Stay, room: string][], ReferenceRow[], [room: string, capacity: number, peak: number][]]
  >([
    ['eight in a room are no finding', [['a', 0, 24, 5, '1'], ['b', 0, 24, 3, '1']], [], []],
    ['nine are', [['a', 0, 24, 5, '1'], ['b', 1, 24, 4, '1']], [], [['1', 8, 9]]],
    ['in two rooms they are none', [['a', 0, 24, 5, '1'], ['b', 1, 24, 6, '2']], [], []],
    ['in no room neither', [['a', 0, 24, 5, ''], ['b', 1, 24, 6, '']], [], []],
    ['the next guests of a room are not with those before', [['a', 0, 5, 6, '1'], ['b', 5, 9, 6, '1']], [], []],
    ['a group that was filed under one of its rooms says nothing of that room', [['a', 0, 24, 14, '1'], ['b', 0, 24, 8, '1']], [], []],
    ['a dormitory holds what its row says', [['a', 0, 24, 6, '1'], ['b', 0, 24, 6, '1']], [inn(30, { roomCapacity: 12 })], []],
    ['and a small room too', [['a', 0, 24, 3, '1'], ['b', 0, 24, 2, '1']], [inn(30, { roomCapacity: 4 })], [['1', 4, 5]]],
    ['two rooms are two', [['a', 0, 9, 6, '1'], ['b', 0, 9, 5, '1'], ['c', 0, 9, 6, '2'], ['d', 0, 9, 6, '2']], [], [['1', 8, 11], ['2', 8, 12]]],
    ['a room is one also while the house is over', [['a', 0, 24, 7, '1'], ['b', 0, 24, 8, '1'], ['c', 3, 9, 16, '']], [], [['', 30, 31], ['1', 8, 15]]],
    ['before and after it they are', [['a', 0, 4, 7, '1'], ['b', 0, 4, 8, '1'], ['c', 5, 9, 31, '']], [], [['1', 8, 15], ['', 30, 31]]],
  ])('%s', async (_, rows, premises, expected) => {
    const events = rows.map(([id, from, to, people, room]) => ({ ...(stays([[id, from, to, people]])[0] as TestEvent), room }))
    const found = await findingsOf(detector, {}, events, premises)
    expect(found.map(({ evidence: { room, capacity, peak } }) => [room, capacity, peak]).sort()).toEqual(expected.sort())
  }) // prettier-ignore

  it('names the room', async () => {
    const rows = stays([['a', 0, 24, 6], ['b', 2, 24, 8]]).map((stay) => ({ ...stay, room: '204' })) // prettier-ignore
    const [finding] = await findingsOf(detector, {}, rows)
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'INN, room 204: 14 people registered where 8 may stay (2 registrations) from 5 Jan 2026, 09:00; over capacity for 22 h.',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('ห้อง 204')
    expect(unlessOf(detector, finding, 'en')).toBe('with 8 people or fewer present in the room at one time')
  })

  it('counts against capacity times factor', async () => {
    const rows = stays([['a', 0, 24, 14]])
    expect(await findingsOf(detector, { factor: 1.5 }, rows, [inn(10)])).toHaveLength(0)
    expect(await findingsOf(detector, { factor: 1.3 }, rows, [inn(10)])).toHaveLength(1)
  })

  it('names what decided, in both languages', async () => {
    const [finding] = await findingsOf(
      detector,
      {},
      stays([
        ['a', 0, 24, 12],
        ['b', 2, null, 3],
      ]),
      [inn(10)],
    )
    expect(finding?.evidence).toMatchObject({
      registrations: 2,
      withoutCheckOut: 1,
      peakAt: monday + 2 * hour,
    })
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'INN: 15 people registered where 10 may stay (2 registrations) from 5 Jan 2026, 09:00; over capacity for 24 h.',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('มีผู้พัก 15 คน')
  })

  it('says how many could have stayed without it', async () => {
    const events = stays([['a', 0, 24, 6], ['b', 1, 24, 5]]) // prettier-ignore
    const [finding] = await findingsOf(detector, {}, events, [inn(10)])
    expect(unlessOf(detector, finding, 'en')).toBe('with 10 people or fewer present at one time')
    expect(unlessOf(detector, finding, 'th')).toContain('ไม่เกิน 10 คน')
  })
})
