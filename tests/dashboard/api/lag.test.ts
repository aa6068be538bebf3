import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { tableFromIPC } from 'apache-arrow'
import type { Alerts, Lag } from '../../../dashboard/api/shapes.ts'
import { startHeartbeat } from '../../../platform/heartbeat.ts'
import { silentLog } from '../../../platform/log.ts'
import { startProcessor, type Processor } from '../../../processors/processor.ts'
import { loadRules } from '../../../processors/registry.ts'
import { startArchiveRole } from '../../../sql/archive-role.ts'
import { hour, monday } from '../../support/events.ts'
import { messagesOf } from '../../support/log.ts'
import { readKey, startDashboard, type Dashboard } from './support.ts'

let dashboard: Dashboard
let archive: Awaited<ReturnType<typeof startArchiveRole>>
let processor: Processor | undefined
beforeAll(async () => {
  dashboard = await startDashboard()
  archive = await startArchiveRole(
    { everyMs: 200 },
    { nats: dashboard.nats, store: dashboard.store, log: silentLog },
  )
})
afterAll(async () => {
  await processor?.stop()
  await archive.stop()
  await dashboard.stop()
})

const lag = async (): Promise<Lag> => {
  const answer = await dashboard.inject({ url: '/api/lag', headers: { authorization: `Bearer ${readKey}` } })
  expect(answer.statusCode).toBe(200)
  return answer.json() as Lag
}

test('caught up once every stage is through the last record; then list and charts have what follows from it', async () => {
  const crossings = Array.from({ length: 5 }, (_, i) => ({
    feed: 'crossings' as const,
    id: `c${i}`,
    at: monday + i * hour,
    traveller: 7n,
  }))
  // The id of the message names its batch: that is how charts find what it touched.
  for (const [subject, data] of messagesOf(crossings, 5))
    await dashboard.nats.js.publish(subject, data, { msgID: 'b:0000000000000001' })
  const tick = (at: number) => dashboard.nats.js.publish('events.tick', JSON.stringify({ at }))
  await tick(monday + 6 * hour)

  // No processor yet: never caught up, however far the archive is.
  await vi.waitFor(async () => expect(await lag()).toMatchObject({ archiveSeq: 2, rollupPending: 0 }), 10_000)
  expect((await lag()).caughtUp).toBe(false)

  const running = await startProcessor(
    {
      slice: { index: 1, count: 1 },
      rules: await loadRules(),
      code: 'test',
      timeZone: 'Asia/Bangkok',
      snapshotFolder: join(dashboard.dataDir, 'snapshots'),
    },
    { nats: dashboard.nats, log: silentLog },
  )
  processor = running
  const heartbeat = startHeartbeat(dashboard.nats, {
    role: 'processor',
    instance: '1-of-1',
    status: () => ({ ready: true, details: { seq: running.status().seq } }),
    everyMs: 500,
  })
  await vi.waitFor(async () => expect((await lag()).caughtUp).toBe(true), 10_000)
  expect(await lag()).toMatchObject({ processors: [{ slice: '1-of-1', seq: 2 }] })

  const { alerts } = (await dashboard.get('/api/alerts?rule=repeated-crossings')).json() as Alerts
  expect(alerts).toMatchObject([{ rule: 'repeated-crossings', eventCount: 5, status: 'open' }])
  const volumes = await dashboard.get(
    '/api/volumes?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z&grain=day',
  )
  expect(
    tableFromIPC(volumes.rawPayload)
      .toArray()
      .map((row) => row.toJSON().count),
  ).toEqual([5])

  // Ticks alone leave it caught up; a record takes it back until it is through.
  for (let i = 0; i < 5; i++) await tick(monday + (7 + i) * hour)
  await vi.waitFor(async () => expect((await lag()).caughtUp).toBe(true), 10_000)
  await running.stop()
  for (const [subject, data] of messagesOf([{ feed: 'crossings', id: 'late', at: monday }], 1))
    await dashboard.nats.js.publish(subject, data)
  expect((await lag()).caughtUp).toBe(false)
  heartbeat.stop()
})
