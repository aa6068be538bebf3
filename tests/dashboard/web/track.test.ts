import { describe, expect, it } from 'vitest'
import type { EntityEvent } from '../../../dashboard/api/entity-shapes.ts'
import { entityTrack, mostLanes, movementsOf } from '../../../dashboard/web/src/charts/entity-track.ts'
import {
  eventAt,
  flagAt,
  gapAt,
  inView,
  layoutOf,
  panned,
  room,
  wholeSpan,
  zoomed,
  type TrackEvent,
  type TrackInput,
} from '../../../dashboard/web/src/charts/track.ts'
import { evidenceTrack } from '../../../dashboard/web/src/components/evidence-track.ts'
import { createFormats } from '../../../dashboard/web/src/format/format.ts'
import { sentenceOf } from '../../../dashboard/web/src/format/sentence.ts'
import { catalogues } from '../../../dashboard/web/src/messages/messages.ts'
import type { Evidence } from '../../../dashboard/api/shapes.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-22T17:00:00Z')
const instant = (id: string, atHour: number, lane = 'crossings A'): TrackEvent => ({
  id,
  at: start + atHour * hour,
  until: null,
  lane,
  mark: 'entry',
  faint: false,
})
const stay: TrackEvent = { ...instant('stay', 2, 'registrations B'), until: start + 8 * hour, mark: 'stay' }
const input: TrackInput = {
  lanes: [
    { id: 'crossings A', name: 'A', feed: 'crossings' },
    { id: 'registrations B', name: 'B', feed: 'registrations' },
  ],
  events: [instant('a', 0), instant('b', 5), stay],
  gaps: [{ lane: 'crossings A', from: start + hour, to: start + 3 * hour }],
  flags: [{ id: 'f', severity: 'high', from: start, to: start + 2 * hour }],
}
const whole = wholeSpan(input)
const view = { from: start, to: start + 10 * hour }
const box = { left: 100, width: 1000 }
const laneY = (lane: number): number => room.top + room.flags + (lane + 0.5) * room.lane

describe('a timeline', () => {
  it('spans everything with a little air, and is as high as its lanes', () => {
    expect(whole.from).toBeLessThan(start)
    expect(whole.to).toBeGreaterThan(start + 8 * hour)
    expect(layoutOf(input).height).toBe(room.top + room.flags + 2 * room.lane + room.bottom)
    expect(wholeSpan({ events: [], flags: [] }).to).toBeGreaterThan(0)
  })

  it('lays stays that overlap beside each other, and one after the other in one place', () => {
    const at = (id: string, from: number, to: number): TrackEvent => ({
      ...stay,
      id,
      at: start + from * hour,
      until: start + to * hour,
    })
    const crowded = {
      ...input,
      events: [at('a', 0, 5), at('b', 1, 3), at('c', 2, 9), at('d', 4, 6), at('e', 5, 7)],
    }
    const { places, heights } = layoutOf(crowded)
    expect([...places]).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['d', 1],
      ['e', 0],
    ])
    expect(heights).toEqual([room.lane, 10 + 3 * room.stay])
  })

  it('zooms about a point that stays where it is, never beyond the whole', () => {
    const nearer = zoomed(whole, whole, 0.5, start)
    const share = (span: typeof whole) => (start - span.from) / (span.to - span.from)
    expect(share(nearer)).toBeCloseTo(share(whole))
    expect(zoomed(nearer, whole, 100)).toEqual(whole)
    const tiny = zoomed(whole, whole, 1e-9)
    expect(Math.round(tiny.to - tiny.from)).toBe(600_000)
  })

  it('pans to its ends and no further', () => {
    const nearer = zoomed(whole, whole, 0.25)
    expect(panned(nearer, whole, -100).from).toBe(whole.from)
    expect(panned(nearer, whole, 100).to).toBe(whole.to)
  })

  it('has in view what meets it, stays that began before included', () => {
    const ids = inView(input.events, { from: start + 4 * hour, to: start + 6 * hour }).map(({ id }) => id)
    expect(ids).toEqual(['b', 'stay'])
  })

  it.each([
    ['an instant within reach', 604, 0, 'b'],
    ['nothing beyond reach', 640, 0, undefined],
    ['a stay anywhere along its bar', 700, 1, 'stay'],
    ['a stay below the instant', 604, 1, 'stay'],
    ['nothing below the lanes', 604, 7, undefined],
  ])('finds %s', (_, x, lane, id) => {
    expect(eventAt(input, layoutOf(input), view, box, { x, y: laneY(lane) })?.id).toBe(id)
  })

  it('finds gaps in their lane and alerts on top', () => {
    expect(gapAt(input, layoutOf(input), view, box, { x: 300, y: laneY(0) })?.from).toBe(start + hour)
    expect(gapAt(input, layoutOf(input), view, box, { x: 300, y: laneY(1) })).toBeUndefined()
    expect(flagAt(input, view, box, { x: 200, y: room.top + 4 })?.id).toBe('f')
    expect(flagAt(input, view, box, { x: 500, y: room.top + 4 })).toBeUndefined()
  })
})

const event = (given: Partial<EntityEvent>): EntityEvent => ({
  feed: 'crossings',
  site: 'A',
  at: start,
  until: 0,
  ingestedAt: start,
  kind: 'entry',
  detail: '',
  outcome: '',
  people: 1,
  confidence: 1,
  eventKey: 'k',
  eventId: 'e',
  source: 's',
  with: '0000000000000000',
  ...given,
})
const naming = { nameOf: (site: string) => site, other: (sites: number) => `${sites} more` }

describe('the timeline of an entity', () => {
  it('has a lane a feed and site, the busiest first, and the rest in one', () => {
    const many = Array.from({ length: 30 }, (_, i) =>
      event({ feed: 'sightings', site: `C${i}`, eventKey: `s${i}` }),
    )
    const track = entityTrack([event({}), event({ eventKey: 'k2' }), ...many], [], naming)
    expect(track.lanes).toHaveLength(mostLanes)
    expect(track.lanes[0]?.id).toBe('crossings A')
    expect(track.lanes.at(-1)).toMatchObject({ id: 'sightings ', name: '16 more' })
    const ids = new Set(track.lanes.map(({ id }) => id))
    expect(track.events.every(({ lane }) => ids.has(lane))).toBe(true)
  })

  it('draws what is not sure hollow: weak readings, stays without an end', () => {
    const { events } = entityTrack(
      [
        event({ feed: 'sightings', confidence: 0.5 }),
        event({ feed: 'registrations' }),
        event({ feed: 'registrations', until: start + hour }),
      ],
      [],
      naming,
    )
    expect(events.map(({ mark, faint, until }) => [mark, faint, until])).toEqual([
      ['sighting', true, null],
      ['stay', true, null],
      ['stay', false, start + hour],
    ])
  })

  it('counts movements between sites, and staying is none', () => {
    expect(movementsOf(['A', 'A', 'B', 'A', 'B'].map((site) => ({ site })))).toEqual([
      { from: 'A', to: 'B', count: 2 },
      { from: 'B', to: 'A', count: 1 },
    ])
  })
})

describe('the evidence of an alert', () => {
  const common = {
    eventId: 'x',
    source: 's',
    siteName: { en: 'Mae Sot', th: 'แม่สอด' },
    batch: '',
    logSeq: 1,
    revision: 0,
  }
  const evidence = {
    crossings: [
      { ...common, eventKey: '1', site: 'A', at: start, ingestedAt: start + 5 * hour, direction: 'exit' },
    ],
    sightings: [
      { ...common, eventKey: '2', site: 'C', at: start + hour, ingestedAt: start + hour, confidence: 0.6 },
    ],
    registrations: [],
  } as unknown as Evidence
  const reader = {
    words: catalogues.en,
    language: 'en',
    formats: createFormats('en', 'Asia/Bangkok'),
  } as const
  const gap = {
    feed: 'crossings',
    site: 'A',
    siteName: common.siteName,
    from: start,
    to: start + hour,
    usualMs: 60_000,
  } as const

  it('stands on one axis over all feeds, with its gaps, late records and weak readings', () => {
    const { input, tips } = evidenceTrack(evidence, [gap, { ...gap, site: 'elsewhere' }], reader)
    expect(input.lanes.map(({ id }) => id)).toEqual(['crossings A', 'sightings C'])
    expect(input.events.map(({ mark, faint }) => [mark, faint])).toEqual([
      ['exit', false],
      ['sighting', true],
    ])
    expect(input.gaps).toHaveLength(1)
    expect(tips.get('1')?.rows).toContainEqual({ label: 'Logged late', value: '5 hrs after it happened' })
    expect(tips.get(`crossings A@${start}`)?.title).toBe('No records')
  })
})

describe('Buddhist years', () => {
  const alert = {
    sentence: {
      en: 'One document crossed 4 times from 5 Jan 2026, 07:00 (2026 people).',
      th: 'ข้ามแดน 4 ครั้ง ตั้งแต่ 5 ม.ค. 2026 07:00',
    },
  }
  it.each([
    ['en', 'gregory', alert.sentence.en],
    ['en', 'buddhist', 'One document crossed 4 times from 5 Jan 2569, 07:00 (2026 people).'],
    ['th', 'buddhist', 'ข้ามแดน 4 ครั้ง ตั้งแต่ 5 ม.ค. 2569 07:00'],
  ] as const)('in a sentence (%s, %s)', (language, calendar, text) => {
    expect(sentenceOf(alert, { language, calendar })).toBe(text)
  })

  it('in dates', () => {
    expect(createFormats('th', 'Asia/Bangkok', 'buddhist').day(start)).toContain('2569')
    expect(createFormats('th', 'Asia/Bangkok').day(start)).toContain('2026')
  })
})
