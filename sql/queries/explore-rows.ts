import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Records behind a mark of a chart, newest first, with the log message of each. */
export default defineQuery({
  name: 'explore-rows',
  params: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    column: Type.String(),
    limit: Type.Number(),
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
    feed: Type.String(),
    event_key_hex: Type.String(),
    event_id: Type.String(),
    source: Type.String(),
    site: Type.String(),
    at_ms: Type.Number(),
    ingested_ms: Type.Number(),
    batch_hex: Type.String(),
    log_seq: Type.Number(),
    event_revision: Type.Number(),
    direction: Type.String(),
    document_type: Type.String(),
    vehicle_class: Type.String(),
    detail: Type.String(),
  }),
})
