import { afterAll, beforeAll, expect, test } from 'vitest'
import { AlertFeed, type FeedEvent } from '../../../dashboard/api/alert-feed.ts'
import { streamSettings } from '../../../ingest/streams.ts'
import { silentLog } from '../../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../../platform/nats.ts'
import { startNats } from '../../support/nats-server.ts'
import { revisionOf } from './support.ts'

let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats
beforeAll(async () => {
  server = await startNats()
  nats = await connectNats(server.url, { log: silentLog, name: 'test' })
  await ensureStreams(nats, streamSettings(), 1)
})
afterAll(async () => {
  await nats.close()
  await server.stop()
})

const publish = async (count: number): Promise<void> => {
  const revisions = Array.from({ length: count }, (_, i) => revisionOf({ revision: i + 1 }))
  await nats.js.publish('alerts.1-of-1', JSON.stringify({ slice: '1-of-1', revisions }))
}

const nobody = (): void => {}

/** Collects events; `until(n)` waits for the n-th. */
function collector() {
  const events: FeedEvent[] = []
  let wake = nobody
  return {
    events,
    listener: (event: FeedEvent): void => {
      events.push(event)
      wake()
    },
    until: async (count: number): Promise<void> => {
      while (events.length < count) await new Promise<void>((done) => (wake = done))
    },
  }
}

test('what is older than the memory is said to be missed, what is in it is told again', async () => {
  const feed = new AlertFeed({ keep: 10 }, { js: nats.js, jsm: nats.jsm, log: silentLog })
  await feed.start()
  const live = collector()
  await feed.listen(undefined, live.listener)
  await publish(25)
  await live.until(25)

  const late = collector()
  await feed.listen({ seq: 1, index: 3 }, late.listener)
  expect(late.events).toEqual([{ kind: 'missed' }])

  const recent = collector()
  await feed.listen({ seq: 1, index: 20 }, recent.listener)
  expect(recent.events.map((event) => event.kind === 'revision' && event.position.index)).toEqual([
    21, 22, 23, 24,
  ])
  await feed.stop()
})

test('a position advances with commits that hold no revision, once the store has all that came before', async () => {
  const feed = new AlertFeed({}, { js: nats.js, jsm: nats.jsm, log: silentLog })
  await feed.start()
  const live = collector()
  await feed.listen({ seq: 0, index: Infinity }, live.listener)
  await live.until(25)
  expect(await feed.positionOf(0)).toBe('0')
  await publish(0)
  await publish(1)
  await live.until(26)
  expect(await feed.positionOf(1)).toBe('1')
  expect(await feed.positionOf(3)).toBe('3')
  await publish(0)
  // The message after it proves that the empty one was read.
  await publish(1)
  await live.until(27)
  expect(await feed.positionOf(5)).toBe('5')
  // The store knows messages that the stream never had: it was made anew.
  expect(await feed.positionOf(5000)).toBe('5')
  await feed.stop()
})

test('a listener that leaves is told nothing more', async () => {
  const feed = new AlertFeed({}, { js: nats.js, jsm: nats.jsm, log: silentLog })
  await feed.start()
  const [stays, leaves] = [collector(), collector()]
  await feed.listen(undefined, stays.listener)
  const leave = await feed.listen(undefined, leaves.listener)
  await publish(1)
  await stays.until(1)
  leave()
  const heard = leaves.events.length
  const before = stays.events.length
  await publish(1)
  await stays.until(before + 1)
  expect(leaves.events.length).toBe(heard)
  await feed.stop()
})
