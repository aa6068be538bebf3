import type { Config } from 'vega-lite'

/**
 * Colours of charts are the design tokens themselves, as CSS variables in the SVG: a chart follows light, dark and print
 * without being drawn anew.
 */
export const colours = {
  ink: 'var(--ink)',
  muted: 'var(--ink-2)',
  line: 'var(--line)',
  surface: 'var(--surface)',
  accent: 'var(--accent)',
  warn: 'var(--high)',
  note: 'var(--medium)',
  sea: 'var(--map-sea)',
  land: 'var(--map-land)',
  home: 'var(--map-home)',
  border: 'var(--map-border)',
  rest: 'var(--series-rest)',
} as const

/** Series told apart by colour-blind readers too (after Okabe and Ito), in the order they are given out. */
export const seriesColours = [
  'var(--series-1)',
  'var(--series-2)',
  'var(--series-3)',
  'var(--series-4)',
  'var(--series-5)',
  'var(--series-6)',
  'var(--series-7)',
] as const

/** Vega measures text with it, so it is a list of fonts and no variable. */
export const font = "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', 'Noto Sans Thai', sans-serif"

/** Colour of series `index`, or of the left-over (id ''). */
export function seriesColour(index: number, id: string): string {
  return id === '' ? colours.rest : (seriesColours[index % seriesColours.length] as string)
}

/** Labels of a count: 800, 1,200, 12k, 3.4M. */
export const countAxis = {
  labelExpr: "format(datum.value, datum.value < 10000 ? ',' : '.3~s')",
  tickMinStep: 1,
} as const

export const config: Config = {
  background: 'transparent',
  font,
  view: { stroke: null },
  axis: {
    labelColor: colours.muted,
    labelFontSize: 11.5,
    titleColor: colours.muted,
    titleFontSize: 11.5,
    titleFontWeight: 'normal',
    gridColor: colours.line,
    domain: false,
    ticks: false,
    labelPadding: 6,
  },
  axisX: {
    grid: false,
    domain: true,
    domainColor: colours.line,
    ticks: true,
    tickColor: colours.line,
    tickSize: 4,
    labelPadding: 4,
  },
  text: { color: colours.ink, fontSize: 11.5 },
}
