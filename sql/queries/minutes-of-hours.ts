import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Records of each feed by the minute in some hours. */
export default defineQuery({
  name: 'minutes-of-hours',
  params: Type.Object({
    hour_1: Type.Number(),
    hour_2: Type.Number(),
    hour_3: Type.Number(),
    hour_4: Type.Number(),
    hour_5: Type.Number(),
  }),
  row: Type.Object({
    feed: Type.String(),
    at_ms: Type.Number(),
    count: Type.Number(),
    people: Type.Number(),
  }),
})
