import { describe, expect, it } from 'vitest'
import { View, parse, type Spec } from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compile, type TopLevelSpec } from 'vega-lite'
import { stackOf, type VolumeColumns } from '../../../dashboard/web/src/charts/buckets.ts'
import { hourlySpec } from '../../../dashboard/web/src/charts/hourly-spec.ts'
import { mapSpec } from '../../../dashboard/web/src/charts/map-spec.ts'
import { presenceSpec } from '../../../dashboard/web/src/charts/presence-spec.ts'
import { volumesSpec } from '../../../dashboard/web/src/charts/volumes-spec.ts'
import { createFormats } from '../../../dashboard/web/src/format/format.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-22T17:00:00Z')
const size = { width: 640, height: 260 }
const formats = { en: createFormats('en', 'Asia/Bangkok'), th: createFormats('th', 'Asia/Bangkok') }

/** Compiles without a hint, and draws as the page does: with the interpreter, so without eval. */
async function drawn(spec: TopLevelSpec): Promise<string> {
  const hints: unknown[] = []
  const logger = {
    level: () => logger,
    error: (...parts: unknown[]) => (hints.push(parts), logger),
    warn: (...parts: unknown[]) => (hints.push(parts), logger),
    info: () => logger,
    debug: () => logger,
  }
  const compiled = compile(spec, { logger: logger as never }).spec as Spec
  expect(hints).toEqual([])
  const view = new View(parse(compiled, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'none',
  } as never)
  await view.runAsync()
  const svg = await view.toSVG()
  view.finalize()
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  return svg
}

function columnsOf(
  rows: readonly (readonly [time: number, site: string, kind: string, count: number])[],
): VolumeColumns {
  return {
    length: rows.length,
    time: Float64Array.from(rows, ([time]) => time),
    site: rows.map(([, site]) => site),
    kind: rows.map(([, , kind]) => kind),
    feed: rows.map(() => 'crossings'),
    count: Float64Array.from(rows, ([, , , count]) => count),
  }
}

const hours = Array.from({ length: 24 }, (_, i) => start + i * hour)
const rows = hours.flatMap((time, i) =>
  Array.from(
    { length: 12 },
    (_, s) => [time, `S${String(s).padStart(2, '0')}`, i % 2 ? 'entry' : 'exit', 12 - s] as const,
  ),
)
const options = { split: 'site', top: 6, buckets: hours, end: start + 24 * hour } as const

describe('stack of counts', () => {
  it('keeps the largest series and adds up the rest, losing nothing', () => {
    const stack = stackOf(columnsOf(rows), options)
    expect(stack.series.map(({ id }) => id)).toEqual(['S00', 'S01', 'S02', 'S03', 'S04', 'S05', ''])
    expect(stack.restOf).toBe(6)
    const cells = stack.values.flatMap((values) => [...values]).reduce((a, b) => a + b, 0)
    expect([stack.total, cells]).toEqual([24 * 78, 24 * 78])
  })

  it('draws the last one apart instead of calling one site "other"', () => {
    const stack = stackOf(columnsOf(rows.filter(([, site]) => site < 'S07')), options)
    expect(stack.series.map(({ id }) => id)).toEqual(['S00', 'S01', 'S02', 'S03', 'S04', 'S05', 'S06'])
  })

  it('leaves out rows of other buckets', () => {
    expect(stackOf(columnsOf([[start - 1, 'A', '', 5]]), options).series).toEqual([])
  })

  it('splits by direction', () => {
    const stack = stackOf(columnsOf(rows), { ...options, split: 'kind' })
    expect(stack.series.map(({ id }) => id)).toEqual(['entry', 'exit'])
  })
})

describe('charts', () => {
  it('of volumes draw a bar a bucket and series, with local hours below', async () => {
    const svg = await drawn(volumesSpec(stackOf(columnsOf(rows), options), formats.en, size))
    expect(svg).toContain('>06:00<')
    expect(svg).toContain('>Mon 23<')
    expect(svg.match(/var\(--series-1\)/g)?.length).toBe(24)
  })

  it('of five years draw areas', async () => {
    const days = Array.from({ length: 1826 }, (_, i) => start + i * 24 * hour)
    const stack = stackOf(columnsOf(days.map((time) => [time, 'HK', 'entry', 100])), {
      ...options,
      buckets: days,
      end: start + 1826 * 24 * hour,
    })
    expect(await drawn(volumesSpec(stack, formats.en, size))).toContain('mark-area')
  })

  it('of volumes draw without any count', async () => {
    await drawn(volumesSpec(stackOf(columnsOf([]), options), formats.th, size))
  })

  it('of presence show the capacity', async () => {
    const svg = await drawn(
      presenceSpec(
        {
          steps: [
            { at: start - hour, present: 4 },
            { at: start + hour, present: 34 },
            { at: start + 9 * hour, present: 0 },
          ],
          capacity: 30,
          startAt: start + hour,
          endAt: start + 9 * hour,
          from: start,
          to: start + 12 * hour,
          words: { capacity: 'Capacity' },
        },
        formats.en,
        size,
      ),
    )
    expect(svg).toContain('Capacity 30')
  })

  it('of a day by hour draw with and without a usual', async () => {
    const day = Array.from({ length: 24 }, (_, hour) => ({
      hour,
      count: hour * 3,
      usual: hour % 3 ? hour : null,
    }))
    await drawn(hourlySpec(day, formats.en, size))
    await drawn(
      hourlySpec(
        day.map((row) => ({ ...row, usual: null })),
        formats.en,
        size,
      ),
    )
  })

  it('of places name the sites of an alert', async () => {
    const square: [number, number][] = [
      [98, 6],
      [98, 20],
      [105, 20],
      [105, 6],
      [98, 6],
    ]
    const region = {
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: { name: 'Thailand', home: true },
          geometry: { type: 'MultiPolygon', coordinates: [[square]] },
        },
      ],
    } as const
    const svg = await drawn(
      mapSpec(
        {
          region: structuredClone(region) as never,
          sites: [
            { name: 'Mae Sai', latitude: 20.44, longitude: 99.88 },
            { name: 'Padang Besar', latitude: 6.66, longitude: 100.32 },
          ],
          others: [{ name: 'Hong Kong', latitude: 22.3, longitude: 114.2 }],
        },
        { width: 300, height: 400 },
      ),
    )
    expect(svg).toContain('Mae Sai')
    expect(svg).toContain('Padang Besar')
  })
})
