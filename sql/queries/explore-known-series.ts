import { Type } from 'typebox'
import { seriesRow } from './explore-row.ts'
import { defineQuery } from './query.ts'

/** A measure of the records over time, as it was known at an instant. */
export default defineQuery({
  name: 'explore-known-series',
  params: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    compare_from: Type.Number(),
    compare_to: Type.Number(),
    grain: Type.String(),
    zone: Type.String(),
    split: Type.String(),
    top: Type.Number(),
    column: Type.String(),
    known_at: Type.Number(),
    feeds: Type.Array(Type.String()),
    sites: Type.Array(Type.String()),
    sources: Type.Array(Type.String()),
    directions: Type.Array(Type.String()),
    document_types: Type.Array(Type.String()),
    vehicle_classes: Type.Array(Type.String()),
    provinces: Type.Array(Type.String()),
    zones: Type.Array(Type.String()),
  }),
  row: seriesRow,
})
