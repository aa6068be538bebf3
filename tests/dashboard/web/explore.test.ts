import * as fc from 'fast-check'
import { compile } from 'vega-lite'
import { parse, View } from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { describe, expect, test } from 'vitest'
import { measureNames, measures, type Filter } from '../../../dashboard/api/explore-measures.ts'
import { exploreData, type SeriesRow } from '../../../dashboard/web/src/charts/explore-data.ts'
import { exploreSpec } from '../../../dashboard/web/src/charts/explore-spec.ts'
import { arc, flowsOf, placesOf } from '../../../dashboard/web/src/charts/map-day.ts'
import { country, projection } from '../../../dashboard/web/src/charts/mercator.ts'
import { bucketStarts } from '../../../dashboard/web/src/filter/bucket-starts.ts'
import {
  comparisons,
  exploreSpans,
  formatExplore,
  parseExplore,
  toggled,
  withMeasure,
  type ExploreFilter,
} from '../../../dashboard/web/src/filter/explore.ts'
import {
  comparedStarts,
  comparedWith,
  covers,
  exploreRange,
} from '../../../dashboard/web/src/filter/explore-range.ts'
import { grains } from '../../../dashboard/web/src/filter/filter.ts'
import { formatMap, parseMap } from '../../../dashboard/web/src/filter/map.ts'
import { createFormats } from '../../../dashboard/web/src/format/format.ts'

const zone = 'Asia/Bangkok'
const at = (iso: string): number => Date.parse(iso)
const hour = 3_600_000
const day = 24 * hour

const minute = fc.integer({ min: 25_000_000, max: 35_000_000 }).map((n) => n * 60_000)
const interval = fc
  .tuple(minute, fc.integer({ min: 1, max: 500_000 }))
  .map(([from, length]) => ({ from, to: from + length * 60_000 }))
const value = fc.stringMatching(/^[A-Za-z0-9ก-ฮ][A-Za-z0-9 ._-]{0,10}$/)

const filter: fc.Arbitrary<ExploreFilter> = fc.constantFrom(...measureNames).chain((show) => {
  const { dimensions, known } = measures[show]
  const where = fc
    .dictionary(
      fc.constantFrom(...dimensions),
      fc.uniqueArray(fc.oneof(value, fc.constant('')), { minLength: 1, maxLength: 3 }),
    )
    .map(
      (entries) =>
        Object.fromEntries(Object.entries(entries).map(([key, list]) => [key, list.toSorted()])) as Filter,
    )
  return fc
    .record({
      show: fc.constant(show),
      span: fc.constantFrom(...exploreSpans),
      custom: interval,
      grain: fc.constantFrom(...grains),
      split: fc.constantFrom(null, ...dimensions),
      compare: fc.constantFrom(...comparisons),
      where,
      selected: fc.option(interval),
      panel: fc.constantFrom(null, 'rows' as const, 'query' as const, 'explain' as const),
      view: fc.constantFrom('chart' as const, 'table' as const),
      known: known ? fc.option(minute) : fc.constant(null),
    })
    .map((whole) => ({
      ...whole,
      custom: whole.span === 'custom' ? whole.custom : null,
      panel: whole.selected === null && whole.panel === 'explain' ? null : whole.panel,
    }))
})

describe('the address of the explore page', () => {
  test('reproduces every view exactly', () => {
    fc.assert(
      fc.property(filter, (view) => {
        expect(parseExplore(formatExplore(view))).toEqual(view)
      }),
    )
  })

  test('of anything at all is some view', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), (text) => {
        const view = parseExplore(`?${text}`)
        expect(parseExplore(formatExplore(view))).toEqual(view)
      }),
    )
  })

  test('says nothing where everything is as it is at first', () => {
    expect(formatExplore(parseExplore(''))).toBe('')
  })

  test('loses with another measure what that cannot be filtered by', () => {
    const crossings = parseExplore('?documentType=passport&province=Tak')
    expect(withMeasure(crossings, 'sightings').where).toEqual({ province: ['Tak'] })
  })

  test('takes a value in and out of a filter', () => {
    const once = toggled({}, 'site', 'B')
    expect(toggled(once, 'site', 'A')).toEqual({ site: ['A', 'B'] })
    expect(toggled(once, 'site', 'B')).toEqual({})
  })
})

describe('what a span is compared with', () => {
  const custom = (from: string, to: string) => ({
    span: 'custom' as const,
    custom: { from: at(from), to: at(to) },
    grain: 'auto' as const,
  })
  test.each([
    ['two days by hour', custom('2026-03-09T17:00Z', '2026-03-11T17:00Z'), 'previous', '2026-03-07T17:00Z'],
    ['two days by hour', custom('2026-03-09T17:00Z', '2026-03-11T17:00Z'), 'week', '2026-03-02T17:00Z'],
    ['thirty days', custom('2026-02-28T17:00Z', '2026-03-30T17:00Z'), 'previous', '2026-01-29T17:00Z'],
    ['thirty days', custom('2026-02-28T17:00Z', '2026-03-30T17:00Z'), 'week', '2026-01-24T17:00Z'],
    [
      'eight years by month',
      custom('2018-12-31T17:00Z', '2026-12-31T17:00Z'),
      'previous',
      '2010-12-31T17:00Z',
    ],
  ] as const)('%s, %s: %s', (_name, asked, compare, from) => {
    const range = exploreRange(asked, at('2027-01-01T00:00Z'), zone)
    const before = comparedWith(range, compare, zone)
    expect(before?.from).toBe(at(from))
    expect(comparedStarts(before ?? { from: 0, to: 1 }, range.grain, zone).length).toBe(range.starts.length)
  })

  test('keeps weekdays and never overlaps the span', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), (days) => {
        const from = at('2026-01-31T17:00Z')
        const range = { from, to: from + days * day, grain: 'day' as const }
        const before = comparedWith(range, 'week', zone)
        expect(((from - (before?.from ?? 0)) / day) % 7).toBe(0)
        expect(before?.to).toBeLessThanOrEqual(from)
      }),
    )
  })
})

const start = at('2026-03-01T17:00Z')
const row = (given: Partial<SeriesRow>): SeriesRow => ({
  time: start,
  period: 0,
  rank: 0,
  label: 'a',
  value: 1,
  base: 1,
  labels: 1,
  ...given,
})
const layout = (buckets: number, more: Partial<Parameters<typeof exploreData>[1]> = {}) => ({
  starts: Array.from({ length: buckets }, (_, i) => start + i * day),
  end: start + buckets * day,
  beforeStarts: [] as number[],
  beforeEnd: 0,
  kind: 'count' as const,
  top: 2,
  now: start + 100 * day,
  gaps: [],
  since: null,
  ...more,
})

describe('rows on buckets', () => {
  test('fill holes with zeros and keep what is left over apart', () => {
    const data = exploreData(
      [
        row({ rank: 0, label: 'a', value: 5, labels: 4 }),
        row({ rank: 1, label: '', value: 3, labels: 4, time: start + day }),
        row({ rank: 2, label: '', value: 2, labels: 4 }),
      ],
      layout(3),
    )
    expect(data.series.map(({ id, rest, total }) => [id, rest, total])).toEqual([
      ['a', false, 5],
      ['', false, 3],
      [null, true, 2],
    ])
    expect([...(data.series[1]?.values ?? [])]).toEqual([0, 3, 0])
    expect(data).toMatchObject({ restOf: 2, total: 10, compared: null })
  })

  test('of a level hold until the next, of a share are shares', () => {
    const level = exploreData(
      [row({ value: 4 }), row({ value: 1, time: start + 2 * day })],
      layout(4, { kind: 'level' }),
    )
    expect([...(level.series[0]?.values ?? [])]).toEqual([4, 4, 1, 1])
    const share = exploreData(
      [row({ value: 1, base: 4 }), row({ value: 0, base: 4, time: start + day })],
      layout(3, { kind: 'share' }),
    )
    expect([...(share.series[0]?.values ?? [])]).toEqual([0.25, 0, NaN])
    expect(share.total).toBe(0.125)
  })

  test('are compared bucket by bucket, without gaps on either side and without what is under way', () => {
    const beforeStarts = [0, 1, 2, 3].map((i) => start - (4 - i) * day)
    const rows = [0, 1, 2, 3].flatMap((i) => [
      row({ time: start + i * day, value: 10 + i }),
      row({ period: 1, label: '', time: beforeStarts[i] ?? 0, value: 100 + i }),
    ])
    const whole = layout(4, {
      beforeStarts,
      beforeEnd: start,
      now: start + 3 * day + hour,
      gaps: [{ from: beforeStarts[1] ?? 0, to: (beforeStarts[1] ?? 0) + hour }],
    })
    expect(exploreData(rows, whole).compared).toEqual({ now: 22, before: 202, buckets: 2 })
    const since = (beforeStarts[1] ?? 0) + hour
    expect(exploreData(rows, { ...whole, gaps: [], since }).compared).toEqual({
      now: 12,
      before: 102,
      buckets: 1,
    })
    expect(exploreData(rows, { ...whole, since: start }).compared).toBeNull()
    // What lies before the first record is unknown and not nothing.
    expect([...(exploreData(rows, { ...whole, since }).before ?? [])]).toEqual([NaN, NaN, 102, 103])
  })
})

describe('the chart', () => {
  const formats = createFormats('en', zone)
  const rows = [
    row({ value: 5 }),
    row({ rank: 1, label: 'b', value: 2, time: start + day }),
    row({ period: 1, label: '', time: start - 3 * day }),
  ]
  const marks = {
    gaps: [{ from: start + day, to: start + 2 * day }],
    notes: [{ kind: 'holiday' as const, from: start, to: start + day }],
  }
  test.each([
    ['count', 3],
    ['count', 400],
    ['share', 3],
    ['unique', 90],
    ['level', 30],
  ] as const)('of a %s over %i buckets compiles without a warning and draws', async (kind, buckets) => {
    const data = exploreData(
      rows,
      layout(buckets, { kind, beforeStarts: [start - 3 * day], beforeEnd: start }),
    )
    const warnings: string[] = []
    const logger = {
      level: () => logger,
      error: (text: string) => (warnings.push(text), logger),
      warn: (text: string) => (warnings.push(text), logger),
      info: () => logger,
      debug: () => logger,
    }
    const { spec } = compile(exploreSpec(data, marks, formats, { width: 700, height: 300 }), {
      logger,
    } as never)
    expect(warnings).toEqual([])
    const view = new View(parse(spec, undefined, { ast: true }), {
      expr: expressionInterpreter,
      renderer: 'none',
    } as never)
    const svg = await view.toSVG()
    expect(svg).toContain(kind === 'count' || kind === 'level' ? 'mark-' : 'mark-line')
    expect(svg).not.toMatch(/NaN|undefined/)
    view.finalize()
  })
})

describe('the map', () => {
  test('address reproduces the view', () => {
    for (const search of ['', '?date=2026-03-01&hour=7&feed=sightings&flows=off&site=CAM-1&view=table'])
      expect(formatMap(parseMap(search))).toBe(search)
    expect(parseMap('?hour=24&date=2026-02-30&feed=x').hour).toBeNull()
  })

  test('puts north up, keeps the country inside, and covers it with tiles', () => {
    const map = projection(country, 600, 800)
    const [x, y] = map.point(100.5, 13.75)
    expect(x).toBeGreaterThan(0)
    expect(x).toBeLessThan(600)
    expect(map.point(100.5, 18)[1]).toBeLessThan(y)
    const tiles = map.tiles('https://t/{z}/{x}/{y}.png')
    expect(tiles.every(({ href }) => /^https:\/\/t\/\d+\/\d+\/\d+\.png$/.test(href))).toBe(true)
    expect(Math.min(...tiles.map((tile) => tile.x))).toBeLessThanOrEqual(0)
    expect(Math.max(...tiles.map((tile) => tile.y + tile.size))).toBeGreaterThanOrEqual(800)
  })

  test('adds up feeds and hours, and draws the strongest movement last', () => {
    const zeros = Array.from({ length: 24 }, () => 0)
    const counts = (hour: number, count: number) => zeros.map((_, i) => (i === hour ? count : 0))
    const mapDay = {
      from: 0,
      to: day,
      hours: 24,
      sites: [
        { feed: 'crossings' as const, site: 'A', counts: counts(3, 5) },
        { feed: 'sightings' as const, site: 'B', counts: counts(4, 9) },
      ],
      alerts: [{ site: 'A', counts: counts(3, 2), high: 1 }],
    }
    expect(placesOf(mapDay, null, null).map(({ id, count, alerts }) => [id, count, alerts])).toEqual([
      ['B', 9, 0],
      ['A', 5, 2],
    ])
    expect(placesOf(mapDay, 'crossings', 4)[0]).toMatchObject({ id: 'A', count: 0, alerts: 0 })
    const flows = {
      flows: [
        { from: 'A', to: 'B', counts: counts(1, 7) },
        { from: 'B', to: 'A', counts: counts(2, 3) },
      ],
    }
    expect(flowsOf(flows, null).map(({ count }) => count)).toEqual([3, 7])
    expect(flowsOf(flows, 1)).toEqual([{ from: 'A', to: 'B', count: 7 }])
    expect(arc([0, 0], [10, 0])).not.toBe(arc([10, 0], [0, 0]))
  })
})

test('buckets of an explore range are those that the store cuts', () => {
  const range = exploreRange({ span: '30d', custom: null, grain: 'auto' }, at('2026-03-10T05:30Z'), zone)
  expect(range.starts).toEqual(bucketStarts(range, zone).starts)
  expect(range.starts.length).toBe(30)
})

test.each([
  ['one that holds it', [[0, 10]], true],
  [
    'two that meet, in any order',
    [
      [5, 10],
      [0, 5],
    ],
    true,
  ],
  [
    'two with a hole',
    [
      [0, 4],
      [5, 10],
    ],
    false,
  ],
  ['one that begins late', [[3, 10]], false],
  ['one that ends early', [[0, 7]], false],
  ['none', [], false],
] as const)('a span is covered by %s: %j is %s', (_, spans, covered) => {
  expect(
    covers(
      spans.map(([from, to]) => ({ from, to })),
      { from: 2, to: 8 },
    ),
  ).toBe(covered)
})
