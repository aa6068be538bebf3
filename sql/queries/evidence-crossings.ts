import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Crossings that an alert rests on. */
export default defineQuery({
  name: 'evidence-crossings',
  params: Type.Object({ alert_id: Type.String(), revision: Type.Number() }),
  row: Type.Object({
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
    mode: Type.String(),
    document_type: Type.String(),
    traveller_hex: Type.String(),
    nationality: Type.String(),
    vehicle_hex: Type.String(),
    declared_province: Type.String(),
    outcome: Type.String(),
  }),
})
