import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Records by feed, site and hour, in [from, to) ms UTC. */
export default defineQuery({
  name: 'map-hours',
  params: Type.Object({ from: Type.Number(), to: Type.Number() }),
  row: Type.Object({
    feed: Type.String(),
    site: Type.String(),
    hour_ms: Type.Number(),
    count: Type.Number(),
  }),
})
