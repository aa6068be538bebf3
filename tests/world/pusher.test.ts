import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FeedName } from '../../ingest/feeds/layout.ts'
import type { Supplier } from '../../ingest/supplier/supplier.ts'
import { loadPosition, savePosition } from '../../ingest/world/position.ts'
import { createPusher } from '../../ingest/world/pusher.ts'
import { createWorld } from '../../ingest/world/world.ts'

const hour = 3_600_000
const start = Date.parse('2026-03-04T10:00:00+07:00')
const options = { historyDays: 1, batchRows: 500, inFlight: 3, stepMs: 250 }
const world = () => createWorld(5, { scale: 0.05 })

/** A gateway that remembers, a clock that moves on with each wait, and a stop after `waits` of them. */
function bench(waits: number) {
  const received: { feed: FeedName; id: string; at: number }[] = []
  const sizes: number[] = []
  const abort = new AbortController()
  let now = start
  const supplier: Supplier = {
    async post(feed, records) {
      sizes.push(records.length)
      for (const record of records) received.push({ feed, id: (record as { id: string }).id, at: now })
      return { accepted: records.length, duplicate: 0, rejected: 0, reasons: {} }
    },
    reference: async () => {},
    volumes: async () => {},
    watchlists: async () => {},
  }
  const deps = {
    suppliers: { crossings: supplier, sightings: supplier, registrations: supplier },
    now: () => now,
    wait: async (ms: number) => {
      now += ms
      if (--waits <= 0) abort.abort()
    },
  }
  return { received, sizes, deps, abort }
}

describe('the pusher', () => {
  test('sends the last days in batches, then each record at its time', async () => {
    const { received, sizes, deps, abort } = bench(240)
    const saved: number[] = []
    let liveStart = 0
    const pusher = createPusher(options, {
      ...deps,
      world: world(),
      sentTo: undefined,
      save: (sentTo) => saved.push(sentTo),
      onLive: (at) => (liveStart = at),
    })
    await pusher.run(abort.signal)
    const until = start + 240 * 250
    const history = world().between(start - 24 * hour, start)
    const live = world().live(liveStart).between(start, until)
    expect(liveStart).toBe(start)
    expect(received.slice(0, history.length).map(({ id }) => id).sort()).toEqual(history.map(({ record }) => record.id).sort())
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500)
    const times = new Map(live.map(({ record, sendAt }) => [record.id, sendAt]))
    for (const { id, at } of received.slice(history.length)) {
      expect(at - (times.get(id) as number), id).toBeGreaterThanOrEqual(0)
      expect(at - (times.get(id) as number), id).toBeLessThanOrEqual(250)
    }
    expect(saved).toEqual([...saved].sort((a, b) => a - b))
    expect(until - (saved.at(-1) as number)).toBeLessThanOrEqual(250)
  }) // prettier-ignore

  test('goes on where it stopped, filling the gap and no more', async () => {
    const { received, deps, abort } = bench(1)
    const sentTo = start - 3 * hour
    await createPusher(options, { ...deps, world: world(), sentTo, save: () => {} }).run(abort.signal)
    expect(received.map(({ id }) => id).sort()).toEqual(
      world().between(sentTo, start).map(({ record }) => record.id).sort(),
    ) // prettier-ignore
  })

  test('fills a gap of weeks only for the days it is set to', async () => {
    const { received, deps, abort } = bench(1)
    const sentTo = start - 500 * hour
    await createPusher(options, { ...deps, world: world(), sentTo, save: () => {} }).run(abort.signal)
    expect(received.length).toBe(world().between(start - 24 * hour, start).length)
  })
})

describe('the position', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'daan-world-')), 'deep', 'world.json')

  test('is read as it was saved, for the same seed only', () => {
    expect(loadPosition(file, 1)).toBeUndefined()
    savePosition(file, { seed: 1, sentTo: start })
    expect(loadPosition(file, 1)).toEqual({ seed: 1, sentTo: start })
    expect(loadPosition(file, 2)).toBeUndefined()
    expect(readFileSync(file, 'utf8')).toContain(String(start))
  })

  test('is none when the file is broken', () => {
    writeFileSync(file, '{"seed":1,')
    expect(loadPosition(file, 1)).toBeUndefined()
  })
})
