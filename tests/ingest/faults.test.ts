import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import { startNatsServer, type NatsServer } from '../../platform/nats-server.ts'
import { connectNats } from '../../platform/nats.ts'
import { standStill } from '../support/stand-still.ts'
import { until } from '../support/until.ts'
import { crossing, rowsOf, runIngest } from './support.ts'

type Running = Awaited<ReturnType<typeof runIngest>>

/** The gateway while its log is away, slow, or shared. Each test leaves the server running. */
const storeDir = mkdtempSync(join(tmpdir(), 'daan-faults-'))
let server: NatsServer
let ingest: Running
let serial = 0
const fresh = (): string => `f-${serial++}`

const start = (port: number): Promise<NatsServer> =>
  startNatsServer({ port, storeDir, log: silentLog, sync: false })

beforeAll(async () => {
  server = await start(0)
  ingest = await runIngest(server.url)
})
afterAll(async () => {
  await ingest.close()
  await server.stop()
  ingest.remove()
  rmSync(storeDir, { recursive: true, force: true, maxRetries: 3 })
})

async function stored(): Promise<string[]> {
  const nats = await connectNats(server.url, { log: silentLog, name: 'test' })
  try {
    return (await rowsOf(nats, 'crossings')).map((row) => String(row['event_id']))
  } finally {
    await nats.close()
  }
}

describe('while the log cannot store', () => {
  it('a supplier is told to come back, and what it sends again is taken once', async () => {
    const known = crossing({ id: fresh() })
    await ingest.send('/v1/feeds/crossings', known)
    await server.stop()

    const records = [crossing({ id: fresh() }), crossing({ id: fresh() })]
    for (const body of [records, records, [5]]) {
      const answer = await ingest.send('/v1/feeds/crossings', body)
      expect([answer.status, answer.body.code]).toEqual([503, 'STORE_UNAVAILABLE'])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect((await ingest.send('/v1/volumes', [])).status).toBe(200)
    expect((await fetch(`${ingest.url}/health/ready`)).status).toBe(503)
    expect((await fetch(`${ingest.url}/health/live`)).status).toBe(200)

    server = await start(server.port)
    const answer = await until('the gateway to store again', async () => {
      const again = await ingest.send('/v1/feeds/crossings', [...records, known])
      return again.status === 200 ? again : undefined
    })
    expect(answer.body).toMatchObject({ accepted: 2, duplicate: 1 })
    await until('readiness', async () => (await fetch(`${ingest.url}/health/ready`)).ok)
    const ids = await stored()
    for (const { id } of records) expect(ids.filter((one) => one === `test:${String(id)}`)).toHaveLength(1)
  })

  it('a copy in another request is not called stored before the first one is', async () => {
    const record = crossing({ id: fresh() })
    await standStill(server.pid())
    const answers = await Promise.all([
      ingest.send('/v1/feeds/crossings', record),
      ingest.send('/v1/feeds/crossings', record),
      ingest.send('/v1/feeds/crossings', { ...record, site: 'ELSEWHERE' }),
    ]).finally(() => process.kill(server.pid(), 'SIGCONT'))
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503])
    await until('the gateway to store again', async () => {
      const again = await ingest.send('/v1/feeds/crossings', record)
      return again.status === 200
    })
    expect(await stored()).toContain(`test:${String(record['id'])}`)
  })

  it('requests are turned away once those that wait hold more than the bound', async () => {
    const small = await runIngest(server.url, { backlogBytes: 20_000, attemptMs: 5_000, withinMs: 10_000 })
    const body = `[${JSON.stringify(crossing({ id: fresh() }))}${' '.repeat(10_000)}]`
    const packed = gzipSync(`[${' '.repeat(15_000)}]`)
    await standStill(server.pid())
    const first = small.send('/v1/feeds/crossings', body)
    const second = await until('the bound', async () => {
      const metrics = await (await fetch(`${small.url}/metrics`)).text()
      const isHeld = /daan_ingest_backlog_bytes\{[^}]*\} [1-9]/.test(metrics)
      return isHeld ? small.send('/v1/feeds/crossings', body) : undefined
    })
    const third = await small
      .send('/v1/feeds/crossings', packed, { 'content-encoding': 'gzip' })
      .finally(() => process.kill(server.pid(), 'SIGCONT'))
    expect([third.status, third.body.code]).toEqual([503, 'BUSY'])
    expect([second.status, second.body.code]).toEqual([503, 'BUSY'])
    expect((await first).body.accepted).toBe(1)
    expect((await small.send('/v1/feeds/crossings', body)).body.duplicate).toBe(1)
    await small.close()
    small.remove()
  })
})

describe('what is stored', () => {
  it('is known after a restart', async () => {
    const records = Array.from({ length: 50 }, () => crossing({ id: fresh() }))
    await ingest.send('/v1/feeds/crossings', records)
    await ingest.close()
    // The server is there from now on, and a busy machine is slow: patience.
    ingest = await runIngest(server.url, { folder: ingest.folder, attemptMs: 10_000, withinMs: 30_000 })
    const reused = crossing({ id: records[0]?.['id'], site: 'ELSEWHERE' })
    const { body } = await ingest.send('/v1/feeds/crossings', [...records, reused, crossing({ id: fresh() })])
    expect(body).toMatchObject({ accepted: 1, duplicate: 50, rejected: 1 })
  })

  it('is known to another gateway on the same log', async () => {
    const other = await runIngest(server.url, { folder: ingest.folder, instance: '2' })
    const record = crossing({ id: fresh() })
    expect((await ingest.send('/v1/feeds/crossings', record)).body.accepted).toBe(1)
    const answer = await until('the other gateway to have read it', async () => {
      const { details } = (await (await fetch(`${other.url}/health/ready`)).json()) as {
        details: { known: number }
      }
      const mine = (await (await fetch(`${ingest.url}/health/ready`)).json()) as {
        details: { known: number }
      }
      return details.known >= mine.details.known ? other.send('/v1/feeds/crossings', record) : undefined
    })
    expect(answer.body).toMatchObject({ accepted: 0, duplicate: 1 })
    await other.close()
  })
})
