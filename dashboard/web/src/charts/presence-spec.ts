import type { TopLevelSpec } from 'vega-lite'
import type { Formats } from '../format/format.ts'
import { axisOf, domainOf, shifted, timeAxis } from './time-axis.ts'
import { colours, config, countAxis } from './theme.ts'
import type { Size } from './volumes-spec.ts'

export interface PresenceInput {
  readonly steps: readonly { readonly at: number; readonly present: number }[]
  readonly capacity: number
  /** Span of the finding, ms UTC. */
  readonly startAt: number
  readonly endAt: number
  readonly from: number
  readonly to: number
  readonly words: { readonly capacity: string }
}

/** People present over time as a step line, capacity as a rule, the span of the finding shaded. */
export function presenceSpec(input: PresenceInput, formats: Formats, { width, height }: Size): TopLevelSpec {
  const { steps, capacity, from, to } = input
  const x = axisOf(timeAxis(from, to, formats, Math.max(2, Math.floor(width / 84))))
  const shift = (at: number): number => shifted(Math.min(Math.max(at, from), to), formats.zone)
  const inside = steps.filter(({ at }) => at <= to)
  const before = inside.findLast(({ at }) => at <= from)
  const kept = inside.filter(({ at }) => at > from)
  const line = [
    { t: shift(from), at: from, present: before?.present ?? 0 },
    ...kept.map(({ at, present }) => ({ t: shift(at), at, present })),
  ]
  line.push({ t: shift(to), at: to, present: line.at(-1)?.present ?? 0 })
  const time = {
    type: 'temporal' as const,
    scale: { type: 'utc' as const, nice: false, domain: domainOf(shift(from), shift(to)) },
    axis: x.axis,
  }
  const people = {
    type: 'quantitative',
    title: null,
    scale: { domainMin: 0, nice: true },
    axis: { ...countAxis, tickCount: 5 },
  } as const
  return {
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    config,
    params: [x.param],
    layer: [
      {
        data: { values: [{ t0: shift(input.startAt), t1: shift(input.endAt) }] },
        mark: { type: 'rect', color: colours.warn, opacity: 0.12 },
        encoding: { x: { field: 't0', ...time }, x2: { field: 't1' } },
      },
      {
        data: { values: line },
        mark: {
          type: 'area',
          interpolate: 'step-after',
          color: colours.accent,
          fillOpacity: 0.18,
          line: { color: colours.accent, strokeWidth: 1.75, interpolate: 'step-after' },
        },
        encoding: { x: { field: 't', ...time }, y: { field: 'present', ...people } },
      },
      {
        data: {
          values: [
            { capacity, label: `${input.words.capacity} ${formats.number(capacity)}`, t: shift(from) },
          ],
        },
        encoding: { y: { field: 'capacity', ...people } },
        layer: [
          { mark: { type: 'rule', color: colours.warn, strokeDash: [5, 4], strokeWidth: 1.5 } },
          {
            mark: {
              type: 'text',
              align: 'left',
              baseline: 'bottom',
              dx: 6,
              dy: -3,
              color: colours.warn,
              fontWeight: 600,
            },
            encoding: { x: { field: 't', ...time }, text: { field: 'label' } },
          },
        ],
      },
      {
        data: { values: line },
        mark: { type: 'point', size: 120, opacity: 0, filled: true, tooltip: { content: 'data' } },
        encoding: { x: { field: 't', ...time }, y: { field: 'present', ...people } },
      },
    ],
  }
}
