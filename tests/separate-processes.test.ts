import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLogin } from '../dashboard/api/logins.ts'
import type { Alerts } from '../dashboard/api/shapes.ts'
import { createKey } from '../ingest/gateway/keys.ts'
import { silentLog } from '../platform/log.ts'
import { connectNats } from '../platform/nats.ts'
import { freePort } from '../platform/ports.ts'
import type { AlertCommit } from '../processors/alert.ts'
import { startClickHouse } from './support/clickhouse.ts'
import { startNats } from './support/nats-server.ts'
import { startRole } from './support/roles.ts'
import { until } from './support/until.ts'

/** Each role as its own process on one NATS server and one ClickHouse, as docker-compose.yml runs them. */
const folder = mkdtempSync(join(tmpdir(), 'daan-separate-'))
const keysFile = join(folder, 'keys.json')
const own = (name: string): { DATA_DIR: string } => ({ DATA_DIR: join(folder, name) })
const running: ReturnType<typeof startRole>[] = []
let nats: Awaited<ReturnType<typeof startNats>>
let clickhouse: Awaited<ReturnType<typeof startClickHouse>>
let dashboardUrl: string
let ingestUrl: string

beforeAll(async () => {
  nats = await startNats()
  clickhouse = await startClickHouse()
  const [port, ingestPort] = [await freePort(), await freePort()]
  dashboardUrl = `http://127.0.0.1:${port}`
  ingestUrl = `http://127.0.0.1:${ingestPort}`
  const common = { NATS_URL: nats.url, KEYS_FILE: keysFile, HOST: '127.0.0.1', TICK_MS: '200' }
  const store = { CLICKHOUSE_URL: clickhouse.url }
  running.push(
    startRole('ingest', { ...common, ...own('ingest'), INGEST_PORT: String(ingestPort) }),
    startRole('processor', { ...common, ...own('processor-1'), SLICE: '1/2' }),
    startRole('processor', { ...common, ...own('processor-2'), SLICE: '2/2' }),
    startRole('archive', { ...common, ...store, ...own('archive') }),
    startRole('dashboard', {
      ...common,
      ...store,
      ...own('dashboard'),
      PORT: String(port),
      EXPECT_ROLES: 'ingest:1,processor:1-of-2,processor:2-of-2,archive:1',
    }),
  )
})

afterAll(async () => {
  await Promise.all(running.map((role) => role.stop()))
  await clickhouse.stop()
  await nats.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

it(
  'records of suppliers become alerts of both slices, seen through the dashboard',
  { timeout: 120_000 },
  async () => {
    await ready()
    const { key } = createKey(keysFile, { source: 'test-checkpoint', scopes: ['feeds'] })
    const answer = await fetch(`${ingestUrl}/v1/feeds/crossings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(crossings(12)),
    })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ accepted: 48, duplicate: 0, rejected: 0 })

    const cookie = await signIn()
    const { alerts } = await until(
      'twelve alerts in the dashboard',
      async () => {
        const response = await fetch(`${dashboardUrl}/api/alerts`, { headers: { cookie } })
        expect(response.status).toBe(200)
        const body = (await response.json()) as Alerts
        return body.total >= 12 && body
      },
      60_000,
    )
    expect(new Set(alerts.map(({ rule }) => rule))).toEqual(new Set(['repeated-crossings']))
    expect(new Set(alerts.map(({ key: traveller }) => traveller)).size).toBe(12)
    const perSlice = await alertsPerSlice()
    expect(Object.keys(perSlice).sort()).toEqual(['1-of-2', '2-of-2'])
    expect(Object.values(perSlice).reduce((sum, count) => sum + count, 0)).toBe(12)
  },
)

it('is not ready while a slice has no owner, and ready again when it has', { timeout: 60_000 }, async () => {
  const second = running[2] as (typeof running)[number]
  await second.stop('SIGKILL')
  const missing = await until('the dashboard to notice', async () => {
    const response = await fetch(`${dashboardUrl}/health/ready`)
    return response.status === 503 && ((await response.json()) as { missing: { what: string }[] }).missing
  })
  expect(missing.map(({ what }) => what)).toEqual(['processor:2-of-2'])
  running[2] = startRole('processor', {
    NATS_URL: nats.url,
    SLICE: '2/2',
    DATA_DIR: join(folder, 'processor-2'),
  })
  await ready()
})

async function ready(): Promise<void> {
  try {
    await until(
      'every role to be ready',
      async () => (await fetch(`${dashboardUrl}/health/ready`).catch(() => undefined))?.ok,
      45_000,
    )
  } catch (cause) {
    throw new Error(running.map((role) => role.said()).join('\n'), { cause })
  }
}

/** Four crossings within an hour for each of `travellers` made-up people: enough of them that both slices own some. */
function crossings(travellers: number): Record<string, string>[] {
  const now = Date.now()
  return Array.from({ length: travellers * 4 }, (_, i) => ({
    id: `c${i}`,
    at: new Date(now - 3_600_000 + i * 1_000).toISOString(),
    site: 'TH-MM-MAESOT1',
    direction: i % 2 === 0 ? 'entry' : 'exit',
    documentType: 'passport',
    documentNumber: `TEST${String(Math.floor(i / 4)).padStart(5, '0')}`,
    nationality: 'UTO',
  }))
}

/** A session's cookie, got as a person gets it: by a link that works once. */
async function signIn(): Promise<string> {
  const token = await createLogin(join(folder, 'dashboard'), { role: 'analyst' })
  const response = await fetch(`${dashboardUrl}/login?token=${token}`, { redirect: 'manual' })
  expect(response.status).toBe(303)
  return (response.headers.get('set-cookie') as string).split(';')[0] as string
}

/** Standing alerts by the slice that committed them, read from the stream itself. */
async function alertsPerSlice(): Promise<Record<string, number>> {
  const connection = await connectNats(nats.url, { log: silentLog, name: 'test' })
  const bySlice = new Map<string, Set<string>>()
  const { last_seq: last } = (await connection.jsm.streams.info('ALERTS')).state
  const consumer = await connection.js.consumers.get('ALERTS')
  for await (const message of await consumer.consume()) {
    const commit = message.json<AlertCommit>()
    for (const { alertId } of commit.revisions)
      bySlice.set(commit.slice, (bySlice.get(commit.slice) ?? new Set()).add(alertId))
    if (message.seq >= last) break
  }
  await connection.close()
  return Object.fromEntries([...bySlice].map(([slice, ids]) => [slice, ids.size]))
}
