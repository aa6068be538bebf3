import { Type } from 'typebox'
import { boardRow } from './explore-row.ts'
import { defineQuery } from './query.ts'

/** Unique travellers by the values of every dimension, now and before. */
export default defineQuery({
  name: 'explore-travellers-boards',
  params: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    compare_from: Type.Number(),
    compare_to: Type.Number(),
    grain: Type.String(),
    zone: Type.String(),
    top: Type.Number(),
    sites: Type.Array(Type.String()),
    sources: Type.Array(Type.String()),
    directions: Type.Array(Type.String()),
    document_types: Type.Array(Type.String()),
    provinces: Type.Array(Type.String()),
    zones: Type.Array(Type.String()),
  }),
  row: boardRow,
})
