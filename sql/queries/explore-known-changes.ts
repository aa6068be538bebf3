import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** What a series held otherwise at an instant than now. */
export default defineQuery({
  name: 'explore-known-changes',
  params: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    compare_from: Type.Number(),
    compare_to: Type.Number(),
    grain: Type.String(),
    zone: Type.String(),
    split: Type.String(),
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
  row: Type.Object({
    at_ms: Type.Number(),
    period: Type.Number(),
    value: Type.String(),
    added: Type.Number(),
    of: Type.Number(),
  }),
})
