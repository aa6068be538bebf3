import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Days of the cube, latest first. */
export default defineQuery({
  name: 'cube-held-days',
  params: Type.Object({}),
  row: Type.Object({
    /** Seconds UTC. */
    day_s: Type.Number(),
    latest: Type.Number(),
  }),
})
