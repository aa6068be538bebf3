import { Type } from 'typebox'
import { seriesRow } from './explore-row.ts'
import { defineQuery } from './query.ts'

/** People present in lodgings over time. */
export default defineQuery({
  name: 'explore-present-series',
  params: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    compare_from: Type.Number(),
    compare_to: Type.Number(),
    grain: Type.String(),
    zone: Type.String(),
    split: Type.String(),
    top: Type.Number(),
    sites: Type.Array(Type.String()),
    sources: Type.Array(Type.String()),
    document_types: Type.Array(Type.String()),
    provinces: Type.Array(Type.String()),
    zones: Type.Array(Type.String()),
  }),
  row: seriesRow,
})
