import * as arrow from 'apache-arrow'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import { createArchive, type Archive } from '../../sql/archive.ts'
import type { Store } from '../../sql/store.ts'
import { startNats } from '../support/nats-server.ts'
import { embeddedStore } from './embedded.ts'
import { alertOf, batchOf, connectWithStreams, eventually, hourMs, monday, publish } from './log-fixture.ts'

let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats
let store: Store
let close: () => Promise<void>
let archive: Archive | undefined

beforeAll(async () => {
  server = await startNats()
  nats = await connectWithStreams(server.url)
  ;({ store, close } = await embeddedStore())
})
afterEach(async () => {
  await archive?.stop()
})
afterAll(async () => {
  await nats.close()
  await close()
  await server.stop()
})

async function start(): Promise<Archive> {
  archive = createArchive({ lingerMs: 20 }, { nats, store, log: silentLog })
  archive.start()
  await eventually(() => archive?.status().ready, Boolean)
  return archive
}

/** A commit of one slice with these revisions. */
const commit = (revisions: unknown[]) =>
  nats.js.publish('alerts.1-of-2', JSON.stringify({ slice: '1/2', epoch: 1, toSeq: 7, chain: '', revisions }))

/** A known column, and words in it where the table has a number. */
function wrongType(): Uint8Array {
  const words = arrow.vectorFromArray(['no number'], new arrow.Utf8())
  return arrow.tableToIPC(new arrow.Table({ event_key: words }), 'stream')
}

const lastSeq = async (): Promise<number> => (await nats.jsm.streams.info('EVENTS')).state.last_seq
const count = async (from: string): Promise<number> =>
  (await store.query<{ n: number }>(`SELECT toUInt32(count()) AS n FROM ${from}`))[0]?.n ?? -1

/** Waits until everything in the log is stored. */
async function caughtUp(running: Archive): Promise<void> {
  const end = await lastSeq()
  await eventually(
    () => running.status(),
    ({ ready, position, lag }) => ready && position >= end && lag === 0,
  )
}

test('batches, reference data and counted totals reach their tables, each row with its way back to its message', async () => {
  const running = await start()
  const batch = batchOf('crossings', [{ id: 'a' }, { id: 'b', at: monday + hourMs }])
  const seq = await publish(nats, batch)
  const json = (subject: string, value: unknown) => nats.js.publish(subject, JSON.stringify(value))
  await json('events.tick', { at: monday })
  await json('events.reference', {
    table: 'sites',
    loggedAt: monday,
    rows: [
      {
        id: 'S1',
        validFrom: '2020-01-01',
        validTo: '2025-01-01',
        source: 's',
        owner: 'o',
        name: 'Old',
        nameTh: '',
        kind: 'checkpoint',
        lat: 1,
        lon: 2,
      },
      {
        id: 'S1',
        validFrom: '2025-01-01',
        validTo: null,
        source: 's',
        owner: 'o',
        name: 'New',
        nameTh: 'ใหม่',
        kind: 'checkpoint',
        lat: 1,
        lon: null,
      },
      {
        id: 'S1',
        validFrom: '2200-01-01T00:00:00Z',
        validTo: null,
        source: 's',
        owner: 'o',
        name: 'Later',
        nameTh: '',
        kind: 'checkpoint',
      },
    ],
  })
  await json('events.volumes', {
    source: 'hk',
    loggedAt: monday,
    rows: [{ feed: 'crossings', site: 'HK-1', kind: 'entry', at: monday, spanMs: 24 * hourMs, count: 4321 }],
  })
  await caughtUp(running)
  expect(
    await store.query(
      `SELECT event_id, log_seq FROM crossings LEFT JOIN (SELECT batch, log_seq FROM batches FINAL) AS b USING (batch) ORDER BY event_id`,
    ),
  ).toEqual([
    { event_id: 'test:a', log_seq: seq },
    { event_id: 'test:b', log_seq: seq },
  ])
  expect(await store.query('SELECT id, name, name_th, lat, lon FROM sites')).toEqual([
    { id: 'S1', name: 'New', name_th: 'ใหม่', lat: 1, lon: null },
  ])
  expect(
    await store.query(`SELECT site, count, span_hours FROM volumes_hourly FINAL WHERE origin = 'counted'`),
  ).toEqual([{ site: 'HK-1', count: 4321, span_hours: 24 }])
})

test('an alert is readable soon after its commit, its newest revision stands, and a commit without revisions is no row', async () => {
  const running = await start()
  await commit([])
  await commit([alertOf({ alertId: '00000000000000b1', events: ['ffffffffffffffff', '0000000000000001'] })])
  const startedAt = performance.now()
  await commit([
    alertOf({ alertId: '00000000000000b1', revision: 2, status: 'withdrawn', reason: 'cancelled' }),
  ])
  await eventually(
    () => count(`alerts FINAL WHERE alert_id = '00000000000000b1' AND revision = 2`),
    (n) => n === 1,
  )
  // 20 ms on an idle machine; the limit is for one that runs other tests beside.
  expect(performance.now() - startedAt).toBeLessThan(1_000)
  expect(
    await store.query(
      `SELECT revision, status, arrayMap(key -> toString(key), events) AS events FROM alert_revisions FINAL WHERE alert_id = '00000000000000b1' ORDER BY revision`,
    ),
  ).toEqual([
    { revision: 1, status: 'open', events: ['18446744073709551615', '1'] },
    { revision: 2, status: 'withdrawn', events: [] },
  ])
  expect(running.status()).toMatchObject({ ready: true, alerts: 2, skipped: 0 })
})

test('what cannot be read is set aside with its reason, and what comes with it is stored', async () => {
  const running = await start()
  await archive?.stop()
  const other = batchOf('sightings', [{ id: 'z' }])
  await publish(nats, batchOf('registrations', [{ id: 'good-1' }]))
  await publish(nats, { subject: 'events.registrations', bytes: Buffer.from('no arrow at all') })
  await publish(nats, { ...other, subject: 'events.registrations', msgId: 'b:00000000000000ff' })
  await publish(nats, { subject: 'events.registrations', bytes: wrongType() })
  await publish(nats, { subject: 'events.reference', bytes: Buffer.from('{') })
  await publish(nats, { subject: 'events.unheard-of', bytes: Buffer.from('{}') })
  await publish(nats, batchOf('registrations', [{ id: 'good-2' }]))
  await nats.js.publish('alerts.1-of-2', 'not json')
  expect(running.status().ready).toBe(false)
  const again = await start()
  await caughtUp(again)
  expect(await count('registrations')).toBe(2)
  await eventually(
    () => count('skipped FINAL'),
    (n) => n === 6,
  )
  expect(await store.query('SELECT subject, reason FROM skipped FINAL ORDER BY stream, seq')).toEqual([
    { subject: 'alerts.1-of-2', reason: 'unreadable' },
    { subject: 'events.registrations', reason: 'unreadable' },
    { subject: 'events.registrations', reason: 'unknown-column' },
    { subject: 'events.registrations', reason: 'refused' },
    { subject: 'events.reference', reason: 'unreadable' },
    { subject: 'events.unheard-of', reason: 'unknown-subject' },
  ])
})

test('what the log dropped before it was archived is counted, and the rest goes on', async () => {
  const before = await start()
  await caughtUp(before)
  await before.stop()
  const gone = [
    await publish(nats, batchOf('sightings', [{ id: 'gone-1' }])),
    await publish(nats, batchOf('sightings', [{ id: 'gone-2' }])),
  ]
  for (const seq of gone) await nats.jsm.streams.deleteMessage('EVENTS', seq)
  await publish(nats, batchOf('sightings', [{ id: 'there' }]))
  const after = await start()
  await caughtUp(after)
  expect(after.status()).toMatchObject({ ready: true, lost: 2 })
  expect(await count(`sightings WHERE event_id = 'test:there'`)).toBe(1)
})

test('a log that was made anew is archived from its start, beside what the old one left', async () => {
  const rows = await count('sightings')
  await nats.jsm.streams.delete('EVENTS')
  await new Promise((next) => setTimeout(next, 5))
  const more = await connectWithStreams(server.url)
  await publish(more, batchOf('sightings', [{ id: 'new-log' }]))
  const running = await start()
  await caughtUp(running)
  await more.close()
  expect(await count('sightings')).toBe(rows + 1)
  expect(running.status()).toMatchObject({ lost: 0, position: 1 })
})

test('a log whose end was lost, and whose positions are used again, loses nothing in the store', async () => {
  const running = await start()
  for (const id of ['end-1', 'end-2', 'end-3']) await publish(nats, batchOf('sightings', [{ id }]))
  await caughtUp(running)
  await running.stop()
  // As after a power cut: the journal is ahead of the log, which then grows past it with other messages.
  const [last] = await store.query<{ id: number }>('SELECT max(log_id) AS id FROM batches')
  await store.insertRows(
    'batches',
    [
      {
        log_id: last?.id ?? 0,
        log_seq: 5,
        batch: 99n,
        feed: 'sightings',
        rows: 1,
        logged_at: new Date(),
        insert_from: 5,
        insert_to: 5,
      },
    ],
    'ahead',
  )
  await publish(nats, batchOf('sightings', [{ id: 'end-4' }]))
  const again = await start()
  await caughtUp(again)
  expect(
    await count(`(SELECT DISTINCT event_key FROM sightings WHERE startsWith(event_id, 'test:end-'))`),
  ).toBe(4)
  expect(await count(`sightings_current WHERE startsWith(event_id, 'test:end-')`)).toBe(4)
})
