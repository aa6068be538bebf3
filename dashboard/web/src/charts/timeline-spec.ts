import type { TopLevelSpec } from 'vega-lite'
import type { Formats } from '../format/format.ts'
import { axisOf, domainOf, shifted, timeAxis } from './time-axis.ts'
import { colours, config } from './theme.ts'
import type { Size } from './volumes-spec.ts'

export interface TimelineEvent {
  readonly at: number
  /** Row of the strip: the site's name. */
  readonly row: string
  /** Told by shape: entry ▲, exit ▼, else ●. */
  readonly shape: 'entry' | 'exit' | 'other'
  readonly text: string
}

/** Evidence by time, a row a site, in order of first appearance. The point's datum is the {@link TimelineEvent}. */
export function timelineSpec(
  events: readonly TimelineEvent[],
  formats: Formats,
  { width }: Pick<Size, 'width'>,
): TopLevelSpec {
  const rows = [...new Set(events.map(({ row }) => row))]
  const ats = events.map(({ at }) => at)
  const first = Math.min(...ats)
  const last = Math.max(...ats)
  const pad = Math.max((last - first) * 0.06, 20 * 60_000)
  const x = axisOf(timeAxis(first - pad, last + pad, formats, Math.max(2, Math.floor((width - 160) / 84))))
  const time = {
    field: 't',
    type: 'temporal' as const,
    scale: {
      type: 'utc' as const,
      nice: false,
      domain: domainOf(shifted(first - pad, formats.zone), shifted(last + pad, formats.zone)),
    },
    axis: { ...x.axis, grid: true },
  }
  const values = events.map((event) => ({ ...event, t: shifted(event.at, formats.zone) }))
  return {
    width,
    height: timelineHeight(rows.length),
    autosize: { type: 'fit', contains: 'padding' },
    config,
    params: [x.param],
    data: { values },
    encoding: {
      x: time,
      y: {
        field: 'row',
        type: 'nominal',
        title: null,
        sort: rows,
        scale: { domain: rows },
        axis: { grid: true, labelLimit: Math.min(180, width * 0.32), labelColor: colours.ink },
      },
    },
    layer: [
      ...(rows.length > 1
        ? [
            {
              mark: { type: 'line' as const, color: colours.line, strokeWidth: 1.5 },
              encoding: { order: { field: 't', type: 'quantitative' as const } },
            },
          ]
        : []),
      {
        mark: {
          type: 'point',
          filled: true,
          size: 110,
          opacity: 1,
          color: colours.accent,
          stroke: colours.surface,
          strokeWidth: 1,
          tooltip: { content: 'data' },
        },
        encoding: {
          shape: {
            field: 'shape',
            type: 'nominal',
            legend: null,
            scale: { domain: ['entry', 'exit', 'other'], range: ['triangle-up', 'triangle-down', 'circle'] },
          },
        },
      },
    ],
  }
}

/** Height in px of a strip with so many rows. */
export function timelineHeight(rows: number): number {
  return 44 + Math.max(1, rows) * 34
}
