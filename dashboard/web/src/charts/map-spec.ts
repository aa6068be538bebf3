import type { TopLevelSpec } from 'vega-lite'
import type { Region } from '../../build/region.ts'
import { country, projection, vegaMercator, type Frame, type Projection } from './mercator.ts'
import { colours, config } from './theme.ts'
import type { Size } from './volumes-spec.ts'

export interface MapSite {
  readonly name: string
  readonly latitude: number
  readonly longitude: number
}

export interface MapInput {
  readonly region: Region
  /** Sites of the alert, in the order they were visited. */
  readonly sites: readonly MapSite[]
  /** Other sites, drawn faint. */
  readonly others: readonly MapSite[]
}

/** Thailand and neighbours around the sites of an alert, which are marked and named. */
export function mapSpec({ region, sites, others }: MapInput, { width, height }: Size): TopLevelSpec {
  const frame = frameOf(sites)
  return {
    width,
    height,
    config,
    background: colours.sea,
    padding: 0,
    projection: vegaMercator(frame, width, height) as never,
    layer: [
      {
        data: { values: region.features as object[] },
        mark: { type: 'geoshape', clip: true, stroke: colours.border, strokeWidth: 0.8 },
        encoding: {
          color: {
            field: 'properties.home',
            type: 'nominal',
            legend: null,
            scale: { domain: [true, false], range: [colours.home, colours.land] },
          },
        },
      },
      {
        data: { values: others.filter((site) => within(site, frame)) as object[] },
        mark: { type: 'circle', size: 12, color: colours.muted, opacity: 0.55, clip: true },
        encoding: position,
      },
      {
        data: { values: sites.map((site, order) => ({ ...site, order })) },
        mark: { type: 'line', color: colours.accent, strokeWidth: 1.25, strokeDash: [3, 3], clip: true },
        encoding: { ...position, order: { field: 'order', type: 'quantitative' } },
      },
      {
        data: { values: sites as object[] },
        mark: {
          type: 'point',
          filled: true,
          opacity: 1,
          size: 130,
          color: colours.accent,
          stroke: colours.surface,
          strokeWidth: 2,
          tooltip: { content: 'data' },
        },
        encoding: position,
      },
      {
        data: { values: labelled(sites, projection(frame, width, height)) },
        mark: {
          type: 'text',
          align: { expr: 'datum.align' },
          dx: { expr: "datum.align === 'left' ? -6 : datum.align === 'right' ? 6 : 0" },
          dy: { expr: 'datum.dy' },
          fontSize: 12,
          fontWeight: 600,
          color: colours.ink,
          limit: width * 0.8,
        },
        encoding: { ...position, text: { field: 'name' } },
      },
    ],
  }
}

const position = {
  longitude: { field: 'longitude', type: 'quantitative' },
  latitude: { field: 'latitude', type: 'quantitative' },
} as const

const textHeight = 15
const textGap = 12

/** Names beside their sites where no other name stands: above, else below, else none. Text grows away from the edge. */
function labelled(sites: readonly MapSite[], { point, width }: Projection): object[] {
  const taken: { left: number; right: number; top: number }[] = []
  return sites.flatMap((site) => {
    const [x, y] = point(site.longitude, site.latitude)
    const length = 6.9 * site.name.replaceAll(/\p{Mark}/gu, '').length
    const align = x < 0.35 * width ? 'left' : x > 0.65 * width ? 'right' : 'center'
    const left = align === 'left' ? x - 6 : align === 'right' ? x + 6 - length : x - length / 2
    for (const dy of [-textGap - 2, textGap + 4]) {
      const box = { left, right: left + length, top: y + dy }
      const free = taken.every(
        (other) =>
          box.right < other.left || box.left > other.right || Math.abs(box.top - other.top) > textHeight,
      )
      if (!free) continue
      taken.push(box)
      return [{ ...site, align, dy }]
    }
    return []
  })
}

/** Degrees that are shown at least: around one place so that it is known again, around several so that they stand apart. */
const leastSpan = { one: 6, several: 2.4 }

/** The sites with room around them, not more than the country where they lie in it. */
function frameOf(sites: readonly MapSite[]): Frame {
  if (sites.length === 0) return country
  const { longitude, latitude } = sites[0] as MapSite
  const apart = sites.some((site) => site.longitude !== longitude || site.latitude !== latitude)
  const least = apart ? leastSpan.several : leastSpan.one
  const across = spanOf(
    sites.map((site) => site.longitude),
    least,
  )
  const along = spanOf(
    sites.map((site) => site.latitude),
    least,
  )
  const frame = { west: across.from, east: across.to, south: along.from, north: along.to }
  const tall = frame.north - frame.south > 0.75 * (country.north - country.south)
  return tall && sites.some((site) => within(site, country)) ? country : frame
}

function spanOf(values: readonly number[], leastSpan: number): { from: number; to: number } {
  const [first, last] = [Math.min(...values), Math.max(...values)]
  const half = Math.max(leastSpan, 1.7 * (last - first)) / 2
  const middle = (first + last) / 2
  return { from: middle - half, to: middle + half }
}

function within({ latitude, longitude }: MapSite, { west, south, east, north }: Frame): boolean {
  return longitude >= west && longitude <= east && latitude >= south && latitude <= north
}
