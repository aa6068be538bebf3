import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CountedVolumes } from '../../ingest/feeds/log-subjects.ts'
import { streamSettings } from '../../ingest/streams.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../platform/nats.ts'
import { Type } from 'typebox'
import type { AlertCommit, AlertRevision } from '../../processors/alert.ts'
import { defineDetector, volumeKinds, type Detector, type VolumeKind } from '../../processors/detector.ts'
import overcrowdedLodgings from '../../processors/detectors/overcrowded-lodgings.ts'
import repeatedCrossings from '../../processors/detectors/repeated-crossings.ts'
import { startProcessor, type ProcessorConfig } from '../../processors/processor.ts'
import { createRule } from '../../processors/rule.ts'
import { startArchiveRole } from '../../sql/archive-role.ts'
import { openStore, type Store } from '../../sql/store.ts'
import { day, hour, monday, type TestEvent } from '../support/events.ts'
import { messagesOf } from '../support/log.ts'
import { startNats } from '../support/nats-server.ts'

let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats
let store: Store
let archive: Awaited<ReturnType<typeof startArchiveRole>>
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daan-rebuild-'))
  server = await startNats()
  nats = await connectNats(server.url, { log: silentLog, name: 'test' })
  await ensureStreams(nats, streamSettings(), 1)
  store = await openStore({ path: join(folder, 'store'), log: silentLog })
  archive = await startArchiveRole({}, { nats, store, log: silentLog })
})
afterAll(async () => {
  await archive?.stop()
  await store?.close()
  await nats?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const travellers = 9
const crossing = (traveller: number, nth: number): TestEvent => ({
  feed: 'crossings',
  id: `c${traveller}-${nth}`,
  at: monday + nth * hour,
  site: `S${traveller % 3}`,
  traveller: BigInt(traveller + 1) * 0x1_0000_0001n,
})
const guests = (id: string, people: number): TestEvent => ({
  feed: 'registrations',
  id,
  site: 'INN',
  at: monday + hour,
  until: monday + 30 * hour,
  people,
})
const totals: CountedVolumes = {
  source: 'COUNTER',
  loggedAt: 0,
  rows: [{ feed: 'crossings', site: 'BRIDGE', kind: 'entry', at: monday, spanMs: day, count: 70 }],
}
const each = (nth: number): TestEvent[] => Array.from({ length: travellers }, (_, t) => crossing(t, nth))

/** A site or source, with all that was ever counted there: a probe of what a rebuild brings back. */
const counted = defineDetector({
  id: 'counted',
  key: 'site',
  reads: ['crossings', 'registrations'],
  follows: 'traveller',
  measure: 7,
  class: 'monitor',
  title: { en: 'Counted', th: 'ทดสอบ' },
  reason: { en: 'A probe: counts of sites and sources.', th: 'ทดสอบ' },
  params: Type.Object({}),
  evidence: Type.Object({ counts: Type.String() }),
  lookbackMs: () => 40 * day,
  evaluate: ({ volumes }) => {
    const sum = (kind: VolumeKind): number => {
      let total = 0
      for (let at = monday - 30 * day; at < monday + day; at += day) total += volumes.day(kind, at)
      return total
    }
    const counts = volumeKinds.map(sum).join(' ')
    return [{ start: monday, end: monday + day, site: '', events: [], evidence: { counts } }]
  },
  severity: () => 'low',
  explain: () => '',
}) as unknown as Detector
const counts = async (): Promise<string[]> =>
  (await out()).open
    .filter(({ rule }) => rule === 'counted')
    .map(({ key, evidence }) => `${key}: ${String(evidence['counts'])}`)
    .sort()
const tick = (seconds: number) =>
  nats.js.publish('events.tick', JSON.stringify({ at: monday + day + seconds * 1000 }))

async function publish(events: readonly TestEvent[]): Promise<void> {
  for (const [subject, data] of messagesOf(events, 5)) await nats.js.publish(subject, data)
}
async function lastSeq(): Promise<number> {
  return (await nats.jsm.streams.info('EVENTS')).state.last_seq
}
async function start(index: number, count: number, snapshots: string) {
  const config: ProcessorConfig = {
    slice: { index, count },
    rules: [createRule(repeatedCrossings), createRule(overcrowdedLodgings), createRule(counted)],
    code: '1',
    timeZone: 'Asia/Bangkok',
    snapshotFolder: join(folder, snapshots, `${index}-${count}`),
  }
  return startProcessor(config, { nats, log: silentLog })
}
/** The last revision of each alert in ALERTS, and every revision's place. */
async function out(): Promise<{ open: AlertRevision[]; all: string[] }> {
  const last = new Map<string, AlertRevision>()
  const all: string[] = []
  const { state } = await nats.jsm.streams.info('ALERTS')
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await nats.jsm.streams.getMessage('ALERTS', { seq })
    for (const revision of message?.json<AlertCommit>().revisions ?? []) {
      all.push(`${revision.alertId} ${revision.revision}`)
      if (revision.revision > (last.get(revision.alertId)?.revision ?? 0))
        last.set(revision.alertId, revision)
    }
  }
  return { open: [...last.values()].filter(({ status }) => status === 'open'), all }
}
const crossed = async (): Promise<number[]> =>
  (await out()).open
    .filter(({ rule }) => rule === 'repeated-crossings')
    .map(({ evidence }) => Number(evidence['crossings']))

describe('a processor whose log was cut', () => {
  it('builds its histories from the store and the rest of the log, in other slices too, and puts nothing out twice', async () => {
    await publish([
      ...[0, 1, 2, 3].flatMap(each),
      guests('a', 31),
      { ...guests('b', 9), cancelled: true, revision: 1 },
    ])
    // Older than what can still be corrected: only a rebuild may count it.
    await publish([{ ...crossing(1, 0), id: 'old', at: monday - 20 * day, traveller: 0n }])
    await nats.js.publish('events.volumes', JSON.stringify(totals))
    await tick(0)
    const first = await start(1, 1, 'first')
    const alerts = async (): Promise<AlertRevision[]> =>
      (await out()).open.filter(({ rule }) => rule !== 'counted')
    await expect.poll(async () => (await alerts()).length).toBe(travellers + 1)
    const whole = [
      'BRIDGE: 70 0 0 0 0 0',
      'S0: 12 0 0 0 0 9',
      'S1: 13 0 0 0 0 9',
      'S2: 12 0 0 0 0 9',
      'source:test: 37 0 0 0 1 0',
    ]
    await expect.poll(counts).toEqual(whole)
    await first.stop()

    // A part of the log that nobody has evaluated, then the beginning of the log is gone.
    await publish(each(4))
    const stored = await lastSeq()
    await expect.poll(() => archive.status().position).toBeGreaterThanOrEqual(stored)
    await nats.jsm.streams.purge('EVENTS', { seq: stored })
    await publish(each(5))

    await tick(60)
    const two = await Promise.all([start(1, 2, 'second'), start(2, 2, 'second')])
    await expect.poll(crossed).toEqual(Array(travellers).fill(6))
    await expect
      .poll(counts)
      .toEqual([
        'BRIDGE: 70 0 0 0 0 0',
        'S0: 18 0 0 0 0 15',
        'S1: 19 0 0 0 0 15',
        'S2: 18 0 0 0 0 15',
        'source:test: 55 0 0 0 1 0',
      ])
    // A late first version of what was cancelled stays out: the cancellation is in the histories too.
    await publish([guests('b', 9), guests('c', 1)])
    await expect
      .poll(async () => (await out()).open.find(({ key }) => key === 'INN')?.evidence)
      .toMatchObject({ peak: 32, registrations: 2 })
    await Promise.all(two.map((one) => one.stop()))
    const { all } = await out()
    expect(new Set(all).size).toBe(all.length)

    // And back to one slice, whose own last commit is old.
    await publish(each(6))
    const again = await start(1, 1, 'third')
    await expect.poll(crossed).toEqual(Array(travellers).fill(7))
    await again.stop()
  })
})
