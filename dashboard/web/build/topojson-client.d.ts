/** What the build uses of topojson-client, which comes without types. */
declare module 'topojson-client' {
  type Position = number[]
  type Geometry =
    | { type: 'Polygon'; coordinates: Position[][] }
    | { type: 'MultiPolygon'; coordinates: Position[][][] }
    | { type: 'Point' | 'LineString' }
  export interface Topology {
    readonly type: 'Topology'
    readonly objects: Readonly<Record<string, object>>
    readonly arcs: readonly (readonly Position[])[]
  }
  export function feature(
    topology: Topology,
    object: object | undefined,
  ): { features: { properties: { name: string }; geometry: Geometry }[] }
}
