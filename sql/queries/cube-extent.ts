import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Latest version, first and last hour of the cube. */
export default defineQuery({
  name: 'cube-extent',
  params: Type.Object({}),
  row: Type.Object({
    latest: Type.Number(),
    first_s: Type.Number(),
    last_s: Type.Number(),
    written: Type.Number(),
  }),
})
