import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** What the hashes of the cube's rows stand for. */
export default defineQuery({
  name: 'cube-names',
  params: Type.Object({ feed: Type.String(), from: Type.Number(), to: Type.Number() }),
  row: Type.Object({ is_place: Type.Number(), hash: Type.String(), names: Type.Array(Type.String()) }),
})
