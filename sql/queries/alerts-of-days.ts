import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Standing alerts of some days, by rule. */
export default defineQuery({
  name: 'alerts-of-days',
  params: Type.Object({ froms: Type.Array(Type.Number()), tos: Type.Array(Type.Number()) }),
  row: Type.Object({ day: Type.Number(), rule: Type.String(), class: Type.String(), count: Type.Number() }),
})
