import { tableFromIPC } from 'apache-arrow'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AlertDetail, Alerts, Evidence, Naming, Newest } from '../../../dashboard/api/shapes.ts'
import { titleOf } from '../../../dashboard/api/rule-words.ts'
import { loadDetectors } from '../../../processors/registry.ts'
import { alertRow, revisionOf, startDashboard, type Dashboard } from './support.ts'

let dashboard: Dashboard
const id = (n: number): string => n.toString(16).padStart(16, '0')

const event = (key: bigint, at: number, rest: object) => ({
  event_key: key,
  version: 5n,
  event_id: `test:${key}`,
  source: 'test',
  site: 'CP-1',
  at: new Date(at),
  ingested_at: new Date(at + 5),
  batch: 0xabcn,
  ...rest,
})

beforeAll(async () => {
  dashboard = await startDashboard()
  await dashboard.store.insertRows(
    'alert_revisions',
    [
      alertRow(revisionOf({ alertId: id(1), revision: 1, raisedAt: 1000, events: [id(0x11)] })),
      alertRow(
        revisionOf({
          alertId: id(1),
          revision: 2,
          raisedAt: 1000,
          revisedAt: 5000,
          events: ['ffffffffffffff01', id(0x11), id(0x12), id(0x13), id(0x21)],
        }),
        2,
      ),
      alertRow(
        revisionOf({
          alertId: id(2),
          raisedAt: 2000,
          site: 'CP-2',
          severity: 'low',
          evidence: { crossings: 4, otherVehicle: id(0xbeef) },
        }),
        3,
      ),
      alertRow(
        revisionOf({
          alertId: id(3),
          raisedAt: 3000,
          rule: 'overcrowded-lodgings',
          class: 'inspect',
          site: 'HT-1',
        }),
        4,
      ),
      alertRow(
        revisionOf({ alertId: id(4), raisedAt: 3000, status: 'withdrawn', reason: 'evidence-changed' }),
        5,
      ),
    ],
    'alerts',
  )
  await dashboard.store.insertRows(
    'crossings',
    [
      event(0xffffffffffffff01n, 500, { direction: 'entry', traveller: 0xfffffffffffffff0n, cancelled: 0 }),
      event(0x11n, 300, { direction: 'exit', traveller: 0xfffffffffffffff0n, cancelled: 0 }),
      event(0x12n, 200, { direction: 'entry', traveller: 0xfn, cancelled: 0 }),
      // Corrected since: the newer version is shown, at its new time.
      event(0x12n, 600, { direction: 'exit', traveller: 0xfn, cancelled: 0, version: (1n << 32n) | 9n }),
      // Cancelled since, and one that has nothing to do with it.
      event(0x13n, 100, { direction: 'entry', traveller: 0n, cancelled: 0 }),
      event(0x13n, 100, { direction: 'entry', traveller: 0n, cancelled: 1, version: (1n << 32n) | 1n }),
      event(0x99n, 700, { direction: 'entry', traveller: 0n, cancelled: 0 }),
    ],
    'crossings',
  )
  await dashboard.store.insertRows(
    'registrations',
    [event(0x21n, 400, { party_size: 3, check_out_at: null, room: '7' })],
    'registrations',
  )
  await dashboard.store.insertRows(
    'batches',
    [
      {
        log_seq: 42,
        batch: 0xabcn,
        feed: 'crossings',
        rows: 7,
        logged_at: new Date(0),
        insert_from: 42,
        insert_to: 42,
      },
    ],
    'batches',
  )
})
afterAll(() => dashboard.stop())

const list = async (query = ''): Promise<Alerts> => {
  const answer = await dashboard.get(`/api/alerts${query}`)
  expect(answer.statusCode).toBe(200)
  return answer.json() as Alerts
}
const numbers = ({ alerts }: Alerts): number[] => alerts.map(({ alertId }) => parseInt(alertId, 16))

test('the newest are the open alerts raised last, in their newest version', async () => {
  const newest = (await dashboard.get('/api/alerts/newest')).json() as Newest
  expect(Compile(Newest).Errors(newest)).toEqual([])
  expect(newest.alerts.map(({ alertId, revision }) => [alertId, revision])).toEqual([
    [id(3), 1],
    [id(2), 1],
    [id(1), 2],
  ])
  const two = (await dashboard.get('/api/alerts/newest?limit=2')).json() as Newest
  expect(two.alerts.map(({ alertId }) => alertId)).toEqual([id(3), id(2)])
  expect((await dashboard.get('/api/alerts/newest?limit=0')).statusCode).toBe(400)
})

test('an entity is told of open alerts about others that name it', async () => {
  const named = async (key: string): Promise<string[]> => {
    const answer = (await dashboard.get(`/api/alerts/naming?key=${key}`)).json() as Naming
    expect(Compile(Naming).Errors(answer)).toEqual([])
    return answer.alerts.map(({ alertId }) => alertId)
  }
  expect(await named(id(0xbeef))).toEqual([id(2)])
  expect(await named(id(0xbee))).toEqual([])
  expect((await dashboard.get('/api/alerts/naming?key=x')).statusCode).toBe(400)
})

test('the list has the newest version of each open alert, newest raised first', async () => {
  const answer = await list()
  expect(numbers(answer)).toEqual([3, 2, 1])
  expect(answer.alerts[2]).toMatchObject({
    revision: 2,
    revisedAt: 5000,
    eventCount: 5,
    evidence: { crossings: 4 },
  })
  expect(answer.total).toBe(3)
  expect(Compile(Alerts).Errors(answer)).toEqual([])
})

test.each([
  ['?status=all', [4, 3, 2, 1]],
  ['?status=withdrawn', [4]],
  ['?site=CP-2', [2]],
  ['?rule=overcrowded-lodgings', [3]],
  ['?class=inspect', [3]],
  ['?severity=low', [2]],
  ['?from=1970-01-01T00:00:02Z', [3, 2]],
  ['?to=1970-01-01T00:00:02Z', [1]],
])('filtered by %s it has %j', async (query, expected) => {
  const answer = await list(query)
  expect(numbers(answer)).toEqual(expected)
  expect(answer.total).toBe(expected.length)
})

test('pages follow each other without gap or repetition, alerts of one moment too', async () => {
  const seen: number[] = []
  let cursor: string | null = ''
  for (let page = 0; cursor !== null && page < 9; page++) {
    const answer: Alerts = await list(`?status=all&limit=1${cursor && `&cursor=${cursor}`}`)
    seen.push(...numbers(answer))
    cursor = answer.nextCursor
  }
  expect(seen).toEqual([4, 3, 2, 1])
})

test.each([
  ['limit=0', 'limit'],
  ['limit=many', 'limit'],
  ['cursor=1', 'cursor'],
  ['status=closed', 'status'],
])('%s is a 400 that names it', async (query, field) => {
  expect((await dashboard.get(`/api/alerts?${query}`)).json()).toMatchObject({ code: 'INPUT', field })
})

test('an alert comes with its versions and what its rule looks for', async () => {
  const detail = (await dashboard.get(`/api/alerts/${id(1)}`)).json() as AlertDetail
  expect(Compile(AlertDetail).Errors(detail)).toEqual([])
  expect(detail.revisions.map(({ revision }) => revision)).toEqual([1, 2])
  expect(detail.alert.revision).toBe(2)
  expect(detail.rule.title.en).toBe('Repeated crossings')
  expect(detail.rule.params).toContainEqual({ name: 'atLeast', value: 4, description: expect.any(String) })
})

test('evidence has the rows as they stand now, with pseudonyms in hex and the message that brought each', async () => {
  const evidence = (await dashboard.get(`/api/alerts/${id(1)}/evidence`)).json() as Evidence
  expect(Compile(Evidence).Errors(evidence)).toEqual([])
  expect(evidence).toMatchObject({ alertId: id(1), revision: 2, eventCount: 5, found: 4, sightings: [] })
  expect(
    evidence.crossings.map(({ eventKey, direction, at, revision, traveller }) => [
      eventKey,
      direction,
      at,
      revision,
      traveller,
    ]),
  ).toEqual([
    [id(0x11), 'exit', 300, 0, 'fffffffffffffff0'],
    ['ffffffffffffff01', 'entry', 500, 0, 'fffffffffffffff0'],
    [id(0x12), 'exit', 600, 1, id(0xf)],
  ])
  expect(evidence.crossings[0]).toMatchObject({
    batch: id(0xabc),
    logSeq: 42,
    siteName: { en: 'CP-1', th: 'CP-1' },
  })
  expect(evidence.registrations).toMatchObject([{ partySize: 3, checkOutAt: null, room: '7' }])
  expect(JSON.stringify(evidence)).not.toMatch(/sealed|phone|birth/)
})

test('evidence of an earlier version, of one feed, and as Arrow', async () => {
  const first = (await dashboard.get(`/api/alerts/${id(1)}/evidence?revision=1`)).json() as Evidence
  expect(first).toMatchObject({ revision: 1, found: 1 })
  const one = (await dashboard.get(`/api/alerts/${id(1)}/evidence?feed=registrations`)).json() as Evidence
  expect([one.crossings.length, one.registrations.length]).toEqual([0, 1])
  const arrow = await dashboard.get(`/api/alerts/${id(1)}/evidence?format=arrow&feed=crossings`)
  expect(arrow.headers['content-type']).toBe('application/vnd.apache.arrow.stream')
  const table = tableFromIPC(arrow.rawPayload)
  expect(table.toArray().map((row) => row.toJSON().at_ms)).toEqual([300, 500, 600])
  expect((await dashboard.get(`/api/alerts/${id(1)}/evidence?format=arrow`)).json()).toMatchObject({
    field: 'feed',
  })
})

test.each([
  `/api/alerts/${id(99)}`,
  `/api/alerts/${id(99)}/evidence`,
  `/api/alerts/${id(1)}/evidence?revision=7`,
])('%s is a 404 that says what to do', async (url) => {
  const answer = await dashboard.get(url)
  expect(answer.statusCode).toBe(404)
  expect(answer.json()).toMatchObject({ code: 'NOT_FOUND', fix: expect.any(String) })
})

test('an id that is none is a 400', async () => {
  expect((await dashboard.get('/api/alerts/x')).json()).toMatchObject({ code: 'INPUT', field: 'id' })
})

test('every detector has a title in both languages', async () => {
  for (const { id: rule } of await loadDetectors()) {
    expect(titleOf(rule).en).not.toBe(rule)
    expect(titleOf(rule).th).not.toBe(titleOf(rule).en)
  }
})
