import type { FastifyInstance, FastifyRequest } from 'fastify'
import alertTriage from '../../sql/queries/alert-triage.ts'
import snoozePreview from '../../sql/queries/snooze-preview.ts'
import snoozes from '../../sql/queries/snoozes.ts'
import triageAction from '../../sql/queries/triage-action.ts'
import { dispositions } from '../../sql/triage-message.ts'
import { investigators, people } from './access.ts'
import { badInput, Problem } from './problem.ts'
import type { Reader } from './reader.ts'
import { AlertParams } from './shapes.ts'
import { actorOf, triageOf } from './triage-item.ts'
import type { TriageLog } from './triage-log.ts'
import {
  ActionBody,
  SnoozeBody,
  SnoozeScope,
  type ActionAnswer,
  type SnoozePreview,
  type Snoozes,
} from './triage-shapes.ts'

const dayMs = 86_400_000

/** POST /api/alerts/actions; GET, POST, DELETE /api/snoozes; GET /api/snoozes/preview. */
export function triageRoutes(
  app: FastifyInstance,
  deps: { reader: Reader; triage: TriageLog; now: () => Promise<number> },
): void {
  const { reader, triage, now } = deps
  const by = async (request: FastifyRequest) => {
    if (request.caller?.kind !== 'person')
      throw new Problem(403, { code: 'SCOPE', message: 'Only people may.' })
    const { session } = request.caller
    return { actor: actorOf(session), role: session.role, at: await now() }
  }

  app.post<{ Body: ActionBody }>(
    '/api/alerts/actions',
    { config: investigators, schema: { body: ActionBody }, bodyLimit: 65_536 },
    async (request): Promise<ActionAnswer> => {
      const { body } = request
      const who = await by(request)
      const ids = body.action === 'undo' ? await undoable(body) : await known(body.alertIds)
      const { value, reason } = checked(body, who.actor)
      const { actionId, readable } = await triage.write({
        ...who,
        action: body.action,
        alertIds: ids,
        value,
        reason,
        comment: body.comment?.trim() ?? '',
        undoOf: body.undoOf ?? '',
        ...(body.actionId === undefined ? {} : { actionId: body.actionId }),
      })
      const rows = await reader.rows(alertTriage, { ids: [...ids] })
      return {
        actionId,
        readable,
        alerts: rows.map((row) => ({ alertId: row.alert_id, triage: triageOf(row) })),
      }
    },
  )

  async function known(alertIds: readonly string[] | undefined): Promise<readonly string[]> {
    if (alertIds === undefined)
      throw badInput('alertIds', 'The field is missing.', 'Name the alerts, 1 to 500.')
    const ids = [...new Set(alertIds)]
    const found = new Set((await reader.rows(alertTriage, { ids })).map(({ alert_id }) => alert_id))
    if (ids.some((id) => !found.has(id)))
      throw new Problem(404, {
        code: 'NOT_FOUND',
        message: 'One of these alerts does not exist here; nothing was done.',
        field: 'alertIds',
        fix: 'Load the list again; an alert of this second may need a moment.',
      })
    return ids
  }

  async function undoable({ undoOf, alertIds }: ActionBody): Promise<readonly string[]> {
    if (undoOf === undefined)
      throw badInput('undoOf', 'The field is missing.', 'Name the action to take back.')
    const rows = await reader.rows(triageAction, { action_id: undoOf })
    const open = rows.filter(
      ({ undone, action, alert_id }) =>
        undone === 0 &&
        !['undo', 'snooze', 'unsnooze'].includes(action) &&
        (alertIds === undefined || alertIds.includes(alert_id)),
    )
    if (open.length === 0)
      throw new Problem(409, {
        code: 'NOT_UNDOABLE',
        message: 'There is no such action, or it was taken back already.',
        field: 'undoOf',
        fix: 'Load the alert again: its history says what stands.',
      })
    return open.map(({ alert_id }) => alert_id)
  }

  app.get('/api/snoozes', { config: people }, async (): Promise<Snoozes> => {
    const at = await now()
    const rows = await reader.rows(snoozes, { from: at - 30 * dayMs })
    return {
      snoozes: rows.map((row) => ({
        snoozeId: row.snooze_id,
        rule: row.rule,
        keyspace: row.keyspace,
        key: row.key,
        site: row.site,
        reason: row.reason,
        actor: row.actor,
        at: row.at_ms,
        expiresAt: row.expires_ms,
        revokedAt: row.revoked_at_ms > 0 ? row.revoked_at_ms : null,
        active: row.revoked_at_ms === 0 && row.expires_ms > at,
        suppressed: row.suppressed,
      })),
    }
  })

  app.get<{ Querystring: SnoozeScope }>(
    '/api/snoozes/preview',
    { config: people, schema: { querystring: SnoozeScope } },
    async ({ query }): Promise<SnoozePreview> => {
      const to = (await now()) + 1
      const from = to - 30 * dayMs
      const rows = await reader.rows(snoozePreview, { ...scopeOf(query), rule: query.rule, from, to })
      const sum = (of: (row: (typeof rows)[number]) => number): number =>
        rows.reduce((total, row) => total + of(row), 0)
      return {
        from,
        to,
        total: sum(({ count }) => count),
        open: sum(({ open_count }) => open_count),
        high: sum(({ severity, count }) => (severity === 'high' ? count : 0)),
        welfare: sum((row) => (row.class === 'welfare' ? row.count : 0)),
        confirmed: sum(({ confirmed }) => confirmed),
      }
    },
  )

  app.post<{ Body: SnoozeBody }>(
    '/api/snoozes',
    { config: investigators, schema: { body: SnoozeBody } },
    async (request, reply) => {
      const { rule, reason, hours } = request.body
      const who = await by(request)
      const written = await triage.write({
        ...who,
        ...scopeOf(request.body),
        action: 'snooze',
        rule,
        reason: reason.trim(),
        expiresAt: who.at + hours * 3_600_000,
      })
      return reply.code(201).send({ snoozeId: written.actionId, readable: written.readable })
    },
  )

  app.delete<{ Params: { id: string } }>(
    '/api/snoozes/:id',
    { config: investigators, schema: { params: AlertParams } },
    async (request, reply) => {
      const { id } = request.params
      const rows = await reader.rows(triageAction, { action_id: id })
      if (!rows.some(({ action }) => action === 'snooze'))
        throw new Problem(404, {
          code: 'NOT_FOUND',
          message: 'There is no such snooze.',
          field: 'id',
          fix: 'Take an id of GET /api/snoozes.',
        })
      await triage.write({ ...(await by(request)), action: 'unsnooze', undoOf: id })
      return reply.code(204).send()
    },
  )
}

/** What an action needs besides its alerts. */
function checked(
  { action, value, reason, comment }: ActionBody,
  me: string,
): { value: string; reason: string } {
  if (action === 'dispose') {
    if (!dispositions.some((known) => known === value))
      throw badInput('value', 'This is no disposition.', `One of ${dispositions.join(', ')}.`)
    if (reason === undefined || reason.trim().length < 3)
      throw badInput('reason', 'The reason is missing.', 'Say why in a few words: it stays with the alert.')
    return { value: value ?? '', reason: reason.trim() }
  }
  if (action === 'comment' && (comment ?? '').trim() === '')
    throw badInput('comment', 'The comment is empty.', 'Write something, without names or document numbers.')
  return { value: action === 'assign' ? (value ?? me) : '', reason: reason?.trim() ?? '' }
}

/** A snooze always names one entity or one place: a rule as a whole cannot be switched off here, welfare least of all. */
function scopeOf({ keyspace, key, site }: SnoozeScope): { keyspace: string; key: string; site: string } {
  if ((key === undefined) === (site === undefined))
    throw badInput('site', 'A snooze needs one entity or one site.', 'Give `key` with `keyspace`, or `site`.')
  if (key !== undefined && keyspace === undefined)
    throw badInput(
      'keyspace',
      'The field is missing.',
      'Say what `key` is of: traveller, vehicle, premises, site.',
    )
  return { keyspace: keyspace ?? '', key: key ?? '', site: site ?? '' }
}
