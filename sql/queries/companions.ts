import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Vehicles seen with a vehicle; `within` in ms. */
export default defineQuery({
  name: 'companions',
  params: Type.Object({
    key: Type.String(),
    from: Type.Number(),
    to: Type.Number(),
    within: Type.Number(),
    zone: Type.String(),
    limit: Type.Number(),
  }),
  row: Type.Object({
    vehicle_hex: Type.String(),
    shared: Type.Number(),
    sites: Type.Number(),
    days: Type.Number(),
    ahead: Type.Number(),
    first_ms: Type.Number(),
    last_ms: Type.Number(),
  }),
})
