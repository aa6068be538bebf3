import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import alertRevisions from '../../sql/queries/alert-revisions.ts'
import evidenceCrossings from '../../sql/queries/evidence-crossings.ts'
import evidenceRegistrations from '../../sql/queries/evidence-registrations.ts'
import evidenceSightings from '../../sql/queries/evidence-sightings.ts'
import { investigators } from './access.ts'
import { noSuchAlert } from './alert-routes.ts'
import type { NameBook } from './name-book.ts'
import { badInput } from './problem.ts'
import type { Reader } from './reader.ts'
import { AlertParams, EvidenceQuery, type Evidence } from './shapes.ts'
import { arrowType } from './volume-routes.ts'

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

const queries = {
  crossings: evidenceCrossings,
  sightings: evidenceSightings,
  registrations: evidenceRegistrations,
} as const

/** GET /api/alerts/:id/evidence: the records that an alert rests on, traceable to the message that brought each. */
export function evidenceRoutes(app: FastifyInstance, deps: { reader: Reader; names: NameBook }): void {
  const { reader, names } = deps

  app.get<{ Params: { id: string }; Querystring: Static<typeof EvidenceQuery> }>(
    '/api/alerts/:id/evidence',
    { config: investigators, schema: { params: AlertParams, querystring: EvidenceQuery } },
    async (request, reply) => {
      const alert_id = request.params.id
      const { format, feed, revision } = request.query
      const [revisions] = await Promise.all([reader.rows(alertRevisions, { alert_id }), names.refresh()])
      const alert =
        revision === undefined ? revisions.at(-1) : revisions.find((row) => row.revision === revision)
      if (alert === undefined) throw noSuchAlert()
      const of = { alert_id, revision: alert.revision }
      if (format === 'arrow') {
        if (feed === undefined)
          throw badInput('feed', 'The parameter is missing.', 'Name the feed: Arrow holds rows of one kind.')
        return reply.type(arrowType).send(await reader.arrow(queries[feed], of))
      }
      const wanted = (name: keyof typeof queries): boolean => feed === undefined || feed === name
      const [crossings, sightings, registrations] = await Promise.all([
        wanted('crossings') ? reader.rows(evidenceCrossings, of) : [],
        wanted('sightings') ? reader.rows(evidenceSightings, of) : [],
        wanted('registrations') ? reader.rows(evidenceRegistrations, of) : [],
      ])
      return {
        alertId: alert_id,
        revision: alert.revision,
        eventCount: alert.event_count,
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
      } satisfies Evidence
    },
  )

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
