import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  missingRoles,
  silenceMs,
  startHeartbeat,
  watchHeartbeats,
  type Status,
} from '../../platform/heartbeat.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, type Nats } from '../../platform/nats.ts'
import { startNats } from '../support/nats-server.ts'
import { until } from '../support/until.ts'

let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats

beforeAll(async () => {
  server = await startNats()
  nats = await connectNats(server.url, { log: silentLog, name: 'test' })
})
afterAll(async () => {
  await nats.close()
  await server.stop()
})

it('shows each role with what it last said of itself', async () => {
  const watch = watchHeartbeats(nats)
  let status: Status = { ready: false, details: { lag: 7 } }
  const ingest = startHeartbeat(nats, { role: 'ingest', instance: '1', status: () => status, everyMs: 10 })
  const world = startHeartbeat(nats, { role: 'world', instance: '1', status: () => status, everyMs: 10 })
  await until('both', () => watch.seen().length === 2)
  expect(watch.seen().map(({ role, ready, up, details }) => ({ role, ready, up, details }))).toEqual([
    { role: 'ingest', ready: false, up: true, details: { lag: 7 } },
    { role: 'world', ready: false, up: true, details: { lag: 7 } },
  ])
  expect(missingRoles(['ingest:1'], watch.seen())).toEqual(['ingest:1'])
  status = { ready: true, details: { lag: 0 } }
  await until('readiness', () => missingRoles(['ingest:1', 'world:1'], watch.seen()).length === 0)
  expect(missingRoles(['ingest:1', 'processor:1-of-2'], watch.seen())).toEqual(['processor:1-of-2'])
  ingest.stop()
  world.stop()
  watch.stop()
})

it("counts a role as down once it has been silent too long, by the listener's clock", async () => {
  let now = 1_000_000
  const watch = watchHeartbeats(nats, { now: () => now })
  const beat = startHeartbeat(nats, {
    role: 'archive',
    instance: '1',
    status: () => ({ ready: true, details: {} }),
    everyMs: 60_000,
  })
  await until('the first beat', () => watch.seen().length === 1)
  now += silenceMs - 1
  expect(missingRoles(['archive:1'], watch.seen())).toEqual([])
  now += 1
  expect(watch.seen()).toMatchObject([{ role: 'archive', up: false }])
  expect(missingRoles(['archive:1'], watch.seen())).toEqual(['archive:1'])
  beat.stop()
  watch.stop()
})

it('leaves messages aside that are no heartbeats', async () => {
  const watch = watchHeartbeats(nats)
  for (const text of [
    '',
    'null',
    '[]',
    '{"role":1}',
    '{"role":"ingest"',
    '{"role":"x","instance":"1","ready":"yes"}',
  ])
    nats.connection.publish('status.x.1', text)
  await until('the one that is', () => watch.seen().length > 0)
  expect(watch.seen()).toMatchObject([{ role: 'x', instance: '1', ready: false, details: {} }])
  watch.stop()
})
