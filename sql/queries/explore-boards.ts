import { Type } from 'typebox'
import { boardRow } from './explore-row.ts'
import { defineQuery } from './query.ts'

/** Values of every dimension of the records, now and before. */
export default defineQuery({
  name: 'explore-boards',
  params: Type.Object({
    /** As `2026-01-31 06:30:00`, UTC. */
    from_at: Type.String(),
    to_at: Type.String(),
    compare_from_at: Type.String(),
    compare_to_at: Type.String(),
    top: Type.Number(),
    column: Type.String(),
    zone: Type.String(),
    dimensions: Type.Array(Type.String()),
    /** Whole local days, and spans of hours, seconds: for everything but the sites. */
    days: Type.Array(Type.String()),
    hours_from: Type.Array(Type.Number()),
    hours_to: Type.Array(Type.Number()),
    /** For the sites. */
    site_days: Type.Array(Type.String()),
    site_hours_from: Type.Array(Type.Number()),
    site_hours_to: Type.Array(Type.Number()),
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
