import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Moves of vehicles between two sites by the hour of arrival; the `limit` strongest pairs of [from, to) ms UTC. */
export default defineQuery({
  name: 'map-flows',
  params: Type.Object({ from: Type.Number(), to: Type.Number(), limit: Type.Number() }),
  row: Type.Object({
    from_site: Type.String(),
    to_site: Type.String(),
    hour_ms: Type.Number(),
    count: Type.Number(),
  }),
})
