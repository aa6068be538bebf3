import { gunzipSync } from 'node:zlib'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VolumeRow } from '../../../dashboard/api/shapes.ts'
import { startDashboard, insertVolumes, volumeRow, type Dashboard } from './support.ts'

const now = Date.parse('2026-03-10T05:30:00Z')

const at = (iso: string): number => Date.parse(iso)

/** A record of the place CP-9. */
const crossing = (key: number, ms: number) => ({
  event_key: BigInt(key),
  version: 1n,
  event_id: `t:${key}`,
  site: 'CP-9',
  at: new Date(ms),
  ingested_at: new Date(ms),
  direction: 'entry',
})

describe('volumes', () => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await startDashboard({ now: () => now })
    await insertVolumes(
      dashboard.store,
      [
        volumeRow({ site: 'CP-1', hour: '2026-03-09T16:00:00Z', kind: 'entry', count: 3 }),
        // 17:00 UTC is midnight in Bangkok: the next local day.
        volumeRow({ site: 'CP-1', hour: '2026-03-09T17:00:00Z', kind: 'entry', count: 5 }),
        volumeRow({ site: 'CP-1', hour: '2026-03-09T17:00:00Z', kind: 'exit', count: 2 }),
        volumeRow({
          site: 'CP-1',
          hour: '2026-03-09T17:00:00Z',
          kind: 'entry',
          origin: 'counted',
          count: 500,
        }),
        volumeRow({
          site: 'CP-2',
          hour: '2026-03-09T17:00:00Z',
          kind: 'entry',
          origin: 'counted',
          count: 70,
        }),
        volumeRow({ site: 'CP-1', hour: '2026-03-09T18:00:00Z', kind: 'entry', count: 0 }),
        volumeRow({ feed: 'registrations', site: 'HT-1', hour: '2026-03-09T17:00:00Z', count: 2, people: 9 }),
        // A week before, for the totals.
        volumeRow({ site: 'CP-1', hour: '2026-03-03T01:00:00Z', kind: 'entry', count: 10 }),
      ],
      'volumes',
    )
    await insertVolumes(
      dashboard.store,
      Array.from({ length: 10 }, (_, day) =>
        volumeRow({ feed: 'sightings', site: 'CAM-0', hour: `2026-02-${15 + day}T05:00:00Z`, count: 10 }),
      ),
      'stopped',
    )
  })
  afterAll(() => dashboard.stop())

  const rowsOf = async (query: string): Promise<VolumeRow[]> => {
    const answer = await dashboard.get(`/api/volumes?${query}`)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('application/vnd.apache.arrow.stream')
    return tableFromIPC(answer.rawPayload)
      .toArray()
      .map((row) => ({ ...row }) as VolumeRow)
  }

  test('rows travel as Arrow and equal what the store has, records before counted totals, empty buckets left out', async () => {
    expect(await rowsOf('feed=crossings&from=2026-03-09&to=2026-03-11')).toEqual([
      { time: at('2026-03-09T16:00Z'), site: 'CP-1', kind: 'entry', feed: 'crossings', count: 3, people: 3 },
      { time: at('2026-03-09T17:00Z'), site: 'CP-1', kind: 'entry', feed: 'crossings', count: 5, people: 5 },
      { time: at('2026-03-09T17:00Z'), site: 'CP-1', kind: 'exit', feed: 'crossings', count: 2, people: 2 },
      {
        time: at('2026-03-09T17:00Z'),
        site: 'CP-2',
        kind: 'entry',
        feed: 'crossings',
        count: 70,
        people: 70,
      },
    ])
  })

  test.each([
    ['day', [at('2026-03-08T17:00Z'), at('2026-03-09T17:00Z')]],
    ['week', [at('2026-03-08T17:00Z')]],
    ['month', [at('2026-02-28T17:00Z')]],
  ])('buckets of a %s are local', async (grain, times) => {
    const rows = await rowsOf(`feed=crossings&from=2026-03-08&to=2026-03-11&grain=${grain}`)
    expect([...new Set(rows.map(({ time }) => time))]).toEqual(times)
  })

  test.each([
    ['sites=CP-2', 70],
    ['sites=CP-1,CP-2&origin=counted', 570],
    ['sites=CP-1&origin=recomputed', 10],
    ['feed=registrations', 2],
    ['feed=sightings', 0],
  ])('filtered by %s the counts are %i', async (filter, total) => {
    const rows = await rowsOf(`from=2026-03-09&to=2026-03-11&${filter}`)
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(total)
  })

  test('registrations count people too', async () => {
    const [row] = await rowsOf('feed=registrations&from=2026-03-09&to=2026-03-11')
    expect(row).toMatchObject({ count: 2, people: 9 })
  })

  test('Arrow is compressed on the way when the browser takes it', async () => {
    await insertVolumes(
      dashboard.store,
      Array.from({ length: 500 }, (_, i) =>
        volumeRow({ site: `CAM-${i}`, feed: 'sightings', hour: '2026-01-01T00:00:00Z', count: 1 }),
      ),
      'many',
    )
    const answer = await dashboard.inject({
      url: '/api/volumes?feed=sightings&from=2026-01-01&to=2026-01-02',
      headers: { cookie: await dashboard.signIn('analyst'), 'accept-encoding': 'gzip' },
    })
    expect(answer.headers['content-encoding']).toBe('gzip')
    const plain = gunzipSync(answer.rawPayload)
    expect(answer.rawPayload.length).toBeLessThan(plain.length / 3)
    expect(tableFromIPC(plain).numRows).toBe(500)
  })

  test.each([
    ['from=2026-03-09', 'to'],
    ['from=2026-02-30&to=2026-03-11', 'from'],
    ['from=yesterday&to=2026-03-11', 'from'],
    ['from=2026-03-11&to=2026-03-09', 'to'],
    ['from=2026-03-09&to=2026-03-11&grain=minute', 'grain'],
    ['from=1026-03-09&to=2026-03-11', 'grain'],
    ['from=2026-03-09&to=2026-03-11&feed=boats', 'feed'],
    ["from=2026-03-09&to=2026-03-11&sites=a'b", 'sites'],
    ['from=2026-03-09&to=2026-03-11&timeZone=Mars/Base', 'timeZone'],
    ['from=2026-03-09&to=2026-03-11&plate=1', 'plate'],
  ])('%s is a 400 that names %s and the fix', async (query, field) => {
    const answer = await dashboard.get(`/api/volumes?${query}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({
      code: 'INPUT',
      field,
      message: expect.any(String),
      fix: expect.stringMatching(/\S/),
    })
  })

  test('totals compare 24 hours and today with the same time a week ago, to the minute', async () => {
    const hour = 3_600_000
    const week = 7 * 24 * hour
    // Two in the cut hour of now, one just after the window's start, one just before it, one a week ago in the cut hour.
    await dashboard.store.insertRows(
      'crossings',
      [
        crossing(1, now - 1),
        crossing(2, now - 60_000),
        crossing(3, now - 24 * hour),
        crossing(4, now - 24 * hour - 1),
        crossing(5, now - week - 1),
        crossing(6, now - week),
      ],
      'records',
    )
    // The rollup has the hour of now too; its records are counted one by one.
    await insertVolumes(
      dashboard.store,
      [volumeRow({ site: 'CP-9', hour: '2026-03-10T05:00:00Z', kind: 'entry', count: 2 })],
      'now',
    )
    const { feeds, openAlerts } = (await dashboard.get('/api/totals')).json()
    expect(openAlerts).toEqual({ high: 0, medium: 0, low: 0 })
    // 03-09 16:00 (3) and 17:00 (7) whole hours, records 1, 2, 3; a week before 03-03 01:00 (10) and record 5.
    expect(feeds[0]).toEqual({
      feed: 'crossings',
      lastAt: at('2026-03-10T06:00:00Z'),
      last24h: { count: 13, people: 13, weekBefore: 11, ratio: 13 / 11 },
      today: { count: 9, people: 9, weekBefore: 11, ratio: 9 / 11 },
    })
    expect(feeds[2]).toMatchObject({
      feed: 'registrations',
      lastAt: at('2026-03-09T18:00:00Z'),
      last24h: { count: 2, people: 9, weekBefore: null, ratio: null },
    })
    // Silent for two weeks: nothing is compared, and how far it is is told.
    expect(feeds[1]).toEqual({
      feed: 'sightings',
      lastAt: at('2026-02-24T06:00:00Z'),
      last24h: { count: 0, people: 0, weekBefore: null, ratio: null },
      today: { count: 0, people: 0, weekBefore: null, ratio: null },
    })
  })
})
