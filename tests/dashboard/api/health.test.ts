import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startHeartbeat } from '../../../platform/heartbeat.ts'
import { startDashboard, type Dashboard } from './support.ts'

let dashboard: Dashboard
beforeAll(async () => {
  dashboard = await startDashboard({ expectRoles: ['ingest:1', 'archive:1'] })
})
afterAll(() => dashboard.stop())

const ready = async () => {
  const answer = await dashboard.inject({ url: '/health/ready' })
  const { missing } = answer.json() as { missing: { what: string }[] }
  return { status: answer.statusCode, missing: missing.map(({ what }) => what) }
}
const beat = (role: 'ingest' | 'archive', isReady: () => boolean) =>
  startHeartbeat(dashboard.nats, {
    role,
    instance: '1',
    status: () => ({ ready: isReady(), details: {} }),
    everyMs: 50,
  })

test('ready only while every expected role is up and ready; a role that stops is named', async () => {
  expect(await ready()).toEqual({ status: 503, missing: ['ingest:1', 'archive:1'] })

  let archiveReady = false
  const ingest = beat('ingest', () => true)
  const archive = beat('archive', () => archiveReady)
  await vi.waitFor(async () => expect((await ready()).missing).toEqual(['archive:1']), 3000)
  archiveReady = true
  await vi.waitFor(async () => expect(await ready()).toEqual({ status: 200, missing: [] }), 3000)

  ingest.stop()
  await vi.waitFor(async () => expect(await ready()).toEqual({ status: 503, missing: ['ingest:1'] }), 6000)
  archive.stop()
})

test('what each role says of itself is shown, a silent one as down', async () => {
  const { roles } = (await dashboard.get('/api/status')).json()
  expect(roles).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ role: 'ingest', instance: '1', up: false, ready: false }),
    ]),
  )
})

test('live while the process answers, whatever is missing', async () => {
  expect((await dashboard.inject({ url: '/health/live' })).json()).toEqual({ live: true })
})
