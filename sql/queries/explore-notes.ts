import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Holidays and unusual opening hours that touch a span; days are `YYYY-MM-DD`. */
export default defineQuery({
  name: 'explore-notes',
  params: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    first_day: Type.String(),
    last_day: Type.String(),
  }),
  row: Type.Object({
    kind: Type.String(),
    id: Type.String(),
    name: Type.String(),
    name_th: Type.String(),
    hours: Type.String(),
    reason: Type.String(),
    from_ms: Type.Number(),
    to_ms: Type.Number(),
  }),
})
