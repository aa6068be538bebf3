import type { TopLevelSpec } from 'vega-lite'
import type { Region } from '../../build/region.ts'
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

/** West, south, east, north of the whole country with a margin. */
const country = { west: 96.6, south: 5.2, east: 106.4, north: 21.8 }

/** Thailand and neighbours, the sites of an alert marked and named. Sites far from Thailand get a frame of their own. */
export function mapSpec({ region, sites, others }: MapInput, { width, height }: Size): TopLevelSpec {
  const frame = frameOf(sites)
  return {
    width,
    height,
    config,
    background: colours.sea,
    padding: 0,
    projection: mercator(frame, { width, height }) as never,
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
        data: { values: labelled(sites, frame) },
        mark: {
          type: 'text',
          align: { expr: 'datum.align' },
          dx: { expr: "datum.align === 'left' ? -6 : datum.align === 'right' ? 6 : 0" },
          dy: -14,
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

/** One name a place: of sites closer than a label is high, the first. Text grows away from the edge. */
function labelled(sites: readonly MapSite[], frame: typeof country): object[] {
  const near = (frame.north - frame.south) / 22
  const kept: MapSite[] = []
  for (const site of sites)
    if (
      !kept.some(
        (other) =>
          Math.abs(other.latitude - site.latitude) < near &&
          Math.abs(other.longitude - site.longitude) < near * 4,
      )
    )
      kept.push(site)
  return kept.map((site) => {
    const across = (site.longitude - frame.west) / (frame.east - frame.west)
    return { ...site, align: across < 0.35 ? 'left' : across > 0.65 ? 'right' : 'center' }
  })
}

function frameOf(sites: readonly MapSite[]): typeof country {
  if (sites.length === 0 || sites.some((site) => within(site, country))) return country
  const west = Math.min(...sites.map(({ longitude }) => longitude)) - 4
  const east = Math.max(...sites.map(({ longitude }) => longitude)) + 4
  const south = Math.min(...sites.map(({ latitude }) => latitude)) - 4
  const north = Math.max(...sites.map(({ latitude }) => latitude)) + 4
  return { west, south, east, north }
}

function within({ latitude, longitude }: MapSite, { west, south, east, north }: typeof country): boolean {
  return longitude >= west && longitude <= east && latitude >= south && latitude <= north
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Web Mercator that puts the frame into the middle of the picture, as large as it fits. */
function mercator({ west, south, east, north }: typeof country, { width, height }: Size) {
  const up = (latitude: number): number => Math.log(Math.tan(Math.PI / 4 + radians(latitude) / 2))
  const scale = Math.min(width / radians(east - west), height / (up(north) - up(south)))
  const x = width / 2 - scale * radians((west + east) / 2)
  const y = height / 2 + (scale * (up(north) + up(south))) / 2
  return { type: 'mercator', scale, translate: [x, y], center: [0, 0] } as const
}
