import type { FastifyInstance, FastifyRequest } from 'fastify'
import alertGroups from '../../sql/queries/alert-groups.ts'
import alertRelated from '../../sql/queries/alert-related.ts'
import alertRevisions from '../../sql/queries/alert-revisions.ts'
import alertTriage from '../../sql/queries/alert-triage.ts'
import alertsById from '../../sql/queries/alerts-by-id.ts'
import alertsCount from '../../sql/queries/alerts-count.ts'
import alertsNewest from '../../sql/queries/alerts-newest.ts'
import alertsPosition from '../../sql/queries/alerts-position.ts'
import alerts from '../../sql/queries/alerts.ts'
import queueIndex from '../../sql/queries/queue-index.ts'
import type { QueueRow } from '../../sql/queries/queue-row.ts'
import responseTimes from '../../sql/queries/response-times.ts'
import triageHistory from '../../sql/queries/triage-history.ts'
import { readers } from './access.ts'
import { itemOfRow } from './alert-item.ts'
import type { AlertFeed } from './alert-feed.ts'
import { parseMoment } from './local-day.ts'
import type { NameBook } from './name-book.ts'
import { badInput, Problem } from './problem.ts'
import type { Reader } from './reader.ts'
import { describeRule, ruleTitles, titleOf, unlessOf } from './rule-words.ts'
import {
  AlertParams,
  AlertsQuery,
  GroupsQuery,
  IndexQuery,
  NamingQuery,
  NewestQuery,
  RowsQuery,
  type AlertDetail,
  type AlertItem,
  type Alerts,
  type Naming,
  type Newest,
  type QueueItem,
  type Rows,
  type RuleTitles,
} from './shapes.ts'
import { actorOf, triageOf } from './triage-item.ts'
import type { AlertGroups, Clocks, TriageEntry } from './triage-shapes.ts'
import { positionHeader } from './vocabulary.ts'
import { arrowType } from './volume-routes.ts'

/** Beyond every time that a record can have. */
const farMs = Date.parse('2200-01-01T00:00:00Z')

const dayMs = 86_400_000
/** Alerts in one index at most. */
const mostInIndex = 500_000

/** Alerts that name an entity, at most. */
const mostNaming = 50
/** More than any instant, ms UTC: a severity weighs more than all time. */
const severityWeight = 10_000_000_000_000

/** How the index is ordered: by severity first or not, the latest or the oldest first. */
function weightsOf(sort: NonNullable<IndexQuery['sort']>): { severity_weight: number; time_weight: number } {
  return {
    severity_weight: sort === 'severity' || sort === 'urgency' ? severityWeight : 0,
    time_weight: sort === 'oldest' || sort === 'urgency' ? -1 : 1,
  }
}

/** GET /api/alerts, /api/alerts/naming, /api/alerts/newest, /api/alerts/index, /api/alerts/rows, /api/alerts/groups, /api/alerts/rules, /api/alerts/clocks,
 * /api/alerts/:id. */
export function alertRoutes(
  app: FastifyInstance,
  options: { timeZone: string },
  deps: { reader: Reader; names: NameBook; now: () => Promise<number>; feed: Pick<AlertFeed, 'positionOf'> },
): void {
  const { reader, names } = deps
  const itemOf = (row: QueueRow): QueueItem => ({ ...itemOfRow(row, names.nameOf), triage: triageOf(row) })

  async function filterOf(query: AlertsQuery, request: FastifyRequest) {
    const me = request.caller?.kind === 'person' ? actorOf(request.caller.session) : ''
    const filter = {
      rule: query.rule ?? '',
      class: query.class ?? '',
      severity: query.severity ?? '',
      status: query.status === 'all' ? '' : (query.status ?? 'open'),
      site: query.site ?? '',
      key: query.key ?? '',
      queue: query.queue ?? '',
      state: query.state ?? '',
      assignee: query.assignee === 'me' ? me : (query.assignee ?? ''),
      snoozed: query.snoozed ?? '',
      text: query.text?.trim() ?? '',
      now: await deps.now(),
      from: query.from === undefined ? 0 : parseMoment(query.from, 'from', options.timeZone),
      to: query.to === undefined ? farMs : parseMoment(query.to, 'to', options.timeZone),
    }
    if (filter.to <= filter.from)
      throw badInput('to', 'The span is empty.', 'Give a `to` that is later than `from`.')
    return filter
  }

  app.get<{ Querystring: AlertsQuery }>(
    '/api/alerts',
    { config: readers, schema: { querystring: AlertsQuery } },
    async (request): Promise<Alerts> => {
      const { query } = request
      const filter = await filterOf(query, request)
      const limit = query.limit ?? 50
      const [, before_key = '0', before_id = ''] = /^(-?\d+)-(\w+)$/.exec(query.cursor ?? '') ?? []
      // Before the rows: what comes in between is told twice rather than never.
      const [stored] = await reader.rows(alertsPosition, {})
      const [rows, [count]] = await Promise.all([
        reader.rows(alerts, {
          ...filter,
          sort: query.sort ?? 'newest',
          before_key: Number(before_key),
          before_id,
          limit: limit + 1,
        }),
        reader.rows(alertsCount, filter),
        names.refresh(),
      ])
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      return {
        alerts: page.map(itemOf),
        nextCursor: rows.length > limit && last !== undefined ? `${last.sort_key}-${last.alert_id}` : null,
        total: count?.total ?? 0,
        suppressed: count?.suppressed ?? 0,
        position: await deps.feed.positionOf(stored?.seq ?? 0),
      }
    },
  )

  app.get<{ Querystring: NamingQuery }>(
    '/api/alerts/naming',
    { config: readers, schema: { querystring: NamingQuery } },
    async ({ query: { key } }): Promise<Naming> => {
      const [rows] = await Promise.all([
        reader.rows(alertsNewest, { naming: key, limit: mostNaming }),
        names.refresh(),
      ])
      return { alerts: rows.map((row) => itemOfRow(row, names.nameOf)) }
    },
  )

  app.get<{ Querystring: { limit?: number } }>(
    '/api/alerts/newest',
    { config: readers, schema: { querystring: NewestQuery } },
    async ({ query: { limit = 60 } }): Promise<Newest> => {
      const [stored] = await reader.rows(alertsPosition, {})
      const [rows] = await Promise.all([reader.rows(alertsNewest, { naming: '', limit }), names.refresh()])
      return {
        alerts: rows.map((row) => itemOfRow(row, names.nameOf)),
        position: await deps.feed.positionOf(stored?.seq ?? 0),
      }
    },
  )

  app.get<{ Querystring: GroupsQuery }>(
    '/api/alerts/groups',
    { config: readers, schema: { querystring: GroupsQuery } },
    async (request): Promise<AlertGroups> => {
      const filter = await filterOf(request.query, request)
      const rows = await reader.rows(alertGroups, { ...filter, by: request.query.by })
      return {
        groups: rows.map((row) => ({
          keyspace: row.group_keyspace,
          key: row.group_key,
          count: row.count,
          high: row.high,
          unseen: row.unseen,
          oldestAt: row.oldest_ms,
        })),
      }
    },
  )

  app.get<{ Querystring: IndexQuery }>(
    '/api/alerts/index',
    { config: readers, schema: { querystring: IndexQuery } },
    async (request, reply) => {
      const { snoozed: _, ...filter } = await filterOf(request.query, request)
      const [stored] = await reader.rows(alertsPosition, {})
      const { sort = 'newest', by = '' } = request.query
      const bytes = await reader.arrow(queueIndex, { ...filter, ...weightsOf(sort), by, limit: mostInIndex })
      return reply
        .type(arrowType)
        .header(positionHeader, await deps.feed.positionOf(stored?.seq ?? 0))
        .send(bytes)
    },
  )

  app.get<{ Querystring: RowsQuery }>(
    '/api/alerts/rows',
    { config: readers, schema: { querystring: RowsQuery } },
    async ({ query }): Promise<Rows> => {
      const [rows] = await Promise.all([
        reader.rows(alertsById, { ids: query.ids.split(',') }),
        names.refresh(),
      ])
      return { alerts: rows.map(itemOf) }
    },
  )

  app.get('/api/alerts/rules', { config: readers }, async (): Promise<RuleTitles> => ({
    rules: ruleTitles(),
  }))

  app.get('/api/alerts/clocks', { config: readers }, async (): Promise<Clocks> => {
    const rows = await reader.rows(responseTimes, { from: (await deps.now()) - 7 * dayMs })
    const clockOf = (welfare: number): Clocks['main'] => {
      const row = rows.find((one) => one.welfare === welfare)
      const rounded = (ms: number | null | undefined): number | null =>
        typeof ms === 'number' ? Math.round(ms) : null
      return {
        unseen: row?.unseen ?? 0,
        oldestUnseenAt: row === undefined || row.unseen === 0 ? null : row.oldest_unseen_ms,
        seen: row?.seen ?? 0,
        seenMedianMs: rounded(row?.seen_median_ms),
        seenSlowMs: rounded(row?.seen_slow_ms),
        disposed: row?.disposed ?? 0,
        disposedMedianMs: rounded(row?.disposed_median_ms),
        disposedSlowMs: rounded(row?.disposed_slow_ms),
      }
    }
    return { main: clockOf(0), welfare: clockOf(1) }
  })

  app.get<{ Params: { id: string } }>(
    '/api/alerts/:id',
    { config: readers, schema: { params: AlertParams } },
    async (request): Promise<AlertDetail> => {
      const alert_id = request.params.id
      const [rows, [triage], history] = await Promise.all([
        reader.rows(alertRevisions, { alert_id }),
        reader.rows(alertTriage, { ids: [alert_id] }),
        reader.rows(triageHistory, { alert_id }),
        names.refresh(),
      ])
      const revisions = rows.map((row) => itemOfRow(row, names.nameOf))
      const alert = revisions.at(-1)
      if (alert === undefined || triage === undefined) throw noSuchAlert()
      const { keyspace, key } = alert
      const related = await reader.rows(alertRelated, { keyspace, key, alert_id, limit: 20 })
      return {
        alert,
        triage: triageOf(triage),
        history: history.map((row) => ({
          actionId: row.action_id,
          action: row.action as TriageEntry['action'],
          actor: row.actor,
          at: row.at_ms,
          value: row.value,
          reason: row.reason,
          comment: row.comment,
          undone: row.undone === 1,
        })),
        related: related.map(itemOf),
        revisions,
        rule: ruleOf(alert),
        unless: unlessOf(alert, (language) => names.words(language, options.timeZone)),
      }
    },
  )
}

export function noSuchAlert(): Problem {
  return new Problem(404, {
    code: 'NOT_FOUND',
    message: 'There is no such alert here.',
    field: 'id',
    fix: 'Take an id of /api/alerts; one that was raised this second may need a moment.',
  })
}

function ruleOf(alert: AlertItem): AlertDetail['rule'] {
  const known = describeRule(alert.rule)
  return {
    id: alert.rule,
    title: titleOf(alert.rule),
    description: known?.description ?? titleOf(alert.rule),
    version: alert.ruleVersion,
    current: known?.version === alert.ruleVersion,
    measure: alert.measure,
    class: alert.class,
    params: known?.params ?? [],
  }
}
