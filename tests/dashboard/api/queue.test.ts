import { tableFromIPC } from 'apache-arrow'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AlertDetail, Rows } from '../../../dashboard/api/shapes.ts'
import { positionHeader } from '../../../dashboard/api/vocabulary.ts'
import { Clocks } from '../../../dashboard/api/triage-shapes.ts'
import { createRule } from '../../../processors/rule.ts'
import repeatedCrossings from '../../../processors/detectors/repeated-crossings.ts'
import type { Detector } from '../../../processors/detector.ts'
import type { Row } from '../../../sql/store.ts'
import { alertRow, revisionOf, startDashboard, type Dashboard } from './support.ts'

const now = Date.UTC(2026, 0, 31)
const minute = 60_000
const id = (n: number): string => n.toString(16).padStart(16, '0')
let dashboard: Dashboard

/** Alert n was raised n minutes ago; of every alert with a number above 10 the first digit is a key of its own. */
const alerts = [
  { alertId: id(1), severity: 'low', key: id(0xaa), raisedAt: now - minute },
  { alertId: id(2), severity: 'high', key: id(0xbb), raisedAt: now - 2 * minute, site: 'CP-2' },
  { alertId: id(3), severity: 'high', key: id(0xaa), raisedAt: now - 3 * minute },
  { alertId: id(4), severity: 'medium', key: id(0xbb), raisedAt: now - 4 * minute },
  { alertId: `f${id(5).slice(1)}`, class: 'welfare', raisedAt: now - 5 * minute },
] as const

function triage(given: Row, seq: number): Row {
  const blank = { value: '', reason: '', comment: '', undo_of: '', rule: '', keyspace: '', key: '', site: '' }
  const common = { ...blank, actor: 'analyst-t', role: 'analyst', expires_at: new Date(0), alert_id: '' }
  return { ...common, action_id: id(0xc00 + seq), log_id: 1, triage_seq: seq, ...given }
}

beforeAll(async () => {
  dashboard = await startDashboard({ now: () => now })
  const rule = createRule(repeatedCrossings as unknown as Detector)
  await dashboard.store.insertRows(
    'alert_revisions',
    alerts.map((alert, i) =>
      alertRow(
        revisionOf({ ...alert, evidence: { flaggedFrom: 4 }, ruleVersion: i === 0 ? rule.version : 'older' }),
        i + 1,
      ),
    ),
    'queue',
  )
  await dashboard.store.insertRows(
    'triage_actions',
    [
      triage({ alert_id: id(3), action: 'seen', at: new Date(now - minute) }, 1),
      triage({ alert_id: id(4), action: 'dispose', value: 'benign', at: new Date(now - 2 * minute) }, 2),
      triage(
        {
          action: 'snooze',
          rule: 'repeated-crossings',
          site: 'CP-2',
          at: new Date(now - minute),
          expires_at: new Date(now + 1000),
        },
        3,
      ),
    ],
    'queue',
  )
})
afterAll(() => dashboard.stop())

async function index(query: string) {
  const answer = await dashboard.get(`/api/alerts/index?${query}`)
  expect(answer.statusCode).toBe(200)
  expect(answer.headers[positionHeader]).toMatch(/^\d+(\.\d+)?$/)
  const table = tableFromIPC(answer.rawPayload)
  return table.toArray().map((row) => {
    const { id, severity_rank, state_rank, suppressed, group_key } = row as Record<string, unknown>
    return {
      id: (id as bigint).toString(16).padStart(16, '0'),
      severity_rank,
      state_rank,
      suppressed,
      group_key,
    }
  })
}

describe('the index of the queue', () => {
  test.each([
    ['sort=urgency&queue=main', [id(3), id(2), id(4), id(1)]],
    ['sort=severity&queue=main', [id(2), id(3), id(4), id(1)]],
    ['sort=oldest&queue=main', [id(4), id(3), id(2), id(1)]],
    ['state=active&queue=main', [id(1), id(2), id(3)]],
    ['queue=welfare', [`f${id(5).slice(1)}`]],
    ['state=new&queue=main', [id(1), id(2)]],
    ['assignee=nobody&severity=high&queue=main', [id(2), id(3)]],
    [`text=${id(0xbb)}`, [id(2), id(4)]],
    ['text=CROSSED%204%20times&severity=low', [id(1)]],
    ['text=%E0%B8%82%E0%B9%89%E0%B8%B2%E0%B8%A1&severity=low', [id(1)]],
    ['text=nothing', []],
  ])('%s → %j', async (query, ids) => {
    expect((await index(query)).map((row) => row.id)).toEqual(ids)
  })

  test('marks what is suppressed and tells state, severity and group', async () => {
    const rows = await index('queue=main&sort=urgency&by=entity&snoozed=hide')
    expect(rows[0]).toMatchObject({ id: id(3), severity_rank: 3, state_rank: 1, suppressed: 0 })
    expect(rows[1]).toMatchObject({ suppressed: 1, group_key: `traveller:${id(0xbb)}` })
    expect(rows[2]).toMatchObject({ severity_rank: 2, state_rank: 3 })
    expect((await index('by=site&text=' + id(2)))[0]?.group_key).toBe('CP-2')
  })
})

test('rows come by id, and what does not exist is left out', async () => {
  const answer = (await dashboard.get(`/api/alerts/rows?ids=${id(4)},${id(1)},${id(0xdead)}`)).json() as Rows
  expect([...Compile(Rows).Errors(answer)]).toEqual([])
  expect(answer.alerts.map(({ alertId, triage }) => [alertId, triage.state]).sort()).toEqual([
    [id(1), 'new'],
    [id(4), 'disposed'],
  ])
  expect((await dashboard.get('/api/alerts/rows?ids=nonsense')).statusCode).toBe(400)
})

test('the clocks run from raised to seen to disposed, and the welfare queue has its own', async () => {
  const clocks = (await dashboard.get('/api/alerts/clocks')).json() as Clocks
  expect([...Compile(Clocks).Errors(clocks)]).toEqual([])
  expect(clocks.main).toMatchObject({
    unseen: 2,
    oldestUnseenAt: now - 2 * minute,
    seen: 2,
    seenMedianMs: 2 * minute,
    disposed: 1,
    disposedMedianMs: 2 * minute,
  })
  expect(clocks.welfare).toMatchObject({ unseen: 1, seen: 0, seenMedianMs: null, disposedMedianMs: null })
})

test('an alert says what would have made it not fire, if the rule that made it still runs', async () => {
  const detail = async (n: string): Promise<AlertDetail> =>
    (await dashboard.get(`/api/alerts/${n}`)).json() as AlertDetail
  const fresh = await detail(id(1))
  expect([...Compile(AlertDetail).Errors(fresh)]).toEqual([])
  expect(fresh.unless?.en).toBe('with 3 crossings or fewer in any 24 h')
  expect(fresh.rule.current).toBe(true)
  const older = await detail(id(2))
  expect([older.unless, older.rule.current, older.rule.version]).toEqual([null, false, 'older'])
})
