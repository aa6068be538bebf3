import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { streamSettings } from '../../ingest/streams.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../platform/nats.ts'
import type { AlertCommit } from '../../processors/alert.ts'
import { hour, monday, type TestEvent } from '../support/events.ts'
import { messagesOf } from '../support/log.ts'
import { startNats } from '../support/nats-server.ts'
import { startRole } from '../support/roles.ts'
import { until } from '../support/until.ts'
import { exitOf } from './parts.ts'

/** Owners of a slice as processes: a stopped one that goes on after a take-over, and one whose newest snapshot is damaged. */
const subject = 'alerts.1-of-1'
let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats
let folder: string

beforeAll(async () => {
  server = await startNats()
  nats = await connectNats(server.url, { log: silentLog, name: 'test' })
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daan-owner-'))
  for (const { name } of streamSettings()) await nats.jsm.streams.delete(name).catch(() => {})
  await ensureStreams(nats, streamSettings(), 1)
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})
afterAll(async () => {
  await nats?.close()
  await server?.stop()
})

const owner = (data: string) =>
  startRole('processor', { NATS_URL: server.url, DATA_DIR: join(folder, data), SLICE: '1/1' })

/** Four crossings of each of `travellers` people: at least an alert each. */
const bursts = (travellers: number, from: number): TestEvent[] =>
  Array.from({ length: travellers * 4 }, (_, i) => ({
    feed: 'crossings',
    id: `${from + i}`,
    at: monday + (i % 4) * hour,
    direction: i % 2 === 0 ? 'entry' : 'exit',
    traveller: BigInt(from + Math.floor(i / 4) + 1) * 0x1_0000_0001n,
  }))

async function publish(events: readonly TestEvent[]): Promise<void> {
  for (const [name, data] of messagesOf(events, 4)) await nats.js.publish(name, data)
}

async function lastCommit(): Promise<AlertCommit | undefined> {
  const message = await nats.jsm.streams.getMessage('ALERTS', { last_by_subj: subject })
  return message === null ? undefined : message.json<AlertCommit>()
}

/** Revisions that are out, by the epoch of the owner who wrote them. */
async function revisionsByEpoch(): Promise<Map<number, number>> {
  const { state } = await nats.jsm.streams.info('ALERTS')
  const found = new Map<number, number>()
  for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
    const message = await nats.jsm.streams.getMessage('ALERTS', { seq })
    if (message === null) continue
    const { epoch, revisions } = message.json<AlertCommit>()
    found.set(epoch, (found.get(epoch) ?? 0) + revisions.length)
  }
  return found
}

describe('an owner of a slice', () => {
  it('that was stopped and replaced writes nothing when it goes on, and ends', async () => {
    const first = owner('first')
    await publish(bursts(3, 0))
    const before = await until(
      'the first alerts',
      async () => ((await revisionsByEpoch()).get(1) ?? 0) >= 3 && revisionsByEpoch(),
      60_000,
    )
    process.kill(first.child.pid as number, 'SIGSTOP')
    const second = owner('second')
    await until('the second owner', async () => (await lastCommit())?.epoch === 2, 60_000)
    await publish(bursts(3, 1_000))
    await until('its alerts', async () => ((await revisionsByEpoch()).get(2) ?? 0) >= 3, 60_000)
    process.kill(first.child.pid as number, 'SIGCONT')
    // It sees the new records as well, finds their alerts, and may not write them.
    const code = await exitOf(first, 60_000)
    expect(code, first.said()).toSatisfy((ended) => ended !== undefined && ended !== 0)
    await second.stop()
    const after = await revisionsByEpoch()
    expect(after.get(1)).toBe(before.get(1))
    expect([...after.keys()].sort()).toEqual([1, 2])
  })

  it('whose newest snapshot is damaged goes on from the one before', async () => {
    const snapshots = join(folder, 'data', 'snapshots', '1-of-1')
    for (const round of [0, 1]) {
      await publish(bursts(2, round * 1_000))
      const { last_seq: last } = (await nats.jsm.streams.info('EVENTS')).state
      const run = owner('data')
      await until(
        'its alerts',
        async () => ((await lastCommit())?.emitted ?? 0) >= (round + 1) * 2 && (await isAt(last)),
        60_000,
      )
      await run.stop()
    }
    const [older, newest] = readdirSync(snapshots).toSorted()
    if (older === undefined || newest === undefined) throw new Error('There are no two snapshots.')
    const bytes = readFileSync(join(snapshots, newest))
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 0x40
    writeFileSync(join(snapshots, newest), bytes)

    const emitted = (await lastCommit())?.emitted as number
    await publish(bursts(1, 5_000))
    const third = owner('data')
    await until('one alert more', async () => ((await lastCommit())?.emitted ?? 0) > emitted, 60_000)
    await third.stop()
    const said = third.said()
    expect(said).toContain('"reason":"damaged"')
    const [, fromSeq] = /"fromSeq":(\d+)[^\n]*"reading the log"/.exec(said) ?? []
    expect(Number(fromSeq), said).toBe(Number.parseInt(older, 10) + 1)
  })
})

/** Whether everything up to `seq` is evaluated and out: a clean stop then leaves its snapshot there. */
async function isAt(seq: number): Promise<boolean> {
  return ((await lastCommit())?.toSeq ?? 0) >= seq
}
