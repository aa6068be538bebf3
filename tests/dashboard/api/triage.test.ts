import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AlertDetail, type Alerts } from '../../../dashboard/api/shapes.ts'
import type {
  ActionAnswer,
  AlertGroups,
  SnoozePreview,
  Snoozes,
} from '../../../dashboard/api/triage-shapes.ts'
import { silentLog } from '../../../platform/log.ts'
import { createArchive, type Archive } from '../../../sql/archive.ts'
import { alertRow, revisionOf, startDashboard, type Dashboard } from './support.ts'

let dashboard: Dashboard
let archive: Archive
let cookie: string
let next = 0x100
const id = (n: number): string => n.toString(16).padStart(16, '0')
const now = Date.UTC(2026, 0, 31)

beforeAll(async () => {
  dashboard = await startDashboard({ now: () => now })
  archive = createArchive({ lingerMs: 20 }, { nats: dashboard.nats, store: dashboard.store, log: silentLog })
  archive.start()
  cookie = await dashboard.signIn('analyst')
})
afterAll(async () => {
  await archive.stop()
  await dashboard.stop()
})

const call = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object, as = cookie) =>
  dashboard.inject({
    method,
    url,
    headers: { cookie: as, 'sec-fetch-site': 'same-origin' },
    ...(payload === undefined ? {} : { payload }),
  })
const act = async (payload: object): Promise<ActionAnswer> => {
  const answer = await call('POST', '/api/alerts/actions', payload)
  expect([answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([200, ''])
  return answer.json() as ActionAnswer
}
const detail = async (alertId: string): Promise<AlertDetail> =>
  (await call('GET', `/api/alerts/${alertId}`)).json() as AlertDetail
const list = async (query: string): Promise<Alerts> => {
  const answer = await call('GET', `/api/alerts?${query}`)
  expect(answer.statusCode).toBe(200)
  return answer.json() as Alerts
}

/** A new alert in the store; its id. */
async function raise(given: Parameters<typeof revisionOf>[0] = {}): Promise<string> {
  const alertId = id(next++)
  await dashboard.store.insertRows(
    'alert_revisions',
    [alertRow(revisionOf({ alertId, raisedAt: now - 60_000, ...given }), next)],
    `raise:${alertId}`,
  )
  return alertId
}

describe('the state of an alert', () => {
  let alertId: string
  beforeEach(async () => {
    alertId = await raise()
  })
  const dispose = { action: 'dispose', value: 'benign', reason: 'A tour guide' }

  test.each([
    ['new', []],
    ['seen', [{ action: 'seen' }]],
    ['seen', [{ action: 'comment', comment: 'Same vehicle as last week.' }]],
    ['assigned', [{ action: 'assign' }]],
    ['seen', [{ action: 'assign' }, { action: 'assign', value: '' }]],
    ['disposed', [dispose]],
    ['disposed', [{ action: 'assign' }, dispose, { action: 'comment', comment: 'Asked the post.' }]],
    ['disposed', [dispose, { ...dispose, value: 'confirmed' }]],
  ] as const)('is %s after %j', async (state, steps) => {
    for (const step of steps) await act({ ...step, alertIds: [alertId] })
    const answer = await detail(alertId)
    expect([...Compile(AlertDetail).Errors(answer)]).toEqual([])
    expect(answer.triage.state).toBe(state)
    expect(answer.history.map(({ action }) => action)).toEqual(steps.map(({ action }) => action))
  })

  test('goes back by undo, step by step, and an action is undone once', async () => {
    await act({ action: 'assign', alertIds: [alertId] })
    const first = await act({ ...dispose, alertIds: [alertId] })
    const second = await act({ ...dispose, value: 'confirmed', alertIds: [alertId] })
    expect((await detail(alertId)).triage.disposition).toBe('confirmed')
    const undone = await act({ action: 'undo', undoOf: second.actionId })
    expect(undone.alerts[0]?.triage).toMatchObject({ state: 'disposed', disposition: 'benign' })
    await act({ action: 'undo', undoOf: first.actionId })
    const { triage, history } = await detail(alertId)
    expect(triage).toMatchObject({ state: 'assigned', disposition: '', disposedAt: null })
    expect(history.map(({ undone }) => undone)).toEqual([false, true, true, false, false])
    expect(
      (await call('POST', '/api/alerts/actions', { action: 'undo', undoOf: first.actionId })).json(),
    ).toMatchObject({ code: 'NOT_UNDOABLE' })
  })

  test('of many alerts changes at once, and the same actionId does nothing a second time', async () => {
    const ids = [alertId, await raise(), await raise()]
    const actionId = id(0xabc000 + next)
    await act({ ...dispose, alertIds: ids, actionId })
    await act({ ...dispose, alertIds: ids, actionId })
    expect((await detail(ids[2] as string)).history).toHaveLength(1)
    const undone = await act({ action: 'undo', undoOf: actionId })
    expect(undone.alerts.map(({ triage }) => triage.state)).toEqual(['new', 'new', 'new'])
  })

  test.each([
    [{ action: 'dispose', value: 'benign' }, 'reason'],
    [{ action: 'dispose', value: 'nothing', reason: 'Because' }, 'value'],
    [{ action: 'comment', comment: ' ' }, 'comment'],
    [{ action: 'undo' }, 'undoOf'],
    [{ action: 'delete' }, 'action'],
    [{ action: 'seen', alertIds: [id(0xdead)] }, 'alertIds'],
  ])('is not changed by %j, and the answer names %s', async (body, field) => {
    const answer = await call('POST', '/api/alerts/actions', { alertIds: [alertId], ...body })
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.json()).toMatchObject({ field, fix: expect.any(String) })
    expect((await detail(alertId)).history).toEqual([])
  })
})

test('the list is filtered by state and assignee, sorted by severity in pages, and grouped', async () => {
  const at = { site: 'CP-Q' }
  const low = await raise({ ...at, severity: 'low', key: id(1), raisedAt: now - 1_000 })
  const high = await raise({ ...at, severity: 'high', key: id(1), raisedAt: now - 9_000 })
  const medium = await raise({ ...at, severity: 'medium', key: id(2), raisedAt: now - 5_000 })
  const welfare = await raise({ ...at, class: 'welfare', key: id(3), raisedAt: now - 7_000 })
  await act({ action: 'assign', alertIds: [medium] })
  const ids = async (query: string) => (await list(`site=CP-Q&${query}`)).alerts.map(({ alertId }) => alertId)
  expect(await ids('queue=main&sort=severity')).toEqual([high, medium, low])
  expect(await ids('queue=welfare')).toEqual([welfare])
  expect(await ids('sort=oldest&queue=main')).toEqual([high, medium, low])
  expect(await ids('assignee=me')).toEqual([medium])
  expect(await ids('state=new&queue=main')).toEqual([low, high])
  expect(await ids(`key=${id(1)}`)).toEqual([low, high])
  const paged: string[] = []
  for (const sort of ['severity', 'oldest'])
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Alerts = await list(
        `site=CP-Q&queue=main&sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`,
      )
      paged.push(...page.alerts.map(({ alertId }) => alertId))
      cursor = page.nextCursor
    }
  expect(paged).toEqual([high, medium, low, high, medium, low])
  const groups = (await call('GET', '/api/alerts/groups?by=entity&site=CP-Q')).json() as AlertGroups
  expect(groups.groups[0]).toMatchObject({ keyspace: 'traveller', key: id(1), count: 2, high: 1, unseen: 2 })
})

test('a snooze is previewed, suppresses, stays countable and reachable, and ends when it is taken back', async () => {
  const about = { key: id(0x77), site: 'CP-S' }
  const [one] = [await raise(about), await raise({ ...about, severity: 'low' })]
  await raise({ ...about, raisedAt: now - 40 * 86_400_000 })
  const scope = `rule=repeated-crossings&keyspace=traveller&key=${id(0x77)}`
  const preview = (await call('GET', `/api/snoozes/preview?${scope}`)).json() as SnoozePreview
  expect(preview).toMatchObject({ total: 2, open: 2, high: 1, welfare: 0 })
  const made = await call('POST', '/api/snoozes', {
    rule: 'repeated-crossings',
    keyspace: 'traveller',
    key: id(0x77),
    hours: 24,
    reason: 'A known courier',
  })
  expect(made.statusCode).toBe(201)
  const { snoozeId } = made.json() as { snoozeId: string }
  expect(await list('site=CP-S&snoozed=hide')).toMatchObject({ total: 0, suppressed: 3 })
  expect((await list('site=CP-S&snoozed=only')).total).toBe(3)
  expect((await detail(one as string)).triage.snoozedUntil).toBe(now + 86_400_000)
  const all = (await call('GET', '/api/snoozes')).json() as Snoozes
  expect(all.snoozes).toMatchObject([{ snoozeId, active: true, suppressed: 3, reason: 'A known courier' }])
  expect((await call('DELETE', `/api/snoozes/${snoozeId}`)).statusCode).toBe(204)
  expect(await list('site=CP-S&snoozed=hide')).toMatchObject({ total: 3, suppressed: 0 })
})

test.each([[{}], [{ key: id(1), keyspace: 'traveller', site: 'CP-1' }], [{ key: id(1) }]])(
  'a rule is never snoozed as a whole: %j is refused',
  async (scope) => {
    const body = { rule: 'repeated-crossings', hours: 1, reason: 'Too many', ...scope }
    expect((await call('POST', '/api/snoozes', body)).statusCode).toBe(400)
  },
)

test('leaders and tools change nothing', async () => {
  const alertId = await raise()
  const leader = await dashboard.signIn('leader')
  const body = { action: 'seen', alertIds: [alertId] }
  expect((await call('POST', '/api/alerts/actions', body, leader)).statusCode).toBe(403)
  expect((await call('DELETE', `/api/snoozes/${id(1)}`, undefined, leader)).statusCode).toBe(403)
  expect((await detail(alertId)).history).toEqual([])
})
