export type Position = [longitude: number, latitude: number]
export interface RegionFeature {
  readonly type: 'Feature'
  readonly properties: { readonly name: string; readonly home: boolean }
  readonly geometry: { readonly type: 'MultiPolygon'; readonly coordinates: Position[][][] }
}
export interface Region {
  readonly type: 'FeatureCollection'
  readonly features: RegionFeature[]
}

/** What a world atlas says of each country. */
export interface Countries {
  readonly features: readonly {
    readonly properties: { readonly name: string }
    readonly geometry:
      | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly number[])[][] }
      | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly number[])[][][] }
      | { readonly type: 'Point' | 'LineString' }
  }[]
}

/** West, south, east, north of what the map keeps: Thailand with room around it. */
export const regionBounds = [91, 3, 111, 24] as const
const home = 'Thailand'

/**
 * The countries that meet {@link regionBounds}, cut to it and rounded to about 1 km, from a world-atlas topology. The world
 * in full would be 3.6 MB; this is what a small map needs.
 */
export function regionOf(countries: Countries): Region {
  const features: RegionFeature[] = []
  for (const { geometry, properties } of countries.features) {
    if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') continue
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    const kept = polygons
      .map((rings) => rings.map((ring) => clipRing(ring as Position[])).filter(isVisible))
      .filter((rings) => rings.length > 0)
    if (kept.length === 0) continue
    features.push({
      type: 'Feature',
      properties: { name: properties.name, home: properties.name === home },
      geometry: { type: 'MultiPolygon', coordinates: kept },
    })
  }
  return { type: 'FeatureCollection', features }
}

/** Sutherland–Hodgman against the four sides; a concave ring may get edges along the frame, which lie outside the view. */
export function clipRing(ring: readonly Position[]): Position[] {
  const [west, south, east, north] = regionBounds
  let points = ring.slice(0, -1)
  points = clipSide(points, 0, west, 1)
  points = clipSide(points, 0, east, -1)
  points = clipSide(points, 1, south, 1)
  points = clipSide(points, 1, north, -1)
  const rounded: Position[] = []
  for (const [x, y] of points) {
    const point: Position = [round(x), round(y)]
    const last = rounded.at(-1)
    if (last === undefined || last[0] !== point[0] || last[1] !== point[1]) rounded.push(point)
  }
  const first = rounded[0]
  if (first === undefined || rounded.length < 3) return []
  return [...rounded, first]
}

function clipSide(points: readonly Position[], axis: 0 | 1, edge: number, sign: 1 | -1): Position[] {
  const inside = (p: Position): boolean => (p[axis] - edge) * sign >= 0
  const out: Position[] = []
  for (let i = 0; i < points.length; i++) {
    const a = points[(i + points.length - 1) % points.length] as Position
    const b = points[i] as Position
    if (inside(a) !== inside(b)) {
      const t = (edge - a[axis]) / (b[axis] - a[axis])
      out.push(axis === 0 ? [edge, a[1] + t * (b[1] - a[1])] : [a[0] + t * (b[0] - a[0]), edge])
    }
    if (inside(b)) out.push(b)
  }
  return out
}

/** Islets below some 4 km would be less than a pixel. */
function isVisible(ring: readonly Position[]): boolean {
  const longitudes = ring.map(([longitude]) => longitude)
  return ring.length >= 4 && Math.max(...longitudes) - Math.min(...longitudes) > 0.04
}

function round(degrees: number): number {
  return Math.round(degrees * 100) / 100
}
