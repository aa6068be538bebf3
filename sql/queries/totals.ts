import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Records of each feed in some spans. */
export default defineQuery({
  name: 'totals',
  params: Type.Object({
    froms: Type.Array(Type.Number()),
    tos: Type.Array(Type.Number()),
    cut_1: Type.Number(),
    cut_2: Type.Number(),
    cut_3: Type.Number(),
    cut_4: Type.Number(),
    cut_5: Type.Number(),
    cut_6: Type.Number(),
  }),
  row: Type.Object({ feed: Type.String(), span: Type.Number(), count: Type.Number(), people: Type.Number() }),
})
