import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Registrations that an alert rests on. */
export default defineQuery({
  name: 'evidence-registrations',
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
    check_out_ms: Type.Union([Type.Number(), Type.Null()]),
    room: Type.String(),
    party_size: Type.Number(),
    traveller_hex: Type.String(),
    document_type: Type.String(),
    nationality: Type.String(),
    coming_from: Type.String(),
    going_to: Type.String(),
  }),
})
