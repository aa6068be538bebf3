import type { TopLevelSpec } from 'vega-lite'
import type { Formats } from '../format/format.ts'
import type { ExploreData } from './explore-data.ts'
import { axisOf, domainOf, shifted, timeAxis } from './time-axis.ts'
import { colours, config, countAxis, seriesColour } from './theme.ts'
import type { Size } from './volumes-spec.ts'

/** Above this many buckets bars would be thinner than a pixel: areas instead. */
const mostBars = 200

export interface ExploreNote {
  readonly kind: 'holiday' | 'closure' | 'outage'
  readonly from: number
  readonly to: number
}

/** Marks under the series: spans without records, and notes on days. */
export interface ExploreMarks {
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
  readonly notes: readonly ExploreNote[]
}

/** Whether the series of a measure are stacked: those that add up. */
export function stacks({ kind }: Pick<ExploreData, 'kind'>): boolean {
  return kind === 'count' || kind === 'level'
}

/**
 * A measure over time: stacked bars (or areas) of what adds up, lines of what does not, the compared span as a dashed line,
 * gaps as a pale band with strokes, days with a note as a line at the top.
 */
export function exploreSpec(
  data: ExploreData,
  marks: ExploreMarks,
  formats: Formats,
  { width, height }: Size,
): TopLevelSpec {
  const { times, end, series, before } = data
  const at = (time: number): number => shifted(time, formats.zone)
  const starts = times.map(at)
  const ends = [...starts.slice(1), at(end)]
  const x = axisOf(timeAxis(times[0] ?? end, end, formats, Math.max(2, Math.floor(width / 84))))
  const first = starts[0] ?? 0
  const last = ends.at(-1) ?? 1
  const domain = domainOf(first, last)
  const within = (span: { from: number; to: number }): boolean => at(span.to) > first && at(span.from) < last
  const band = (span: { from: number; to: number }) => ({
    t0: Math.max(first, at(span.from)),
    t1: Math.min(last, at(span.to)),
  })
  const time = { type: 'temporal', scale: { type: 'utc', domain, nice: false }, axis: x.axis } as const
  const y = {
    type: 'quantitative',
    title: null,
    scale: { domainMin: 0, nice: true },
    axis: data.kind === 'share' ? { format: '.0%', tickCount: 5 } : { ...countAxis, tickCount: 5 },
  } as const
  const colour = {
    field: 's',
    type: 'nominal',
    legend: null,
    scale: {
      domain: series.map((_, i) => i),
      range: series.map(({ rest }, i) => (rest ? colours.rest : seriesColour(i, '·'))),
    },
  } as const
  const gap = Math.min(1.2, (width / Math.max(1, times.length)) * 0.12)
  return {
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    config,
    params: [x.param],
    layer: [
      {
        data: { values: marks.gaps.filter(within).map(band) },
        mark: { type: 'rect', color: colours.muted, opacity: 0.12 },
        encoding: { x: { field: 't0', ...time }, x2: { field: 't1' } },
      },
      ...seriesLayers(),
      ...(before === null
        ? []
        : [
            {
              data: {
                values: starts.flatMap((t0, i) =>
                  i < before.length && !Number.isNaN(before[i])
                    ? [{ t: (t0 + (ends[i] as number)) / 2, y: before[i] }]
                    : [],
                ),
              },
              mark: {
                type: 'line',
                color: colours.ink,
                strokeWidth: 1.5,
                strokeDash: [4, 3],
                opacity: 0.75,
              } as const,
              encoding: { x: { field: 't', ...time }, y: { field: 'y', ...y } },
            },
          ]),
      {
        data: {
          values: marks.notes.filter(within).map((note) => ({ ...band(note), kind: note.kind })),
        },
        mark: { type: 'rect', height: 4, y: 0, yOffset: 2 },
        encoding: {
          x: { field: 't0', ...time },
          x2: { field: 't1' },
          color: {
            field: 'kind',
            type: 'nominal',
            legend: null,
            scale: {
              domain: ['holiday', 'closure', 'outage'],
              range: [colours.accent, colours.note, colours.warn],
            },
          },
        },
      },
    ],
    resolve: { scale: { color: 'independent' } },
  } as TopLevelSpec

  function seriesLayers(): object[] {
    const rows: object[] = []
    if (!stacks(data)) {
      series.forEach(({ values }, s) =>
        values.forEach((value, b) => {
          if (!Number.isNaN(value))
            rows.push({ s, t: ((starts[b] as number) + (ends[b] as number)) / 2, y: value })
        }),
      )
      return [
        {
          data: { values: rows },
          mark: {
            type: 'line',
            strokeWidth: 2,
            point: times.length <= 60 ? { size: 18, filled: true } : false,
          },
          encoding: { x: { field: 't', ...time }, y: { field: 'y', ...y }, color: colour },
        },
      ]
    }
    const asBars = times.length <= mostBars
    const base = new Float64Array(times.length)
    series.forEach(({ values }, s) => {
      for (let b = 0; b < times.length; b++) {
        const value = values[b] as number
        if (Number.isNaN(value)) continue
        const y0 = base[b] as number
        base[b] = y0 + value
        if (asBars && value === 0) continue
        rows.push({ s, t0: starts[b], t1: ends[b], y0, y1: y0 + value })
      }
    })
    const mark = asBars
      ? { type: 'rect', xOffset: gap, x2Offset: -gap }
      : { type: 'area', interpolate: 'step-after' }
    return [
      {
        data: { values: rows },
        mark,
        encoding: {
          x: { field: 't0', ...time },
          ...(asBars ? { x2: { field: 't1' } } : {}),
          y: { field: 'y0', ...y },
          y2: { field: 'y1' },
          color: colour,
        },
      },
    ]
  }
}
