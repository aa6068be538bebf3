import type { TopLevelSpec } from 'vega-lite'
import type { Formats } from '../format/format.ts'
import { colours, config, countAxis } from './theme.ts'
import type { Size } from './volumes-spec.ts'

export interface HourRow {
  /** Hour of the day, 0 to 23. */
  readonly hour: number
  readonly count: number
  readonly usual: number | null
}

/** Counts of one day by hour as bars, the usual as a step line above them. */
export function hourlySpec(
  rows: readonly HourRow[],
  _formats: Formats,
  { width, height }: Size,
): TopLevelSpec {
  const hours = {
    type: 'quantitative' as const,
    scale: { domain: [0, 24], nice: false },
    axis: { title: null, values: [0, 6, 12, 18, 24], format: '02d' },
  }
  const y = {
    type: 'quantitative',
    title: null,
    scale: { domainMin: 0, nice: true },
    axis: { ...countAxis, tickCount: 3 },
  } as const
  const bars = rows.map(({ hour, count }) => ({ h0: hour + 0.08, h1: hour + 0.92, zero: 0, count }))
  const usual = rows.flatMap(({ hour, usual }) => (usual === null ? [] : [{ hour, usual }]))
  const last = usual.at(-1)
  if (last !== undefined) usual.push({ hour: last.hour + 1, usual: last.usual })
  return {
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    config,
    layer: [
      {
        data: { values: bars },
        mark: { type: 'rect', color: colours.accent, opacity: 0.85 },
        encoding: {
          x: { field: 'h0', ...hours },
          x2: { field: 'h1' },
          y: { field: 'count', ...y },
          y2: { field: 'zero' },
        },
      },
      {
        data: { values: usual },
        mark: {
          type: 'line',
          interpolate: 'step-after',
          color: colours.ink,
          strokeWidth: 1.5,
          strokeDash: [4, 2],
        },
        encoding: { x: { field: 'hour', ...hours }, y: { field: 'usual', ...y } },
      },
    ],
  }
}
