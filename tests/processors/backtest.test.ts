import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { streamSettings } from '../../ingest/streams.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../platform/nats.ts'
import { backtest, byDay } from '../../processors/backtest.ts'
import repeatedCrossings from '../../processors/detectors/repeated-crossings.ts'
import { startProcessor } from '../../processors/processor.ts'
import { createRule } from '../../processors/rule.ts'
import { startArchiveRole } from '../../sql/archive-role.ts'
import { openStore, type Store } from '../../sql/store.ts'
import { day, hour, monday, type TestEvent } from '../support/events.ts'
import { messagesOf } from '../support/log.ts'
import { startNats } from '../support/nats-server.ts'
import { until } from '../support/until.ts'

let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats
let store: Store
let archive: Awaited<ReturnType<typeof startArchiveRole>>
let folder: string

/** Crossings of one passport, an hour apart. */
const crossings = (traveller: bigint, count: number, from: number): TestEvent[] =>
  Array.from({ length: count }, (_, n) => ({
    feed: 'crossings',
    id: `c${traveller}-${n}`,
    at: from + n * hour,
    traveller: traveller * 0x1_0000_0001n,
    direction: n % 2 === 0 ? 'entry' : 'exit',
  }))
const timeZone = 'Asia/Bangkok'
const now = monday + 20 * day

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daan-backtest-'))
  server = await startNats()
  nats = await connectNats(server.url, { log: silentLog, name: 'test' })
  await ensureStreams(nats, streamSettings(), 1)
  store = await openStore({ path: join(folder, 'store'), log: silentLog })
  archive = await startArchiveRole({}, { nats, store, log: silentLog })
  const events = [
    ...crossings(1n, 3, monday + 10 * day),
    ...crossings(2n, 4, monday + 11 * day),
    ...crossings(3n, 6, monday + 11 * day),
    ...crossings(4n, 4, monday),
  ]
  for (const [subject, data] of messagesOf(events, 5)) await nats.js.publish(subject, data)
  await nats.js.publish('events.tick', JSON.stringify({ at: now }))
  const processor = await startProcessor(
    {
      slice: { index: 1, count: 1 },
      rules: [createRule(repeatedCrossings)],
      code: '1',
      timeZone,
      snapshotFolder: join(folder, 'snapshots'),
    },
    { nats, log: silentLog },
  )
  const { last_seq: last } = (await nats.jsm.streams.info('EVENTS')).state
  await until('the processor', () => processor.status().seq === last, 60_000)
  await processor.stop()
  await until('the archive', () => archive.status().position >= last, 60_000)
})
afterAll(async () => {
  await archive?.stop()
  await store?.close()
  await nats?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('a back-test over the stored history', () => {
  it.each<[string, object, days: number, [added: number, changed: number, withdrawn: number, same: number]]>([
    ['of the rule that runs changes nothing', {}, 30, [0, 0, 0, 3]],
    ['of a wider rule adds what it finds, and tells of what is graver', { atLeast: 3 }, 30, [1, 3, 0, 0]],
    ['of a narrower one withdraws, and the evidence names its limit', { atLeast: 5 }, 30, [0, 1, 2, 0]],
    ['leaves out what ended before', { atLeast: 5 }, 15, [0, 1, 1, 0]],
  ])('%s', async (_, params, days, expected) => {
    const rule = createRule(repeatedCrossings, params as Record<string, unknown>)
    const result = await backtest({ rule, days, timeZone }, { nats, log: silentLog })
    const { added, changed, withdrawn, same } = result
    expect([added.length, changed.length, withdrawn.length, same]).toEqual(expected)
  })

  it('counts by the local day, and writes nothing', async () => {
    const before = (await nats.jsm.streams.info('ALERTS')).state.last_seq
    const rule = createRule(repeatedCrossings, { atLeast: 3 })
    const result = await backtest({ rule, days: 30, timeZone }, { nats, log: silentLog })
    expect(byDay(result, timeZone)).toEqual([
      ['2026-01-05', 0, 1, 0],
      ['2026-01-15', 1, 0, 0],
      ['2026-01-16', 0, 2, 0],
    ])
    expect((await nats.jsm.streams.info('ALERTS')).state.last_seq).toBe(before)
  })
})
