import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DeliverPolicy } from '@nats-io/jetstream'
import type { TestEvent } from '../support/events.ts'
import { hour, monday } from '../support/events.ts'
import { startNats } from '../support/nats-server.ts'
import { messagesOf } from '../support/log.ts'
import { streamSettings } from '../../ingest/streams.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../platform/nats.ts'
import type { AlertCommit, AlertRevision } from '../../processors/alert.ts'
import { takeOver } from '../../processors/committer.ts'
import repeatedCrossings from '../../processors/detectors/repeated-crossings.ts'
import { startProcessor, type ProcessorConfig } from '../../processors/processor.ts'
import { createRule } from '../../processors/rule.ts'

let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats
const rules = [createRule(repeatedCrossings)]
const slice = { index: 1, count: 1 }
let folder: string
const start = ({ snapshots = 'a', ...more }: Partial<ProcessorConfig> & { snapshots?: string } = {}) =>
  startProcessor(
    { slice, rules, code: '1', timeZone: 'Asia/Bangkok', snapshotFolder: join(folder, snapshots), ...more },
    { nats, log: silentLog },
  )

beforeAll(async () => {
  server = await startNats()
  nats = await connectNats(server.url, { log: silentLog, name: 'test' })
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daan-snapshots-'))
  for (const name of ['FEEDS', 'EVENTS', 'REJECTED', 'ALERTS'])
    await nats.jsm.streams.delete(name).catch(() => {})
  await ensureStreams(nats, streamSettings(), 1)
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(async () => {
  await nats?.close()
  await server?.stop()
})

/** Four crossings of each of `travellers` travellers: one alert each. */
const bursts = (travellers: number, from = 0): TestEvent[] =>
  Array.from({ length: travellers * 4 }, (_, i) => ({
    feed: 'crossings',
    id: `${from + i}`,
    at: monday + (i % 4) * hour,
    traveller: BigInt(from + Math.floor(i / 4) + 1) * 0x1_0000_0001n,
  }))

async function publish(events: readonly TestEvent[], rowsEach = 7): Promise<void> {
  for (const [subject, data] of messagesOf(events, rowsEach)) await nats.js.publish(subject, data)
}

async function commits(): Promise<AlertCommit[]> {
  const { state } = await nats.jsm.streams.info('ALERTS')
  if (state.messages === 0) return []
  const consumer = await nats.js.consumers.get('ALERTS', { deliver_policy: DeliverPolicy.All })
  const found: AlertCommit[] = []
  for await (const message of await consumer.fetch({ max_messages: state.messages, expires: 5_000 })) {
    found.push(message.json<AlertCommit>())
    if (message.info.pending === 0) break
  }
  return found
}
const revisions = async (): Promise<AlertRevision[]> =>
  (await commits()).flatMap((commit) => commit.revisions)

describe('a processor', () => {
  it.each([
    ['from the beginning of the log', 'b'],
    ['from a snapshot', 'a'],
  ])('puts each revision out once, across a restart %s', async (_, snapshots) => {
    await publish(bursts(5))
    const first = await start()
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(5)
    await first.stop()
    await publish(bursts(5, 1000))
    const second = await start({ snapshots })
    await expect
      .poll(async () => new Set((await revisions()).map((r) => r.alertId)).size, { timeout: 10_000 })
      .toBe(10)
    await second.stop()
    const all = (await revisions()).map((r) => `${r.alertId} ${r.revision}`)
    expect(new Set(all).size).toBe(all.length)
  })

  it('goes on from a snapshot as if it had read the whole log', async () => {
    await publish(bursts(6).slice(0, 11))
    const first = await start()
    await expect.poll(() => first.status().seq, { timeout: 10_000 }).toBeGreaterThanOrEqual(2)
    await first.stop()
    expect(await readdir(join(folder, 'a'))).toHaveLength(1)
    await publish(bursts(6).slice(11))
    const second = await start()
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(6)
    await second.stop()
    const resumed = (await revisions()).map((r) => JSON.stringify(r)).sort()
    await nats.jsm.streams.purge('ALERTS')
    const whole = await start({ snapshots: 'b' })
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(6)
    await whole.stop()
    expect((await revisions()).map((r) => JSON.stringify(r)).sort()).toEqual(resumed)
  })

  it('passes over a damaged snapshot', async () => {
    await publish(bursts(3))
    const first = await start()
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(3)
    await first.stop()
    const [file] = await readdir(join(folder, 'a'))
    const path = join(folder, 'a', file as string)
    const bytes = await readFile(path)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1
    await writeFile(path, bytes)
    await publish(bursts(1, 500))
    const second = await start()
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(4)
    await second.stop()
  })

  it('writes nothing after another has taken its slice over', async () => {
    const first = await start()
    const lost = expect(first.done).rejects.toMatchObject({ code: 'OWNERSHIP_LOST' })
    await takeOver({ slice, rules: 'other' }, { nats, log: silentLog })
    await publish(bursts(1))
    await lost
    expect(await revisions()).toEqual([])
  })

  it('stops when the same rules and log give something else than is out', async () => {
    await publish(bursts(2))
    const first = await start()
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(2)
    await first.stop()
    const last = (await commits()).at(-1) as AlertCommit
    await nats.js.publish('alerts.1-of-1', JSON.stringify({ ...last, chain: 'ab'.repeat(32), revisions: [] }))
    const second = await start({ snapshots: 'b' })
    await expect(second.done).rejects.toMatchObject({ code: 'NOT_DETERMINISTIC' })
  })

  it('compares what stands when its rules have changed, and goes on', async () => {
    await publish(bursts(2))
    const first = await start()
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(2)
    await first.stop()
    const lenient = await start({ rules: [createRule(repeatedCrossings, { atLeast: 5 })] })
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(4)
    expect((await revisions()).slice(2).map((r) => [r.revision, r.status, r.reason])).toEqual([
      [2, 'withdrawn', 'rule-changed'],
      [2, 'withdrawn', 'rule-changed'],
    ])
    await lenient.stop()
    const again = await start()
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(6)
    expect((await revisions()).slice(4).map((r) => [r.revision, r.status])).toEqual([
      [3, 'open'],
      [3, 'open'],
    ])
    await publish(bursts(1, 500))
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(7)
    await again.stop()
  })

  it('finds the same in one slice and in three', async () => {
    await publish(bursts(12))
    const one = await start()
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(12)
    const whole = (await revisions()).map((r) => JSON.stringify(r)).sort()
    await one.stop()
    await nats.jsm.streams.purge('ALERTS')
    const three = await Promise.all(
      [1, 2, 3].map((index) => start({ slice: { index, count: 3 }, snapshots: `${index}` })),
    )
    await expect.poll(async () => (await revisions()).length, { timeout: 10_000 }).toBe(12)
    await Promise.all(three.map((one) => one.stop()))
    expect((await revisions()).map((r) => JSON.stringify(r)).sort()).toEqual(whole)
    expect(
      new Set((await commits()).filter((c) => c.revisions.length > 0).map((c) => c.slice)).size,
    ).toBeGreaterThan(1)
  })
})
