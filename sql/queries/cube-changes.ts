import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Hours of the cube that were recomputed since a version. */
export default defineQuery({
  name: 'cube-changes',
  params: Type.Object({ since: Type.Number() }),
  row: Type.Object({
    feed: Type.String(),
    /** Seconds UTC. */
    hour_s: Type.Number(),
    latest: Type.Number(),
    written: Type.Number(),
  }),
})
