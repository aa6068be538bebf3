import type { MapDay, MapFlows } from '../../../api/map-shapes.ts'
import type { Feed } from '../../../api/shapes.ts'

/** One site as the map and its table show it. */
export interface MapPlace {
  readonly id: string
  readonly count: number
  readonly alerts: number
  /** By hour of the day. */
  readonly hours: readonly number[]
}

/** Records of a feed (null: all) and alerts at each site, in one hour (null: the whole day); largest first. */
export function placesOf(day: MapDay, feed: Feed | null, hour: number | null): MapPlace[] {
  const pick = (counts: readonly number[]): number =>
    hour === null ? counts.reduce((sum, count) => sum + count, 0) : (counts[hour] ?? 0)
  const places = new Map<string, { id: string; count: number; alerts: number; hours: number[] }>()
  const place = (id: string) => {
    const known = places.get(id) ?? {
      id,
      count: 0,
      alerts: 0,
      hours: Array.from({ length: day.hours }, () => 0),
    }
    places.set(id, known)
    return known
  }
  for (const { feed: own, site, counts } of day.sites) {
    if (feed !== null && own !== feed) continue
    const one = place(site)
    one.count += pick(counts)
    counts.forEach((count, i) => (one.hours[i] = (one.hours[i] ?? 0) + count))
  }
  for (const { site, counts } of day.alerts) if (site !== '') place(site).alerts += pick(counts)
  return [...places.values()].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1))
}

export interface MapFlow {
  readonly from: string
  readonly to: string
  readonly count: number
}

/** Movements in one hour (null: the whole day), the strongest last, so that they are drawn on top. */
export function flowsOf({ flows }: MapFlows, hour: number | null): MapFlow[] {
  return flows
    .map(({ from, to, counts }) => ({
      from,
      to,
      count: hour === null ? counts.reduce((sum, count) => sum + count, 0) : (counts[hour] ?? 0),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.count - b.count)
}

/** A bent line from one point to another, so that the two directions lie apart. */
export function arc([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): string {
  const [dx, dy] = [x1 - x0, y1 - y0]
  const round = (n: number): number => Math.round(n * 10) / 10
  return `M${round(x0)} ${round(y0)}Q${round((x0 + x1) / 2 - dy * 0.16)} ${round((y0 + y1) / 2 + dx * 0.16)} ${round(x1)} ${round(y1)}`
}
