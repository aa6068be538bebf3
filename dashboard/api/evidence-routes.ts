import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import alertRevisions from '../../sql/queries/alert-revisions.ts'
import evidenceCrossings from '../../sql/queries/evidence-crossings.ts'
import evidenceRegistrations from '../../sql/queries/evidence-registrations.ts'
import evidenceSightings from '../../sql/queries/evidence-sightings.ts'
import siteGaps from '../../sql/queries/site-gaps.ts'
import { investigators, readers } from './access.ts'
import { itemOfRow } from './alert-item.ts'
import { noSuchAlert } from './alert-routes.ts'
import type { AuditLog } from './audit-log.ts'
import { readEvidence } from './evidence.ts'
import { packageOf } from './handover.ts'
import { HandoverBody, type Handover } from './handover-shapes.ts'
import { writeDown } from './look.ts'
import type { NameBook } from './name-book.ts'
import { badInput } from './problem.ts'
import type { Reader } from './reader.ts'
import { titleOf } from './rule-words.ts'
import { AlertParams, EvidenceQuery, GapsQuery, type Feed, type Gaps } from './shapes.ts'
import { actorOf } from './triage-item.ts'
import { arrowType } from './volume-routes.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A silence shorter than this is no gap. */
const leastGapMs = 2 * hourMs

const queries = {
  crossings: evidenceCrossings,
  sightings: evidenceSightings,
  registrations: evidenceRegistrations,
} as const

/**
 * GET /api/alerts/:id/evidence: the records that an alert rests on. GET /api/alerts/:id/gaps: when the sites asked for fell silent.
 * POST /api/alerts/:id/handover: a package for another agency. Looks at persons are written down; the alert is their case.
 */
export function evidenceRoutes(
  app: FastifyInstance,
  deps: { reader: Reader; names: NameBook; audit: AuditLog; wall?: () => number },
): void {
  const { reader, names, audit } = deps
  const wall = deps.wall ?? Date.now

  async function alertOf(id: string, revision?: number) {
    const [rows] = await Promise.all([reader.rows(alertRevisions, { alert_id: id }), names.refresh()])
    const row = revision === undefined ? rows.at(-1) : rows.find((one) => one.revision === revision)
    if (row === undefined) throw noSuchAlert()
    return itemOfRow(row, names.nameOf)
  }

  app.get<{ Params: { id: string }; Querystring: Static<typeof EvidenceQuery> }>(
    '/api/alerts/:id/evidence',
    { config: investigators, schema: { params: AlertParams, querystring: EvidenceQuery } },
    async (request, reply) => {
      const { format, feed, revision } = request.query
      if (format === 'arrow' && feed === undefined)
        throw badInput('feed', 'The parameter is missing.', 'Name the feed: Arrow holds rows of one kind.')
      const alert = await alertOf(request.params.id, revision)
      const { keyspace, key, alertId } = alert
      if (keyspace === 'traveller' || keyspace === 'vehicle')
        await writeDown(audit, request, 'evidence', { keyspace, key, alertId }, triage(alertId))
      if (format === 'arrow' && feed !== undefined) {
        const of = { alert_id: alertId, revision: alert.revision }
        return reply.type(arrowType).send(await reader.arrow(queries[feed], of))
      }
      return readEvidence(deps, alert, feed)
    },
  )

  app.get<{ Params: { id: string }; Querystring: Static<typeof GapsQuery> }>(
    '/api/alerts/:id/gaps',
    { config: readers, schema: { params: AlertParams, querystring: GapsQuery } },
    async (request): Promise<Gaps> => {
      const { startAt, endAt, revisedAt, site } = await alertOf(request.params.id)
      // A lodging files when guests come: hours without are no gap.
      const sites = [...new Set([...(request.query.sites ?? '').split(','), site])].filter(
        (id) => id !== '' && !names.knowsPremises(id),
      )
      const margin = Math.max(6 * hourMs, Math.min(2 * dayMs, (endAt - startAt) / 4))
      const from = Math.floor(startAt - margin)
      // Not beyond what was known: the time after it is no silence.
      const to = Math.ceil(Math.min(endAt + margin, Math.max(revisedAt, startAt)))
      const rows =
        sites.length === 0 ? [] : await reader.rows(siteGaps, { sites, from, to, least: leastGapMs })
      return {
        from,
        to,
        gaps: rows.flatMap((row) => {
          // Whoever is closed for the night is not missed.
          const open = names.openPart(row.site, { from: row.from_ms, to: row.to_ms })
          if (open.to - open.from < leastGapMs) return []
          return {
            feed: row.feed as Feed,
            site: row.site,
            siteName: { ...names.nameOf(row.site) },
            from: open.from,
            to: open.to,
            usualMs: Math.round(row.usual_ms),
          }
        }),
      }
    },
  )

  app.post<{ Params: { id: string }; Body: HandoverBody }>(
    '/api/alerts/:id/handover',
    { config: investigators, schema: { params: AlertParams, body: HandoverBody } },
    async (request): Promise<Handover> => {
      const { recipient, purpose, caseNumber, marking, days } = request.body
      const alert = await alertOf(request.params.id)
      const { alertId, keyspace, key } = alert
      if (alert.class === 'welfare' && marking !== 'victim')
        throw badInput('marking', 'A welfare alert may concern a victim.', 'Mark the package `victim`.')
      const packageId = randomBytes(8).toString('hex')
      const detail = `${packageId} ${recipient.trim()}`
      await writeDown(audit, request, 'handover', { keyspace, key, alertId }, { purpose, caseNumber, detail })
      const madeAt = wall()
      const madeBy = request.caller?.kind === 'person' ? actorOf(request.caller.session) : ''
      return packageOf(
        {
          packageId,
          marking,
          madeAt,
          expiresAt: madeAt + days * dayMs,
          madeBy,
          recipient: recipient.trim(),
          purpose,
          caseNumber,
        },
        { alert, title: titleOf(alert.rule), evidence: await readEvidence(deps, alert) },
      )
    },
  )
}

/** Why the evidence of an alert is looked at: to triage it. */
const triage = (alertId: string) => ({ purpose: 'triage', caseNumber: `alert/${alertId}` })
