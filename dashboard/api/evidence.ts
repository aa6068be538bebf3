import type { Static } from 'typebox'
import evidenceCrossings from '../../sql/queries/evidence-crossings.ts'
import evidenceRegistrations from '../../sql/queries/evidence-registrations.ts'
import evidenceSightings from '../../sql/queries/evidence-sightings.ts'
import type { NameBook } from './name-book.ts'
import type { Reader } from './reader.ts'
import type { Evidence, Feed } from './shapes.ts'

type StoredHead = Pick<
  Static<(typeof evidenceCrossings)['row']>,
  | 'event_key_hex'
  | 'event_id'
  | 'source'
  | 'site'
  | 'at_ms'
  | 'ingested_ms'
  | 'batch_hex'
  | 'log_seq'
  | 'event_revision'
>

/** The records that one revision of an alert rests on, of one feed or of all, each traceable to the message that brought it. */
export async function readEvidence(
  deps: { reader: Reader; names: NameBook },
  of: { readonly alertId: string; readonly revision: number; readonly eventCount: number },
  feed?: Feed,
): Promise<Evidence> {
  const { reader, names } = deps
  const params = { alert_id: of.alertId, revision: of.revision }
  const wanted = (name: Feed): boolean => feed === undefined || feed === name
  const [crossings, sightings, registrations] = await Promise.all([
    wanted('crossings') ? reader.rows(evidenceCrossings, params) : [],
    wanted('sightings') ? reader.rows(evidenceSightings, params) : [],
    wanted('registrations') ? reader.rows(evidenceRegistrations, params) : [],
  ])
  return {
    alertId: of.alertId,
    revision: of.revision,
    eventCount: of.eventCount,
    found: crossings.length + sightings.length + registrations.length,
    crossings: crossings.map((row) => ({
      ...head(row),
      direction: row.direction,
      mode: row.mode,
      documentType: row.document_type,
      traveller: row.traveller_hex,
      nationality: row.nationality,
      vehicle: row.vehicle_hex,
      declaredProvince: row.declared_province,
      outcome: row.outcome,
    })),
    sightings: sightings.map((row) => ({
      ...head(row),
      vehicle: row.vehicle_hex,
      plateProvince: row.plate_province,
      plateCountry: row.plate_country,
      vehicleClass: row.vehicle_class,
      confidence: row.confidence_value,
      heading: row.heading,
      make: row.make,
      colour: row.colour,
    })),
    registrations: registrations.map((row) => ({
      ...head(row),
      checkOutAt: row.check_out_ms,
      room: row.room,
      partySize: row.party_size,
      traveller: row.traveller_hex,
      documentType: row.document_type,
      nationality: row.nationality,
      comingFrom: row.coming_from,
      goingTo: row.going_to,
    })),
  }

  // What the rows of all feeds begin with.
  function head(row: StoredHead) {
    return {
      eventKey: row.event_key_hex,
      eventId: row.event_id,
      source: row.source,
      site: row.site,
      siteName: { ...names.nameOf(row.site) },
      at: row.at_ms,
      ingestedAt: row.ingested_ms,
      batch: row.batch_hex,
      logSeq: row.log_seq,
      revision: row.event_revision,
    }
  }
}
