import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Events of one entity. `key`: 16 hexadecimal digits, or the id of a premises. */
export default defineQuery({
  name: 'entity-events',
  params: Type.Object({
    keyspace: Type.String(),
    key: Type.String(),
    from: Type.Number(),
    to: Type.Number(),
    reads_from: Type.Number(),
    limit: Type.Number(),
  }),
  row: Type.Object({
    feed: Type.String(),
    site: Type.String(),
    at_ms: Type.Number(),
    ingested_ms: Type.Number(),
    event_key_hex: Type.String(),
    event_id: Type.String(),
    source: Type.String(),
    until_ms: Type.Number(),
    kind: Type.String(),
    detail: Type.String(),
    outcome: Type.String(),
    people: Type.Number(),
    confidence_value: Type.Number(),
    with_hex: Type.String(),
  }),
})
