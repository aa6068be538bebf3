import { Type, type Static } from 'typebox'
import { Feed, LocalDate } from './shapes.ts'

// GET /api/map/day
export const MapQuery = Type.Object({ date: LocalDate }, { additionalProperties: false })
export type MapQuery = Static<typeof MapQuery>
/** By hour of the day, 24 numbers (25 or 23 where clocks change); the first begins at `from`. */
const Hours = Type.Array(Type.Number())
export const MapDay = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  hours: Type.Integer(),
  /** Records of each feed at each site. */
  sites: Type.Array(Type.Object({ feed: Feed, site: Type.String(), counts: Hours })),
  alerts: Type.Array(Type.Object({ site: Type.String(), counts: Hours, high: Type.Number() })),
})
export type MapDay = Static<typeof MapDay>

// GET /api/map/flows
export const MapFlows = Type.Object({
  /** Vehicles that were read at `from` and then at `to` within six hours, by the hour of arrival. */
  flows: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), counts: Hours })),
})
export type MapFlows = Static<typeof MapFlows>
