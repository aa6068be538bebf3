import { Type } from 'typebox'
import { boardRow } from './explore-row.ts'
import { defineQuery } from './query.ts'

/** Values of every dimension of the records, now and before. */
export default defineQuery({
  name: 'explore-boards',
  params: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    compare_from: Type.Number(),
    compare_to: Type.Number(),
    top: Type.Number(),
    column: Type.String(),
    /** Spans that are left out: gaps and what stands beside them. */
    skip_from: Type.Array(Type.Number()),
    skip_to: Type.Array(Type.Number()),
    feeds: Type.Array(Type.String()),
    sites: Type.Array(Type.String()),
    sources: Type.Array(Type.String()),
    directions: Type.Array(Type.String()),
    document_types: Type.Array(Type.String()),
    vehicle_classes: Type.Array(Type.String()),
    provinces: Type.Array(Type.String()),
    zones: Type.Array(Type.String()),
  }),
  row: boardRow,
})
