import type { FastifyInstance } from 'fastify'
import mapAlerts from '../../sql/queries/map-alerts.ts'
import mapFlows from '../../sql/queries/map-flows.ts'
import mapHours from '../../sql/queries/map-hours.ts'
import { readers } from './access.ts'
import { addDays, parseDate, startOf } from './local-day.ts'
import { MapQuery, type MapDay, type MapFlows } from './map-shapes.ts'
import type { Reader } from './reader.ts'
import type { Feed } from './shapes.ts'

const hourMs = 3_600_000
/** Pairs of sites: more lines than that are a thicket. */
const mostFlows = 120

/** GET /api/map/day, /api/map/flows: one local day hour by hour. */
export function mapRoutes(
  app: FastifyInstance,
  options: { timeZone: string },
  deps: { reader: Reader },
): void {
  const { reader } = deps
  const spanOf = (date: string): { from: number; to: number } => {
    const day = parseDate(date, 'date')
    return { from: startOf(day, options.timeZone), to: startOf(addDays(day, 1), options.timeZone) }
  }

  app.get<{ Querystring: MapQuery }>(
    '/api/map/day',
    { config: readers, schema: { querystring: MapQuery } },
    async ({ query }): Promise<MapDay> => {
      const span = spanOf(query.date)
      const [hours, alerts] = await Promise.all([reader.rows(mapHours, span), reader.rows(mapAlerts, span)])
      const sites = byHour(hours, span, ({ feed, site }) => `${feed} ${site}`)
      const raised = byHour(alerts, span, ({ site }) => site)
      return {
        ...span,
        hours: Math.round((span.to - span.from) / hourMs),
        sites: sites.map(({ first, counts }) => ({ feed: first.feed as Feed, site: first.site, counts })),
        alerts: raised.map(({ first, counts, rows }) => ({
          site: first.site,
          counts,
          high: rows.reduce((sum, row) => sum + row.high, 0),
        })),
      }
    },
  )

  app.get<{ Querystring: MapQuery }>(
    '/api/map/flows',
    { config: readers, schema: { querystring: MapQuery } },
    async ({ query }): Promise<MapFlows> => {
      const span = spanOf(query.date)
      const rows = await reader.rows(mapFlows, { ...span, limit: mostFlows })
      return {
        flows: byHour(rows, span, (row) => `${row.from_site} ${row.to_site}`).map(({ first, counts }) => ({
          from: first.from_site,
          to: first.to_site,
          counts,
        })),
      }
    },
  )
}

/** Rows of one key put on the hours of a span. */
function byHour<R extends { readonly hour_ms: number; readonly count: number }>(
  rows: readonly R[],
  { from, to }: { from: number; to: number },
  keyOf: (row: R) => string,
): { first: R; rows: R[]; counts: number[] }[] {
  const found = new Map<string, { first: R; rows: R[]; counts: number[] }>()
  for (const row of rows) {
    const key = keyOf(row)
    const one = found.get(key) ?? {
      first: row,
      rows: [],
      counts: Array.from({ length: Math.round((to - from) / hourMs) }, () => 0),
    }
    found.set(key, one)
    one.rows.push(row)
    const hour = Math.floor((row.hour_ms - from) / hourMs)
    one.counts[hour] = (one.counts[hour] ?? 0) + row.count
  }
  return [...found.values()]
}
