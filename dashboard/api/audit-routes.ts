import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import auditActors from '../../sql/queries/audit-actors.ts'
import auditCount from '../../sql/queries/audit-count.ts'
import auditEntries from '../../sql/queries/audit-entries.ts'
import { administrators } from './access.ts'
import { checkChain, entryOf } from './audit-check.ts'
import type { AuditLog } from './audit-log.ts'
import { AuditQuery, type Audit, type AuditChain } from './audit-shapes.ts'
import { parseMoment } from './local-day.ts'
import { badInput } from './problem.ts'
import type { Reader } from './reader.ts'
import { sharedAnswer } from './shared-answer.ts'

/** Beyond every time that an entry can have. */
const farMs = Date.parse('2200-01-01T00:00:00Z')
const namedActors = 200
/** The whole chain is not hashed anew more often than this. */
const chainFreshMs = 5_000

/** GET /api/audit: who looked at whom. GET /api/audit/chain: whether the chain of all entries holds. */
export function auditRoutes(
  app: FastifyInstance,
  options: { timeZone: string },
  deps: { reader: Reader; audit: Pick<AuditLog, 'newest'>; wall?: () => number },
): void {
  const { reader } = deps
  const momentOf = (text: string | undefined, field: string, fallback: number): number =>
    text === undefined ? fallback : parseMoment(text, field, options.timeZone)

  app.get<{ Querystring: Static<typeof AuditQuery> }>(
    '/api/audit',
    { config: administrators, schema: { querystring: AuditQuery } },
    async ({ query }): Promise<Audit> => {
      const limit = query.limit ?? 100
      const filter = {
        actor: query.actor ?? '',
        act: query.act ?? '',
        key: query.key ?? '',
        from: momentOf(query.from, 'from', 0),
        to: momentOf(query.to, 'to', farMs),
      }
      if (filter.to <= filter.from)
        throw badInput('to', 'The span is empty.', 'Give a `to` that is later than `from`.')
      const [rows, [count], actors] = await Promise.all([
        reader.rows(auditEntries, { ...filter, before: query.before ?? 0, limit: limit + 1 }),
        reader.rows(auditCount, filter),
        reader.rows(auditActors, { limit: namedActors }),
      ])
      return {
        entries: rows.slice(0, limit).map(entryOf),
        more: rows.length > limit,
        total: count?.entries ?? 0,
        actors: actors.map(({ actor }) => actor),
      }
    },
  )

  const chain = sharedAnswer(() => checkChain(deps), chainFreshMs)
  app.get('/api/audit/chain', { config: administrators }, (): Promise<AuditChain> => chain())
}
