import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Standing alerts by site and hour of raising, in [from, to) ms UTC. */
export default defineQuery({
  name: 'map-alerts',
  params: Type.Object({ from: Type.Number(), to: Type.Number() }),
  row: Type.Object({
    site: Type.String(),
    hour_ms: Type.Number(),
    count: Type.Number(),
    high: Type.Number(),
  }),
})
