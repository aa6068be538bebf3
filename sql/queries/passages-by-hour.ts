import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Passages of vehicles by site and hour of the day; `key` is one of `keys`. */
export default defineQuery({
  name: 'passages-by-hour',
  params: Type.Object({
    key: Type.String(),
    keys: Type.Array(Type.String()),
    from: Type.Number(),
    to: Type.Number(),
    zone: Type.String(),
  }),
  row: Type.Object({
    vehicle_hex: Type.String(),
    site: Type.String(),
    hour: Type.Number(),
    count: Type.Number(),
  }),
})
