import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import companions from '../../sql/queries/companions.ts'
import entityEvents from '../../sql/queries/entity-events.ts'
import entityReadsBefore from '../../sql/queries/entity-reads-before.ts'
import passagesByHour from '../../sql/queries/passages-by-hour.ts'
import { investigators } from './access.ts'
import type { AuditLog } from './audit-log.ts'
import { sharedByChance, surprise } from './co-travel.ts'
import {
  CompanionsParams,
  CompanionsQuery,
  EntityParams,
  EntityQuery,
  mostEvents,
  type Companions,
} from './entity-shapes.ts'
import { parseMoment } from './local-day.ts'
import { purposeOf, writeDown } from './look.ts'
import { badInput } from './problem.ts'
import type { Reader } from './reader.ts'
import { withheldHeader } from './vocabulary.ts'
import { arrowType } from './volume-routes.ts'

const dayMs = 86_400_000
/** Camera reads older than this need a supervisor. */
const readsDays = 90
const farMs = Date.parse('2200-01-01T00:00:00Z')

/**
 * GET /api/entities/:kind/:key/events, /api/entities/vehicle/:key/companions. Of a traveller or a vehicle only with a purpose and a case; each
 * look is written down before it is answered. A lodging is a place: its rows come without pseudonyms, and need neither.
 */
export function entityRoutes(
  app: FastifyInstance,
  options: { timeZone: string },
  deps: { reader: Reader; audit: AuditLog; now: () => Promise<number> },
): void {
  const { reader, audit } = deps

  app.get<{ Params: EntityParams; Querystring: Static<typeof EntityQuery> }>(
    '/api/entities/:kind/:key/events',
    { config: investigators, schema: { params: EntityParams, querystring: EntityQuery } },
    async (request, reply) => {
      const { kind, key } = request.params
      const { query } = request
      if (kind !== 'premises') {
        if (!/^[0-9a-f]{16}$/.test(key) || key === '0000000000000000')
          throw badInput('key', 'This is no pseudonym.', 'Give 16 hexadecimal digits, as alerts have them.')
        await writeDown(audit, request, 'entity', { keyspace: kind, key }, purposeOf(request))
      }
      const now = await deps.now()
      const from = query.from === undefined ? 0 : parseMoment(query.from, 'from', options.timeZone)
      const to = query.to === undefined ? farMs : parseMoment(query.to, 'to', options.timeZone)
      if (to <= from) throw badInput('to', 'The span is empty.', 'Give a `to` that is later than `from`.')
      const reads_from = isSupervisor(request) ? 0 : now - readsDays * dayMs
      const [bytes, [withheld]] = await Promise.all([
        reader.arrow(entityEvents, { keyspace: kind, key, from, to, reads_from, limit: mostEvents }),
        kind === 'vehicle' && reads_from > from
          ? reader.rows(entityReadsBefore, { key, before: reads_from })
          : [],
      ])
      return reply
        .type(arrowType)
        .header(withheldHeader, String(withheld?.count ?? 0))
        .send(bytes)
    },
  )

  app.get<{ Params: Static<typeof CompanionsParams>; Querystring: Static<typeof CompanionsQuery> }>(
    '/api/entities/vehicle/:key/companions',
    { config: investigators, schema: { params: CompanionsParams, querystring: CompanionsQuery } },
    async (request): Promise<Companions> => {
      const { key } = request.params
      await writeDown(audit, request, 'companions', { keyspace: 'vehicle', key }, purposeOf(request))
      const days = request.query.days ?? 30
      const withinMs = (request.query.minutes ?? 10) * 60_000
      const to = (await deps.now()) + 1
      const from = to - days * dayMs
      const of = { key, from, to, zone: options.timeZone }
      const rows = await reader.rows(companions, { ...of, within: withinMs, limit: 200 })
      if (rows.length === 0) return { from, to, withinMs, companions: [] }
      const keys = [key, ...rows.map(({ vehicle_hex }) => vehicle_hex)]
      const passages = Map.groupBy(
        (await reader.rows(passagesByHour, { ...of, keys })).map(({ vehicle_hex, ...rest }) => ({
          vehicle: vehicle_hex,
          ...rest,
        })),
        ({ vehicle }) => vehicle,
      )
      const scored = rows.map((row) => {
        const expected = sharedByChance(passages.get(key) ?? [], passages.get(row.vehicle_hex) ?? [], {
          withinMs,
          days,
        })
        return {
          key: row.vehicle_hex,
          shared: row.shared,
          sites: row.sites,
          days: row.days,
          ahead: row.ahead,
          firstAt: row.first_ms,
          lastAt: row.last_ms,
          expected: Math.round(expected * 1000) / 1000,
          score: Math.round(surprise(row.shared, expected) * 10) / 10,
        }
      })
      const byScore = scored.sort(
        (a, b) => b.score - a.score || b.shared - a.shared || (a.key < b.key ? -1 : 1),
      )
      return { from, to, withinMs, companions: byScore.slice(0, 50) }
    },
  )
}

function isSupervisor(request: FastifyRequest): boolean {
  return request.caller?.kind === 'person' && request.caller.session.role === 'admin'
}
