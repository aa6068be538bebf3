import { brotliDecompressSync } from 'node:zlib'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Feeds, RejectedSummary, Sites, type SourceStatus } from '../../../dashboard/api/shapes.ts'
import type { Row } from '../../../sql/store.ts'
import { startDashboard, type Dashboard } from './support.ts'

const minute = 60_000
const hour = 60 * minute
let dashboard: Dashboard
let now: number
let key = 0n

const crossing = (source: string, ago: number, lag = 2000): Row => ({
  event_key: ++key,
  version: 1n,
  event_id: `${source}:${key}`,
  source,
  site: 'CP-1',
  at: new Date(now - ago - lag),
  ingested_at: new Date(now - ago),
})
const every = (source: string, from: number, to: number, step: number): Row[] =>
  Array.from({ length: Math.round((to - from) / step) }, (_, i) => crossing(source, from + i * step))

beforeAll(async () => {
  now = Date.now()
  dashboard = await startDashboard()
  await dashboard.store.insertRows(
    'crossings',
    [
      ...every('steady', minute, 11 * hour + minute, 10 * minute),
      ...every('slower', 2 * hour, 12 * hour, 10 * minute),
      crossing('slower', 30 * minute, 90_000),
      ...every('stopped', 2 * hour, 12 * hour, 10 * minute),
    ],
    'crossings',
  )
  const rejected = (source: string, seq: number, rest: object): Row => ({
    id: `${seq}`,
    source,
    feed: 'crossings',
    at: new Date(now - hour),
    reason: 'type',
    field: 'at',
    fix: 'Send ISO 8601.',
    sealed: '',
    reject_seq: seq,
    item: 0,
    ...rest,
  })
  await dashboard.store.insertRows(
    'rejected',
    [
      rejected('steady', 1, {}),
      rejected('steady', 2, {}),
      rejected('broken', 3, { reason: 'unknown-field', field: 'plate2' }),
      rejected('steady', 4, { at: new Date(now - 48 * hour) }),
    ],
    'rejected',
  )
  const site = {
    id: 'CP-1',
    name: 'Mae Sot',
    nameTh: 'แม่สอด',
    kind: 'checkpoint',
    province: 'Tak',
    district: 'Mae Sot',
    zone: '',
    lat: 16.7,
    lon: 98.5,
    source: 't',
    owner: 't',
  }
  const row = (validFrom: string, rest: object, seq: number): Row => ({
    table_name: 'sites',
    id: 'CP-1',
    valid_from: validFrom,
    valid_to: null,
    source: 't',
    owner: 't',
    row: JSON.stringify({ ...site, validFrom, validTo: null, ...rest }),
    logged_at: new Date(0),
    log_seq: seq,
  })
  const district: Row = {
    ...row('2020-01-01', { id: 'Tak/Mae Sot', zone: 'border', highRisk: true }, 3),
    table_name: 'districts',
    id: 'Tak/Mae Sot',
  }
  await dashboard.store.insertRows(
    'reference',
    [row('2020-01-01', {}, 1), row('2999-01-01', { kind: 'airport' }, 2), district],
    'reference',
  )
})
afterAll(() => dashboard.stop())

test('each source: last seen, rate against usual, rejected, lag; silent and only-rejected ones stand out', async () => {
  const feeds = (await dashboard.get('/api/feeds')).json() as Feeds
  expect(Compile(Feeds).Errors(feeds)).toEqual([])
  const of = (source: string): SourceStatus =>
    feeds.sources.find((one) => one.source === source) as SourceStatus
  expect(of('steady')).toMatchObject({
    lastHour: 6,
    state: 'reporting',
    accepted24h: 66,
    rejected24h: 2,
    lagMs: 2000,
    lastSeenAt: now - minute,
  })
  expect(of('steady').usualHour).toBeCloseTo(6, 0)
  expect(of('slower')).toMatchObject({ lastHour: 1, state: 'quiet', lastEventAt: now - 30 * minute - 90_000 })
  expect(of('stopped')).toMatchObject({ lastHour: 0, state: 'silent', lastSeenAt: now - 2 * hour })
  expect(of('broken')).toMatchObject({ accepted24h: 0, rejected24h: 1, state: 'silent' })
})

test('what was rejected is told by source, reason and field, for the last day unless asked otherwise', async () => {
  const summary = (await dashboard.get('/api/rejected/summary')).json() as RejectedSummary
  expect(Compile(RejectedSummary).Errors(summary)).toEqual([])
  expect(summary.total).toBe(3)
  expect(summary.rows[0]).toEqual({
    feed: 'crossings',
    source: 'steady',
    reason: 'type',
    field: 'at',
    fix: 'Send ISO 8601.',
    count: 2,
    lastAt: now - hour,
  })
  const wide = (await dashboard.get('/api/rejected/summary?from=2020-01-01')).json() as RejectedSummary
  expect(wide.total).toBe(4)
})

test('sites are sent compressed, and not again while they stay the same', async () => {
  const ask = (headers: Record<string, string>) => dashboard.get('/api/sites', 'analyst', headers)
  const plain = await ask({})
  const packed = await ask({ 'accept-encoding': 'gzip, br' })
  expect(packed.headers['content-encoding']).toBe('br')
  expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(plain.payload)
  const again = await ask({ 'if-none-match': String(plain.headers['etag']) })
  expect([again.statusCode, again.payload]).toEqual([304, ''])
  expect((await ask({ 'if-none-match': '"other"' })).statusCode).toBe(200)
})

test('sites are those of the reference data that hold now', async () => {
  const sites = (await dashboard.get('/api/sites')).json() as Sites
  expect(Compile(Sites).Errors(sites)).toEqual([])
  expect(sites.sites).toEqual([
    {
      id: 'CP-1',
      table: 'sites',
      name: { en: 'Mae Sot', th: 'แม่สอด' },
      kind: 'checkpoint',
      province: 'Tak',
      district: 'Mae Sot',
      zone: 'border',
      highRisk: true,
      latitude: 16.7,
      longitude: 98.5,
      capacity: null,
    },
  ])
})
