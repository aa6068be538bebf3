import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Sightings that an alert rests on. */
export default defineQuery({
  name: 'evidence-sightings',
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
    vehicle_hex: Type.String(),
    plate_province: Type.String(),
    plate_country: Type.String(),
    vehicle_class: Type.String(),
    confidence_value: Type.Number(),
    heading: Type.String(),
    make: Type.String(),
    colour: Type.String(),
  }),
})
