import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import type { AuditMessage } from '../../sql/audit-message.ts'
import auditEntries, { type AuditRow } from '../../sql/queries/audit-entries.ts'
import { administrators } from './access.ts'
import { brokenAt } from './audit-chain.ts'
import { AuditQuery, type Audit } from './audit-shapes.ts'
import type { Reader } from './reader.ts'

/** GET /api/audit: who looked at whom, and whether the chain of entries holds. */
export function auditRoutes(app: FastifyInstance, deps: { reader: Reader }): void {
  app.get<{ Querystring: Static<typeof AuditQuery> }>(
    '/api/audit',
    { config: administrators, schema: { querystring: AuditQuery } },
    async ({ query }): Promise<Audit> => {
      const limit = query.limit ?? 100
      // One more, so that the oldest one shown is held against the one before it.
      const rows = await deps.reader.rows(auditEntries, { before: query.before ?? 0, limit: limit + 1 })
      const entries = rows.map(entryOf)
      return { entries: entries.slice(0, limit), brokenAt: brokenAt(entries.toReversed()) }
    },
  )
}

function entryOf(row: AuditRow): AuditMessage {
  const { at_ms, alert_id, case_number, act, ...rest } = row
  return { ...rest, act: act as AuditMessage['act'], at: at_ms, alertId: alert_id, caseNumber: case_number }
}
