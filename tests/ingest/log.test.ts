import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEventLog, type EventLog } from '../../ingest/intake/event-log.ts'
import { createBatcher } from '../../ingest/intake/batches.ts'
import { Ledger } from '../../ingest/intake/ledger.ts'
import type { Row } from '../../ingest/intake/judge.ts'
import { publishReferenceTables } from '../../ingest/reference-publisher.ts'
import { readReference } from '../../ingest/reference/read-csv.ts'
import { streamSettings } from '../../ingest/streams.ts'
import { createTicker } from '../../ingest/ticker.ts'
import { silentLog, type Log } from '../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../platform/nats.ts'
import { startNats } from '../support/nats-server.ts'
import { until } from '../support/until.ts'
import { crossing, judged, messagesIn, registration, runIngest, sighting } from './support.ts'

let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats
let eventLog: EventLog

beforeAll(async () => {
  server = await startNats()
  nats = await connectNats(server.url, { log: silentLog, name: 'test' })
  await ensureStreams(nats, streamSettings(), 1)
  eventLog = createEventLog({}, { nats, log: silentLog })
})
afterAll(async () => {
  eventLog.close()
  await nats.close()
  await server.stop()
})

const ticks = async (): Promise<number[]> =>
  (await messagesIn(nats, 'EVENTS', 'events.tick')).map(
    ({ data }) => (JSON.parse(Buffer.from(data).toString()) as { at: number }).at,
  )

describe('the clock of the log', () => {
  it('ticks with the wall, once for any number of tickers, and never backwards', async () => {
    let now = 10_250
    const deps = { eventLog, now: () => now, latestAt: () => 0 }
    const tickers = [1, 2].map(() => createTicker({ clock: 'wall', tickMs: 100 }, deps))
    const tick = (): Promise<unknown> => Promise.all(tickers.map((ticker) => ticker.tick()))
    await tick()
    await tick()
    now = 10_399
    await tick()
    now = 9_000
    await tick()
    expect(await ticks()).toEqual([10_200, 10_300])
  })

  it('ticks with the greatest event time when it follows events', async () => {
    let latest = 0
    const deps = { eventLog, now: () => 99_999, latestAt: () => latest }
    const ticker = createTicker({ clock: 'events', tickMs: 1_000 }, deps)
    await ticker.tick()
    for (latest of [20_001, 20_777, 20_777]) await ticker.tick()
    expect((await ticks()).slice(2)).toEqual([20_001, 20_777])
  })
})

describe('batches', () => {
  it('are cut below the largest message that the server takes', async () => {
    const limit = 64 * 1024
    const narrow: EventLog = { ...eventLog, state: eventLog.state, maxPayload: limit }
    const pending = new Set<never>()
    const batcher = createBatcher(
      {},
      { eventLog: narrow, ledger: new Ledger({ entries: 10 }), pending, own: new Set() },
    )
    const batches = Array.from({ length: 1_000 }, (_, i) =>
      batcher.add(
        'registrations',
        judged('registrations', registration({ id: `p-${i}`, room: 'ห้อง' })) as Row,
        Buffer.alloc(0),
      ),
    )
    batcher.flush()
    await Promise.all(batches.map(({ stored }) => stored))
    const messages = await messagesIn(nats, 'EVENTS', 'events.registrations')
    expect(messages.length).toBeGreaterThan(3)
    for (const { data } of messages) expect(data.length).toBeLessThan(limit)
    expect(pending.size).toBe(0)
  })
})

describe('reference data', () => {
  it('goes into the log once, so that a restart does not undo what was changed since', async () => {
    const tables = readReference()
    const publish = (): Promise<void> =>
      publishReferenceTables(tables, { nats, eventLog, log: silentLog, now: () => 1 })
    await publish()
    const first = await messagesIn(nats, 'EVENTS', 'events.reference')
    expect(first.length).toBeGreaterThanOrEqual(2)
    await nats.jsm.streams.update('EVENTS', { duplicate_window: 100e6 })
    await publish()
    expect(await messagesIn(nats, 'EVENTS', 'events.reference')).toHaveLength(first.length)
  })
})

describe('personal data', () => {
  it('is in no subject, message, log line or answer in the clear', async () => {
    const personal = ['SECRETDOC1', 'SECRETDOC2', '0899999991', '899999991', '9กก 9999', '9กก9999']
    const lines: string[] = []
    const write = (fields: unknown, message: string, error?: unknown): void =>
      void lines.push(
        JSON.stringify(fields),
        message,
        error instanceof Error ? `${error.message} ${error.stack}` : '',
      )
    const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log }
    const ingest = await runIngest(server.url, { log })
    const records = {
      crossings: [crossing({ id: 'x1', documentNumber: 'SECRETDOC1', plate: '9กก 9999' }), crossing({ id: 'x2', documentNumber: 'SECRETDOC2', at: 'SECRETDOC1' })],
      sightings: [sighting({ id: 'x1', plate: '9กก 9999' }), sighting({ id: 'x2', plate: '9กก 9999', SECRETDOC1: 1 }), '9กก 9999'],
      registrations: [registration({ id: 'x1', documentNumber: 'SECRETDOC1', phone: '0899999991' }), registration({ id: 'x2', phone: '0899999991', partySize: '9กก 9999' })],
    } // prettier-ignore
    const answers: string[] = []
    for (const [feed, list] of Object.entries(records)) {
      answers.push(JSON.stringify((await ingest.send(`/v1/feeds/${feed}`, list)).body))
      answers.push(
        JSON.stringify((await ingest.send(`/v1/feeds/${feed}`, '{"documentNumber": "SECRETDOC1"')).body),
      )
      await nats.js.publish(`feeds.${feed}.nats`, JSON.stringify(list))
    }
    await until('the worker', async () => {
      const { num_pending: waiting, num_ack_pending: open } = await nats.jsm.consumers.info('FEEDS', 'ingest')
      return waiting === 0 && open === 0
    })
    await ingest.close()
    ingest.remove()
    const kept = [...(await messagesIn(nats, 'EVENTS', '')), ...(await messagesIn(nats, 'REJECTED', ''))]
    expect(kept.length).toBeGreaterThan(9)
    const everything = [
      ...lines,
      ...answers,
      ...kept.map(({ subject, data, id }) => subject + id + Buffer.from(data).toString()),
    ]
    for (const secret of personal) expect(everything.filter((text) => text.includes(secret))).toEqual([])
  })
})
