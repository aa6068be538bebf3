import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Volumes of some days by hour and kind. */
export default defineQuery({
  name: 'volumes-of-days',
  params: Type.Object({ froms: Type.Array(Type.Number()), tos: Type.Array(Type.Number()) }),
  row: Type.Object({
    day: Type.Number(),
    feed: Type.String(),
    kind: Type.String(),
    time: Type.Number(),
    of_day: Type.Number(),
    count: Type.Number(),
    people: Type.Number(),
  }),
})
