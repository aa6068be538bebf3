import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explain } from '../../../dashboard/api/explore-explain.ts'
import { gapsOf } from '../../../dashboard/api/explore-gaps.ts'
import type {
  Boards,
  Explained,
  ExploreRows,
  ExploreText,
  Marks,
} from '../../../dashboard/api/explore-shapes.ts'
import type { MapDay, MapFlows } from '../../../dashboard/api/map-shapes.ts'
import { recompute } from '../../../sql/rollup.ts'
import { refreshPlaces } from '../../../sql/rollup-days.ts'
import { batchOf, hourMs, monday, type TestRecord } from '../../sql/log-fixture.ts'
import { alertRow, revisionOf, startDashboard, type Dashboard } from './support.ts'

const day = 24 * hourMs
const value = (given: { value: string; now: number; before: number }) => ({
  ...given,
  nowBase: given.now,
  beforeBase: given.before,
})

describe('explaining a change', () => {
  const site = (id: string, before: number, now: number) => value({ value: id, before, now })

  test('names the one value that moved, before those that hold it and those that moved with the rest', () => {
    const found = explain({
      total: { now: 1_500, before: 1_000 },
      boards: [
        { dimension: 'site', values: [site('S1', 100, 600), site('S2', 450, 450), site('S3', 450, 450)] },
        { dimension: 'province', values: [site('Tak', 550, 1_050), site('Trat', 450, 450)] },
        { dimension: 'feed', values: [site('crossings', 1_000, 1_500)] },
        { dimension: 'direction', values: [site('entry', 500, 750), site('exit', 500, 750)] },
      ],
    })
    expect(found.causes[0]).toMatchObject({ dimension: 'site', value: 'S1', ratio: 6, share: 1 })
    expect(found.causes.map(({ dimension }) => dimension)).not.toContain('feed')
    expect(found.causes.filter(({ dimension }) => dimension === 'direction')).toEqual([])
    expect(found.causes[0]?.excess).toBeCloseTo(500)
  })

  test('finds what vanished and what is new, and nothing where all moved alike', () => {
    const { causes } = explain({
      total: { now: 900, before: 1_000 },
      boards: [{ dimension: 'source', values: [site('a', 800, 800), site('b', 200, 0), site('c', 0, 100)] }],
    })
    expect(causes.slice(0, 2).map(({ value: name, ratio }) => [name, ratio])).toEqual([
      ['c', null],
      ['b', 0],
    ])
    expect(
      explain({
        total: { now: 2_000, before: 1_000 },
        boards: [{ dimension: 'site', values: [site('a', 500, 1_000), site('b', 500, 1_000)] }],
      }).causes,
    ).toEqual([])
  })

  test('scales what came before where the spans differ in length', () => {
    expect(explain({ total: { now: 50, before: 100 }, boards: [] }, 12, 0.5)).toMatchObject({
      now: 50,
      before: 50,
    })
  })
})

describe('gaps', () => {
  const counts = (count: (time: number) => number): Map<number, number> =>
    new Map(
      Array.from({ length: 35 * 24 }, (_, i) => i * hourMs)
        .map((time) => [time, count(time)] as const)
        .filter(([, n]) => n > 0),
    )
  const span = { from: 20 * day, to: 30 * day, stepMs: hourMs, settledAt: 35 * day }

  test('are hours without a record where some are usual; neighbours are one', () => {
    const silent = counts((time) => (time >= 25 * day && time < 25 * day + 3 * hourMs ? 0 : 50))
    expect(gapsOf(silent, span)).toEqual([{ from: 25 * day, to: 25 * day + 3 * hourMs }])
  })

  test.each([
    ['a site that is closed at night', (time: number) => ((time / hourMs) % 24 < 6 ? 0 : 50)],
    [
      'a site that is closed on one day of the week',
      (time: number) => (Math.floor(time / day) % 7 === 3 ? 0 : 50),
    ],
    ['a feed of one record a day', (time: number) => (time % day === 0 ? 1 : 0)],
  ])('are not the empty hours of %s', (_name, count) => {
    expect(gapsOf(counts(count), span)).toEqual([])
  })

  test('are not hours that are still under way, nor before the feed began', () => {
    const silent = counts((time) => (time >= 29 * day ? 0 : 50))
    expect(gapsOf(silent, { ...span, settledAt: 29 * day })).toEqual([])
    expect(gapsOf(new Map(), span)).toEqual([])
  })
})

describe('explore', () => {
  let dashboard: Dashboard
  /** Two weeks: 20 crossings a day at each of three sites; on the last day one site has 200 more by border pass. */
  beforeAll(async () => {
    dashboard = await startDashboard({ now: () => monday + 14 * day })
    const { store } = dashboard
    const records: TestRecord[] = []
    for (let d = 0; d < 14; d++)
      for (const [s, site] of ['S1', 'S2', 'S3'].entries())
        for (let i = 0; i < (d === 13 && s === 1 ? 220 : 20); i++)
          records.push({
            id: `${d}-${site}-${i}`,
            site,
            source: `source-${s}`,
            at: monday + d * day + (i % 20) * hourMs,
            direction: i % 2 === 0 ? 'entry' : 'exit',
            documentType: i >= 20 ? 'border-pass' : 'passport',
            traveller: (1 + (i % 25)).toString(16),
            outcome: i === 3 ? 'refused' : 'admitted',
          })
    const batches = [
      { feed: 'crossings' as const, made: batchOf('crossings', records, monday + 13 * day) },
      {
        feed: 'registrations' as const,
        made: batchOf('registrations', [
          {
            id: 'r1',
            site: 'H1',
            at: monday + 13 * day,
            until: monday + 20 * day,
            people: 3,
            documentType: 'passport',
          },
          {
            id: 'r2',
            site: 'H1',
            at: monday + 13 * day + 2 * hourMs,
            until: monday + 13 * day + 5 * hourMs,
            people: 2,
          },
        ]),
      },
      {
        feed: 'sightings' as const,
        made: batchOf('sightings', [
          { id: 'v1', site: 'CAM-1', at: monday + 13 * day, vehicle: '9' },
          { id: 'v2', site: 'CAM-2', at: monday + 13 * day + hourMs, vehicle: '9' },
          { id: 'v3', site: 'CAM-1', at: monday + 13 * day + 12 * hourMs, vehicle: '9' },
        ]),
      },
    ]
    for (const [i, { feed, made }] of batches.entries()) {
      await store.insertArrow(feed, [made.bytes], `explore:${feed}`)
      await store.insertRows(
        'batches',
        [
          {
            log_id: 1,
            log_seq: i + 1,
            batch: made.batch,
            feed,
            rows: 1,
            logged_at: new Date(monday),
            insert_from: 1,
            insert_to: 1,
          },
        ],
        `explore-batch:${feed}`,
      )
    }
    await store.insertRows(
      'reference',
      [
        [
          'sites',
          'S1',
          { id: 'S1', name: 'One', nameTh: 'หนึ่ง', kind: 'checkpoint', province: 'Tak', zone: 'border' },
        ],
        [
          'sites',
          'S2',
          { id: 'S2', name: 'Two', nameTh: 'สอง', kind: 'checkpoint', province: 'Tak', zone: 'border' },
        ],
        ['holidays', '2026-01-12', { id: '2026-01-12', name: 'A day off', nameTh: 'วันหยุด' }],
      ].map(([table, id, row]) => ({
        table_name: table as string,
        id: id as string,
        valid_from: '2020-01-01',
        valid_to: null,
        source: 't',
        owner: 't',
        row: JSON.stringify({
          ...(row as object),
          validFrom: '2020-01-01',
          validTo: null,
          source: 't',
          owner: 't',
        }),
        logged_at: new Date(monday),
        log_seq: 1,
      })),
      'explore-reference',
    )
    await store.insertRows(
      'alert_revisions',
      [alertRow(revisionOf({ site: 'S2', raisedAt: monday + 13 * day, revisedAt: monday + 13 * day }))],
      'explore-alerts',
    )
    await recompute(store, { logId: 1, after: 0, to: 3 })
    await refreshPlaces(store)
  })
  afterAll(() => dashboard.stop())

  const span = `from=${new Date(monday + 7 * day).toISOString()}&to=${new Date(monday + 14 * day).toISOString()}`
  const before = `compareFrom=${new Date(monday).toISOString()}&compareTo=${new Date(monday + 7 * day).toISOString()}`
  const last = `from=${new Date(monday + 13 * day).toISOString()}&to=${new Date(monday + 14 * day).toISOString()}`
  const dayBefore = `compareFrom=${new Date(monday + 12 * day).toISOString()}&compareTo=${new Date(monday + 13 * day).toISOString()}`
  const json = async <T>(url: string): Promise<T> => {
    const answer = await dashboard.get(url)
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json() as T
  }
  const series = async (query: string) => {
    const answer = await dashboard.get(`/api/explore/series?${query}`)
    expect(answer.statusCode, answer.body).toBe(200)
    return tableFromIPC(answer.rawPayload)
      .toArray()
      .map((row) => ({
        period: Number(row.period),
        label: String(row.label),
        value: Number(row.value),
        base: Number(row.base),
      }))
  }
  const totals = (rows: { period: number; label: string; value: number }[]): Record<string, number> => {
    const sums: Record<string, number> = {}
    for (const { period, label, value: n } of rows)
      sums[`${period}${label}`] = (sums[`${period}${label}`] ?? 0) + n
    return sums
  }

  test.each([
    ['show=crossings&split=site', { '0S2': 340, '0S1': 140, '0S3': 140, '1': 420 }],
    ['show=crossings&split=site&top=1', { '0S2': 340, '0': 280, '1': 420 }],
    ['show=crossings&split=documentType&site=S2', { '0border-pass': 200, '0passport': 140, '1': 140 }],
    ['show=crossings&split=province&zone=border', { '0Tak': 480, '1': 280 }],
    [
      'show=crossings&split=source&direction=entry',
      { '0source-1': 170, '0source-0': 70, '0source-2': 70, '1': 210 },
    ],
    ['show=refusals', { '0': 21, '1': 21 }],
    ['show=records&split=feed', { '0crossings': 620, '0sightings': 3, '0registrations': 2, '1': 420 }],
    ['show=alerts&split=rule', { '0repeated-crossings': 1 }],
  ])('%s counts what the records hold', async (query, expected) => {
    expect(totals(await series(`${query}&${span}&${before}&grain=day`))).toEqual(expected)
  })

  test('travellers count once a day, and people present are those who have not left', async () => {
    const travellers = await series(`show=travellers&${last}&grain=day`)
    // The local day that begins in the span has the last three hours of records: every fifth of 25 travellers in each.
    expect(travellers.map((row) => row.value)).toEqual([15])
    expect((await series(`show=present&${last}&grain=hour`)).map((row) => row.value)).toEqual([3, 5, 3])
  })

  test('the late share has its base beside it', async () => {
    const [row] = await series(`show=lateShare&feed=registrations&${last}&grain=month`)
    expect(row).toMatchObject({ value: 0, base: 2 })
  })

  test('as known at an instant, later records are not there yet', async () => {
    const known = (at: number) =>
      series(`show=crossings&${span}&grain=month&known=${new Date(at).toISOString()}`)
    expect(await known(monday + 12 * day)).toEqual([])
    expect(totals(await known(monday + 14 * day))).toEqual({ '0': 620 })
  })

  test('an export holds the numbers of the chart, as Arrow, Parquet and CSV', async () => {
    const query = `show=crossings&split=site&${span}&grain=day`
    const chart = await series(query)
    const file = async (format: string) => {
      const answer = await dashboard.get(`/api/explore/series?${query}&format=${format}`)
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['content-disposition']).toMatch(
        new RegExp(`attachment; filename="crossings-.*\\.${format}"`),
      )
      return answer
    }
    const arrow = tableFromIPC((await file('arrow')).rawPayload)
    expect(arrow.toArray().map((row) => Number(row.value))).toEqual(chart.map((row) => row.value))
    const [head, ...lines] = (await file('csv')).body.trim().split('\n')
    expect(head).toContain('"value"')
    expect(lines.length).toBe(chart.length)
    expect((await file('parquet')).rawPayload.subarray(0, 4).toString()).toBe('PAR1')
  })

  test('leaderboards show every dimension, and of a filtered one all values', async () => {
    const { total, boards } = await json<Boards>(
      `/api/explore/boards?show=crossings&site=S2&${span}&${before}`,
    )
    expect(total).toMatchObject({ now: 340, before: 140 })
    expect(boards.map(({ dimension }) => dimension)).toEqual([
      'site',
      'province',
      'zone',
      'direction',
      'documentType',
      'source',
    ])
    expect(boards[0]?.values.map((one) => one.value).sort()).toEqual(['S1', 'S2', 'S3'])
    expect(boards.at(-1)?.values).toEqual([
      { value: 'source-1', now: 340, nowBase: 340, before: 140, beforeBase: 140 },
    ])
  })

  test('leaderboards leave out what is skipped, on both sides', async () => {
    const skip = `${monday + 13 * day}-${monday + 14 * day},${monday + 6 * day}-${monday + 7 * day}`
    const { total } = await json<Boards>(`/api/explore/boards?show=crossings&${span}&${before}&skip=${skip}`)
    expect(total).toMatchObject({ now: 360, before: 360 })
  })

  test('explaining the last day finds the planted cause', async () => {
    const { causes } = await json<Explained>(`/api/explore/explain?show=crossings&${last}&${dayBefore}`)
    expect(causes[0]).toMatchObject({ dimension: 'documentType', value: 'border-pass', now: 200, before: 0 })
    const site = causes.find(({ dimension }) => dimension === 'site')
    expect(site).toMatchObject({ value: 'S2', now: 220, before: 20, ratio: 11 })
  })

  test('explaining leaves out what lies before the first record, and what stands beside it', async () => {
    const at = (days: number): string => new Date(monday + days * day).toISOString()
    const explained = (from: number, to: number, compareFrom: number, compareTo: number) =>
      json<Explained>(
        `/api/explore/explain?show=crossings&from=${at(from)}&to=${at(to)}&compareFrom=${at(compareFrom)}&compareTo=${at(compareTo)}`,
      )
    // Two of the four days compared lie before Monday: the last two of each are left, 60 crossings a day.
    expect(await explained(8, 12, -2, 2)).toMatchObject({ now: 120, before: 120, causes: [] })
    expect(await explained(8, 12, 0, 4)).toMatchObject({ now: 240, before: 240 })
    expect(await explained(0, 4, -4, 0)).toEqual({ now: 240, before: 0, causes: [] })
  })

  test('rows lead to the message that brought them, for investigators only', async () => {
    const url = `/api/explore/rows?show=refusals&site=S2&${last}`
    const { rows } = await json<ExploreRows>(url)
    expect(rows).toEqual([
      expect.objectContaining({ site: 'S2', detail: 'refused', eventId: 'test:13-S2-3', logSeq: 1 }),
    ])
    expect((await dashboard.get(url, 'leader')).statusCode).toBe(403)
  })

  test('the query that made a number is shown with its parameters', async () => {
    const text = await json<ExploreText>(`/api/explore/query?show=travellers&site=S1&${span}`)
    expect(text).toMatchObject({
      name: 'explore-travellers-series',
      params: { sites: ['S1'], zone: 'Asia/Bangkok' },
    })
    expect(text.sql).toContain('travellers_daily')
  })

  test('holidays are notes on the axis', async () => {
    const { notes, gaps, since } = await json<Marks>(`/api/explore/marks?show=crossings&${span}`)
    expect(notes).toEqual([
      {
        kind: 'holiday',
        from: Date.parse('2026-01-11T17:00Z'),
        to: Date.parse('2026-01-12T17:00Z'),
        text: { en: 'A day off', th: 'วันหยุด' },
      },
    ])
    expect(gaps).toEqual([])
    expect(since).toBe(monday)
  })

  test.each([
    ['show=boats', 'show'],
    ['show=crossings&split=vehicleClass', 'split'],
    ['show=sightings&documentType=passport', 'documentType'],
    ["show=crossings&site=a'b", 'site'],
    ['show=present&known=2026-01-01', 'known'],
    ['show=crossings&top=0', 'top'],
  ])('%s is a 400 that names %s', async (query, field) => {
    const answer = await dashboard.get(`/api/explore/series?${query}&${span}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'INPUT', field })
  })

  test('the map has a day by the hour, with alerts and movements', async () => {
    const date = '2026-01-18'
    const mapDay = await json<MapDay>(`/api/map/day?date=${date}`)
    expect(mapDay).toMatchObject({ hours: 24, from: Date.parse('2026-01-17T17:00Z') })
    const sum = (site: string): number =>
      mapDay.sites
        .filter((one) => one.site === site)
        .flatMap(({ counts }) => counts)
        .reduce((a, b) => a + b, 0)
    expect(sum('CAM-1')).toBe(2)
    expect(mapDay.alerts).toMatchObject([{ site: 'S2', high: 1 }])
    const { flows } = await json<MapFlows>(`/api/map/flows?date=${date}`)
    expect(flows.map(({ from, to }) => [from, to])).toEqual([['CAM-1', 'CAM-2']])
    expect((await dashboard.get('/api/map/day?date=2026-02-30')).statusCode).toBe(400)
  })
})
