import { Type } from 'typebox'
import { seriesRow } from './explore-row.ts'
import { defineQuery } from './query.ts'

/** A measure of the records over time, by one dimension, and the span it is compared with. */
export default defineQuery({
  name: 'explore-series',
  params: Type.Object({
    from_at: Type.String(),
    to_at: Type.String(),
    grain: Type.String(),
    zone: Type.String(),
    split: Type.String(),
    top: Type.Number(),
    column: Type.String(),
    level: Type.String(),
    /** Whole local days. */
    days: Type.Array(Type.String()),
    /** Spans of hours, seconds. */
    hours_from: Type.Array(Type.Number()),
    hours_to: Type.Array(Type.Number()),
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
