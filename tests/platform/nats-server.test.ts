import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import { streamSettings } from '../../ingest/streams.ts'
import { connectNats, ensureStreams, smallestStreamBytes } from '../../platform/nats.ts'
import { ageWarning, startNatsServer, type NatsServer } from '../../platform/nats-server.ts'
import { until } from '../support/until.ts'

let folder: string
let server: NatsServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daan-own-nats-'))
  server = await startNatsServer({ port: 0, storeDir: folder, log: silentLog })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

it('listens on the loopback address only and takes messages of 8 MB', () => {
  const text = readFileSync(join(folder, 'nats-server.conf'), 'utf8')
  expect(text).toContain(`listen: "127.0.0.1:${server.port}"`)
  expect(text).toContain('max_payload: 8MB')
})

it('comes back on the same port after kill -9, with what it had acknowledged', async () => {
  const nats = await connectNats(server.url, { log: silentLog, name: 'test' })
  await ensureStreams(
    nats,
    [{ name: 'KEPT', subjects: ['kept.>'], maxAgeDays: 1, maxBytes: 1_000_000, duplicateWindowMs: 1_000 }],
    1,
  )
  for (let i = 0; i < 20; i++) await nats.js.publish('kept.one', `message ${i}`)
  await nats.close()
  const pid = server.pid()
  process.kill(pid, 'SIGKILL')
  await until('another process', () => server.pid() !== pid)
  const again = await connectNats(server.url, { log: silentLog, name: 'test' })
  expect((await again.jsm.streams.info('KEPT')).state.messages).toBe(20)
  await again.close()
})

it.each([15, 5])('has room for every stream on a disk that lends %i GiB', async (gib) => {
  const lent = { port: 0, storeDir: join(folder, `lent-${gib}`), storeBytes: gib * 1024 ** 3 }
  const small = await startNatsServer({ ...lent, log: silentLog, sync: false })
  const nats = await connectNats(small.url, { log: silentLog, name: 'test' })
  try {
    await ensureStreams(nats, streamSettings({}), 1)
    for (const { name } of streamSettings({}))
      expect((await nats.jsm.streams.info(name)).config.max_bytes).toBeGreaterThanOrEqual(smallestStreamBytes)
  } finally {
    await nats.close()
    await small.stop()
  }
})

it('says which stream has no room', async () => {
  const lent = { port: 0, storeDir: join(folder, 'full'), storeBytes: 100_000_000 }
  const full = await startNatsServer({ ...lent, log: silentLog, sync: false })
  const nats = await connectNats(full.url, { log: silentLog, name: 'test' })
  try {
    await expect(ensureStreams(nats, streamSettings({}), 1)).rejects.toThrow(
      /no room for the stream [A-Z]+: free some space/,
    )
  } finally {
    await nats.close()
    await full.stop()
  }
})

it('says why it does not start when another program has its port', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => other.once('listening', done))
  const { port } = other.address() as { port: number }
  const start = startNatsServer({
    port,
    storeDir: join(folder, 'second'),
    log: silentLog,
    readyWithinMs: 3_000,
  })
  await expect(start).rejects.toThrow(
    new RegExp(`did not start on port ${port}[\\s\\S]*address already in use`),
  )
  other.close()
})

it.each([
  ['2.9.10', /power cut may cost up to 60 s/],
  ['2.11.9', /power cut may cost up to 60 s/],
])('warns of what version %s may lose', (version, words) => {
  expect(ageWarning(version)).toMatch(words)
})

it('has nothing to say of a current version', () => {
  expect(ageWarning('2.12.15')).toBeUndefined()
})
