import { Type } from 'typebox'
import { boardRow } from './explore-row.ts'
import { defineQuery } from './query.ts'

/** People present by the values of every dimension, now and before. */
export default defineQuery({
  name: 'explore-present-boards',
  params: Type.Object({
    to: Type.Number(),
    compare_to: Type.Number(),
    top: Type.Number(),
    sites: Type.Array(Type.String()),
    sources: Type.Array(Type.String()),
    document_types: Type.Array(Type.String()),
    provinces: Type.Array(Type.String()),
    zones: Type.Array(Type.String()),
  }),
  row: boardRow,
})
