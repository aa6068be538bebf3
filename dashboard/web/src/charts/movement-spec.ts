import type { TopLevelSpec } from 'vega-lite'
import type { Region } from '../../build/region.ts'
import { mapSpec } from './map-spec.ts'
import { colours } from './theme.ts'
import type { Size } from './volumes-spec.ts'

export interface Place {
  readonly id: string
  readonly name: string
  readonly latitude: number
  readonly longitude: number
  readonly count: number
}

export interface Leg {
  readonly from: Place
  readonly to: Place
  readonly count: number
}

/** Where an entity was and how it moved: sites by how often, legs by how often, the map of the alert page beneath. */
export function movementSpec(
  { region, places, legs }: { region: Region; places: readonly Place[]; legs: readonly Leg[] },
  size: Size,
): TopLevelSpec {
  const most = Math.max(1, ...legs.map(({ count }) => count))
  const base = mapSpec({ region, sites: places, others: [] }, size) as TopLevelSpec & { layer: object[] }
  // Land first, then the legs in place of the line in the order of visits, then sites and names.
  const [land, , , points, names] = base.layer
  return {
    ...base,
    layer: [
      land,
      {
        data: {
          values: legs.map(({ from, to, count }) => ({
            longitude: from.longitude,
            latitude: from.latitude,
            longitude2: to.longitude,
            latitude2: to.latitude,
            width: 1 + (5 * count) / most,
            opacity: 0.25 + (0.5 * count) / most,
          })),
        },
        mark: {
          type: 'rule',
          clip: true,
          color: colours.accent,
          strokeCap: 'round',
          strokeWidth: { expr: 'datum.width' },
          opacity: { expr: 'datum.opacity' },
        },
        encoding: {
          longitude: { field: 'longitude', type: 'quantitative' },
          latitude: { field: 'latitude', type: 'quantitative' },
          longitude2: { field: 'longitude2' },
          latitude2: { field: 'latitude2' },
        },
      },
      points,
      names,
    ],
  } as unknown as TopLevelSpec
}
