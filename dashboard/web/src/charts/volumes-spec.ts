import type { TopLevelSpec } from 'vega-lite'
import type { Formats } from '../format/format.ts'
import type { Stack } from './buckets.ts'
import { axisOf, domainOf, shifted, timeAxis } from './time-axis.ts'
import { config, countAxis, seriesColour } from './theme.ts'

/** Above this many buckets bars would be thinner than a pixel: areas instead. */
const mostBars = 200

export interface Size {
  readonly width: number
  readonly height: number
}

/** Stacked counts over time, a colour a series. The hover layer's datum has `bucket`, the index into `stack.times`. */
export function volumesSpec(stack: Stack, formats: Formats, { width, height }: Size): TopLevelSpec {
  const { times, end, series, values } = stack
  const starts = times.map((at) => shifted(at, formats.zone))
  const ends = [...starts.slice(1), shifted(end, formats.zone)]
  const from = times[0] ?? end
  const x = axisOf(timeAxis(from, end, formats, Math.max(2, Math.floor(width / 84))))
  const domain = domainOf(starts[0] ?? 0, ends.at(-1) ?? 1)
  const asBars = times.length <= mostBars
  const rows: object[] = []
  const base = new Float64Array(times.length)
  series.forEach((_, s) => {
    for (let b = 0; b < times.length; b++) {
      const count = values[s]?.[b] ?? 0
      const y0 = base[b] as number
      base[b] = y0 + count
      if (asBars && count === 0) continue
      rows.push({ s, t0: starts[b], t1: ends[b], y0, y1: y0 + count })
    }
  })
  const colour = {
    field: 's',
    type: 'nominal',
    legend: null,
    scale: { domain: series.map((_, i) => i), range: series.map(({ id }, i) => seriesColour(i, id)) },
  } as const
  const y = {
    field: 'y0',
    type: 'quantitative',
    title: null,
    scale: { domainMin: 0, nice: true },
    axis: { ...countAxis, tickCount: 5 },
  } as const
  const time = { type: 'temporal', scale: { type: 'utc', domain, nice: false }, axis: x.axis } as const
  return {
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    config,
    params: [x.param],
    layer: [
      asBars
        ? {
            data: { values: rows },
            mark: {
              type: 'rect',
              xOffset: times.length <= 60 ? 0.75 : 0,
              x2Offset: times.length <= 60 ? -0.75 : 0,
            },
            encoding: {
              x: { field: 't0', ...time },
              x2: { field: 't1' },
              y,
              y2: { field: 'y1' },
              color: colour,
            },
          }
        : {
            data: { values: rows },
            mark: { type: 'area', interpolate: 'step-after' },
            encoding: { x: { field: 't0', ...time }, y, y2: { field: 'y1' }, color: colour },
          },
      {
        data: { values: starts.map((t0, bucket) => ({ bucket, t0, t1: ends[bucket] })) },
        params: [
          {
            name: 'hover',
            select: { type: 'point', on: 'pointerover', clear: 'pointerout', fields: ['bucket'] },
          },
        ],
        mark: { type: 'rect', color: 'var(--ink)', tooltip: { content: 'data' } },
        encoding: {
          x: { field: 't0', ...time },
          x2: { field: 't1' },
          opacity: { condition: { param: 'hover', empty: false, value: 0.1 }, value: 0 },
        },
      },
    ],
  }
}
