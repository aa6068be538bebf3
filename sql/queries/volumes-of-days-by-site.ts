import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Volumes of some days by site. */
export default defineQuery({
  name: 'volumes-of-days-by-site',
  params: Type.Object({ froms: Type.Array(Type.Number()), tos: Type.Array(Type.Number()) }),
  row: Type.Object({ feed: Type.String(), site: Type.String(), day: Type.Number(), count: Type.Number() }),
})
