import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { feedNames, type FeedName } from '../../ingest/feeds/layout.ts'
import { silentLog } from '../../platform/log.ts'
import type { RoleStatus } from '../../sql/archive-role.ts'
import { openStore } from '../../sql/store.ts'
import { startNats } from '../support/nats-server.ts'
import {
  alertOf,
  batchOf,
  connectWithStreams,
  eventually,
  hourMs,
  monday,
  publish,
  type TestRecord,
} from './log-fixture.ts'
import { countedBuckets, storedBuckets } from './volumes-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'daan-crash-'))
const path = join(folder, 'store')
const server = await startNats()
const nats = await connectWithStreams(server.url)
afterAll(async () => {
  await nats.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

function startArchive(): { child: ChildProcess; status: () => RoleStatus | undefined } {
  const child = fork(fileURLToPath(new URL('archive-process.ts', import.meta.url)), [server.url, path], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let last: RoleStatus | undefined
  child.on('message', (status) => (last = status as RoleStatus))
  return { child, status: () => last }
}

test('killed again and again, the archive ends with every row once, and charts that equal a recount', async () => {
  const published = new Map<FeedName, TestRecord[]>(feedNames.map((feed) => [feed, []]))
  let number = 0
  const publishSome = async (messages: number): Promise<void> => {
    for (let i = 0; i < messages; i++) {
      const feed = feedNames[number % 3] as FeedName
      const records = Array.from({ length: 1 + ((number * 7) % 90) }, (_, k): TestRecord => {
        const id = `${number % 50}-${k}`
        const revision = Math.floor(number / 50)
        if (revision > 0 && k % 11 === 0) return { id, revision, cancelled: true }
        return {
          id,
          revision,
          site: `S${(k + revision) % 5}`,
          at: monday + ((k * 13 + number) % 40) * hourMs,
          people: 1 + (k % 4),
        }
      })
      number++
      published.get(feed)?.push(...records)
      await publish(nats, batchOf(feed, records))
      if (number % 10 === 0) await nats.js.publish('events.tick', JSON.stringify({ at: number }))
      const revisions = [alertOf({ alertId: number.toString(16).padStart(16, '0') })]
      await nats.js.publish(
        'alerts.1-of-1',
        JSON.stringify({ slice: '1/1', epoch: 1, toSeq: number, chain: '', revisions }),
      )
      const rejected = {
        id: String(number),
        source: 's',
        feed,
        at: monday,
        reason: 'shape',
        field: 'at',
        fix: 'f',
        sealed: '',
      }
      await nats.js.publish(`rejected.${feed}`, JSON.stringify(rejected))
    }
  }

  for (let kill = 0; kill < 8; kill++) {
    await publishSome(15)
    const { child, status } = startArchive()
    const half = publishSome(15)
    // Killed at another moment each time: in the middle of what it has to do, once it has begun.
    while (status()?.ready !== true && child.exitCode === null)
      await new Promise((next) => setTimeout(next, 5))
    await new Promise((next) => setTimeout(next, (kill * 37) % 180))
    child.kill('SIGKILL')
    await once(child, 'exit')
    await half
  }
  const { child, status } = startArchive()
  const logEnd = (await nats.jsm.streams.info('EVENTS')).state.last_seq
  // A lane that has not begun has no lag yet: only when all are ready does 0 mean that everything is stored.
  const isDone = (last: RoleStatus | undefined): boolean =>
    last?.ready === true && last.rollupPosition === logEnd && last.lag === 0
  await eventually(status, isDone, 120_000)
  child.kill('SIGKILL')
  await once(child, 'exit')

  const store = await openStore({ path, log: silentLog })
  const one = async (sql: string): Promise<number> =>
    (await store.query<{ n: number }>(`SELECT toUInt32(count()) AS n FROM ${sql}`))[0]?.n ?? -1
  for (const feed of feedNames) {
    // Rows of one place, time and key replace each other by version; none is there twice even before that.
    const places = new Set(published.get(feed)?.map(({ id, site = '', at = 0 }) => `${id} ${site} ${at}`))
    expect(await one(`${feed} FINAL`)).toBe(places.size)
    expect(await one(feed)).toBe(await one(`(SELECT DISTINCT event_key, version FROM ${feed})`))
  }
  expect(await one('batches FINAL')).toBe(number)
  expect(await one('alerts FINAL')).toBe(number)
  expect(await one('rejected FINAL')).toBe(number)
  expect(await one('skipped')).toBe(0)
  const buckets = await store.query<{ key: string; count: number; people: number }>(storedBuckets)
  expect(new Map(buckets.map(({ key, count, people }) => [key, { count, people }]))).toEqual(
    countedBuckets(published),
  )
  await store.close()
}, 240_000)
