import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Records of each feed in some spans of whole hours. */
export default defineQuery({
  name: 'totals',
  params: Type.Object({ froms: Type.Array(Type.Number()), tos: Type.Array(Type.Number()) }),
  row: Type.Object({ feed: Type.String(), span: Type.Number(), count: Type.Number(), people: Type.Number() }),
})
