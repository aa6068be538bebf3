import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import { connectNats, ensureStreams } from '../../platform/nats.ts'
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
