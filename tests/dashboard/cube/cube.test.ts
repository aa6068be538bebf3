import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measures, type Dimension, type MeasureName } from '../../../dashboard/api/explore-measures.ts'
import {
  boardsQuestion,
  changesQuestion,
  cubeQuestion,
  paramsFor,
  seriesQuestion,
  skippedOf,
} from '../../../dashboard/api/explore-questions.ts'
import { boardsIn } from '../../../dashboard/api/explore-routes.ts'
import type { BoardsQuery, ExploreQuery } from '../../../dashboard/api/explore-shapes.ts'
import { createReader, type Reader } from '../../../dashboard/api/reader.ts'
import { cubeBoards, cubeReporting, cubeSeries } from '../../../dashboard/cube/answers.ts'
import { Cube } from '../../../dashboard/cube/cube.ts'
import type { Reported } from '../../../dashboard/cube/reporting.ts'
import { seriesRowsOf } from '../../../dashboard/web/src/api/explore-columns.ts'
import type { FeedName } from '../../../ingest/feeds/layout.ts'
import { silentLog } from '../../../platform/log.ts'
import exploreReporting from '../../../sql/queries/explore-reporting.ts'
import { recompute } from '../../../sql/rollup.ts'
import { refreshPlaces } from '../../../sql/rollup-days.ts'
import type { Store, StoreReader } from '../../../sql/store.ts'
import { embeddedStore } from '../../sql/embedded.ts'
import { batchOf, hourMs, monday, type TestRecord } from '../../sql/log-fixture.ts'

const day = 24 * hourMs
const runs = Number(process.env['PROPERTY_RUNS'] ?? 100)
const zone = 'Asia/Bangkok'
const shown: MeasureName[] = [
  'records',
  'crossings',
  'sightings',
  'registrations',
  'refusals',
  'lateShare',
  'present',
]
const grains = ['hour', 'day', 'week', 'month'] as const

/** Values that the records of the store have, by dimension. */
const values: Partial<Record<Dimension, string[]>> = {
  feed: ['crossings', 'sightings', 'registrations'],
  site: ['S0', 'S1', 'S2', 'S3', 'S4', 'S5'],
  province: ['Tak', 'Trat', '-'],
  zone: ['border', 'transit', '-'],
  source: ['source-0', 'source-1'],
  direction: ['entry', 'exit'],
  documentType: ['passport', 'border-pass', '-'],
}

const aMoment = fc.integer({ min: -30 * 24, max: 45 * 24 }).map((hours) => monday + hours * hourMs)
/** Most on the hour, some not. */
const anInstant = fc.tuple(aMoment, fc.constantFrom(0, 0, 0, 30 * 60_000)).map(([at, more]) => at + more)
const aSpan = fc
  .tuple(anInstant, fc.integer({ min: 1, max: 60 * 24 }))
  .map(([from, hours]) => ({ from, to: from + hours * hourMs }))
const aQuestion = fc
  .record({
    show: fc.constantFrom(...shown),
    span: aSpan,
    grain: fc.constantFrom(...grains),
    splitAt: fc.option(fc.nat(20), { nil: null }),
    top: fc.integer({ min: 1, max: 4 }),
    compare: fc.option(fc.integer({ min: 1, max: 40 * 24 }), { nil: null }),
    known: fc.option(fc.integer({ min: 38 * 24, max: 46 * 24 }), { nil: null }),
    filters: fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)), { maxLength: 2 }),
    skip: fc.array(aSpan, { maxLength: 2 }),
  })
  .map(({ show, span, grain, splitAt, top, compare, known, filters, skip }) => {
    const own = measures[show].dimensions
    const given: Record<string, string> = {}
    for (const [at, a, b] of filters) {
      const dimension = own[at % own.length] as keyof typeof values
      const known = values[dimension] ?? []
      if (known.length > 0)
        given[dimension] = [...new Set([known[a % known.length], known[b % known.length]])].join()
    }
    const iso = (at: number): string => new Date(at).toISOString()
    const base = {
      show,
      from: iso(span.from),
      to: iso(span.to),
      grain,
      ...given,
      ...(compare === null
        ? {}
        : { compareFrom: iso(span.from - compare * hourMs), compareTo: iso(span.to - compare * hourMs) }),
    }
    const series: ExploreQuery = {
      ...base,
      ...(known === null || !measures[show].known ? {} : { known: iso(monday + known * hourMs) }),
      ...(splitAt === null ? {} : { split: own[splitAt % own.length] as Dimension, top }),
    }
    const boards: BoardsQuery = { ...base, skip: skip.map(({ from, to }) => `${from}-${to}`).join() }
    return { series, boards }
  })

/** What the cube and the store say to the same question. */
async function seriesOfBoth(cube: Cube, reader: Reader, asked: ExploreQuery) {
  const { query, params } = seriesQuestion(asked, zone)
  const { split = null, grain = 'hour', top = 7 } = asked
  const how = { by: split, top: split === null ? 1 : top, grain, zone }
  const changes = changesQuestion(asked, zone)
  const found = await cubeSeries(cube, cubeQuestion(asked, zone), how, async () =>
    changes === null ? [] : await reader.rows(changes.query, paramsFor(changes.query, changes.params)),
  )
  if (found === null) return fail()
  return {
    cube: seriesRowsOf(found),
    store: seriesRowsOf(await reader.arrow(query, paramsFor(query, params))),
  }
}

async function boardsOfBoth(cube: Cube, reader: Reader, asked: BoardsQuery) {
  const own = measures[asked.show].dimensions
  const { query, params } = boardsQuestion(asked, zone, 5)
  const found = await cubeBoards(cube, cubeQuestion(asked, zone), {
    dimensions: own,
    top: 5,
    skip: skippedOf(asked),
  })
  if (found === null) return fail()
  const sorted = ({ total, boards }: ReturnType<typeof boardsIn>) => ({
    total,
    boards: [...boards].sort((a, b) => (a.dimension < b.dimension ? -1 : 1)),
  })
  return {
    cube: sorted(found),
    store: sorted(boardsIn(await reader.rows(query, paramsFor(query, params)))),
  }
}

/** What came when, of some places. The areas' hours follow later: sites are named, so that the store counts them from the cube's table. */
async function reportingOfBoth(cube: Cube, reader: Reader, { series }: { series: ExploreQuery }) {
  const { feeds, from, to, filter } = cubeQuestion(series, zone) ?? fail()
  const { province = [], zone: zones = [] } = filter
  const site = filter.site ?? values.site ?? []
  const grain = series.grain === 'hour' ? 'hour' : 'day'
  const found = await cubeReporting(
    cube,
    { feeds, from, to, filter: { site, province, zone: zones } },
    { grain, zone },
  )
  const stored = await reader.rows(exploreReporting, {
    from,
    to,
    grain,
    zone,
    feeds: [...feeds],
    sites: [...site],
    provinces: [...province],
    zones: [...zones],
  })
  const sorted = (rows: readonly Reported[]): Reported[] =>
    [...rows].sort((a, b) => (a.feed === b.feed ? a.at_ms - b.at_ms : a.feed < b.feed ? -1 : 1))
  return { cube: sorted(found ?? fail()), store: sorted(stored) }
}

function fail(): never {
  throw new Error('The cube did not answer.')
}

describe('the cube in memory', () => {
  let store: Store
  let close: () => Promise<void>
  let connection: StoreReader
  let reader: Reader
  let cube: Cube
  let logged = 0

  beforeAll(async () => {
    ;({ store, close } = await embeddedStore())
    connection = await store.reader()
    reader = createReader(connection)
    await place('S0', 'Tak', 'border')
    await place('S1', 'Tak', 'transit')
    await place('S2', 'Trat', 'border')
    await refreshPlaces(store)
    await log(records(1, 400), monday + 40 * day)
    cube = new Cube({ freshMs: 0 }, { reader, log: silentLog })
    await cube.fill()
  })
  afterAll(async () => {
    await connection.close()
    await close()
  })

  const place = (id: string, province: string, zoneOf: string): Promise<number> =>
    store.insertRows(
      'reference',
      [
        {
          table_name: 'sites',
          id,
          valid_from: '2020-01-01',
          valid_to: null,
          source: 'test',
          owner: 'test',
          row: JSON.stringify({ id, name: id, province, zone: zoneOf }),
          logged_at: new Date(monday),
          log_seq: ++logged,
        },
      ],
      `place:${id}:${province}:${logged}`,
    )

  /** Records of every feed over forty days, of few sites, so that hours and kinds meet. */
  function records(salt: number, length: number, revision = 0): Record<FeedName, TestRecord[]> {
    const of = (feed: string): TestRecord[] =>
      Array.from({ length }, (_, i) => {
        const n = (i * 7919 + salt * 104_729) % 1_000_003
        const at = monday + (n % (40 * 24)) * hourMs + (n % 3599) * 1000
        return {
          id: `${feed}-${salt}-${i}`,
          revision,
          cancelled: revision > 0 && i % 5 === 0,
          site: `S${(n + revision) % 6}`,
          source: `source-${n % 2}`,
          at,
          direction: n % 3 === 0 ? 'entry' : 'exit',
          documentType: ['passport', 'border-pass', ''][n % 3] as string,
          traveller: (1 + (n % 50)).toString(16),
          vehicle: '9',
          outcome: n % 7 === 0 ? 'refused' : 'admitted',
          people: n % 4,
          ...(n % 5 === 0 ? {} : { until: at + (n % 100) * hourMs }),
        }
      })
    return { crossings: of('c'), sightings: of('s'), registrations: of('r') }
  }

  /** Stores records as one message of each feed, and recomputes what they touch. */
  async function log(feeds: Record<FeedName, TestRecord[]>, loggedAt: number): Promise<void> {
    const after = logged
    for (const [feed, made] of Object.entries(feeds) as [FeedName, TestRecord[]][]) {
      const { bytes, batch } = batchOf(feed, made, loggedAt)
      const seq = ++logged
      await store.insertArrow(feed, [bytes], `cube:${seq}`)
      const journal = { log_id: 1, log_seq: seq, batch, feed, rows: made.length, logged_at: new Date(monday) }
      await store.insertRows('batches', [{ ...journal, insert_from: seq, insert_to: seq }], `batch:${seq}`)
    }
    await recompute(store, { logId: 1, after, to: logged })
  }

  test('answers every question about records and people present as the store does', async () => {
    await fc.assert(
      fc.asyncProperty(aQuestion, async ({ series, boards }) => {
        const one = await seriesOfBoth(cube, reader, series)
        expect(one.cube).toEqual(one.store)
        const other = await boardsOfBoth(cube, reader, boards)
        expect(other.cube).toEqual(other.store)
        const third = await reportingOfBoth(cube, reader, { series })
        expect(third.cube).toEqual(third.store)
      }),
      { numRuns: runs, endOnFailure: false },
    )
  })

  test('follows late records, corrections, moves, cancellations and a site that lies elsewhere', async () => {
    await log(records(1, 60, 1), monday + 42 * day)
    await log(records(2, 40), monday + 43 * day)
    await log(records(1, 30, 2), monday + 44 * day)
    await place('S0', 'Trat', 'transit')
    await refreshPlaces(store)
    await fc.assert(
      fc.asyncProperty(aQuestion, async ({ series, boards }) => {
        const one = await seriesOfBoth(cube, reader, series)
        expect(one.cube).toEqual(one.store)
        const other = await boardsOfBoth(cube, reader, boards)
        expect(other.cube).toEqual(other.store)
        const third = await reportingOfBoth(cube, reader, { series })
        expect(third.cube).toEqual(third.store)
      }),
      { numRuns: Math.ceil(runs / 2), endOnFailure: false },
    )
  })

  test('counts beyond what a row can hold', async () => {
    const hour = monday + 80 * day
    await store.command(`
      INSERT INTO cube_hours (feed, hour, site, source, count, people, refused, late, version)
      SELECT 'crossings', toDateTime(${hour / 1000}, 'UTC'), 'S1', 'source-0', 200000, 200000, 70000, 3, ${Date.now() + 60_000}`)
    const asked = { from: new Date(hour).toISOString(), to: new Date(hour + hourMs).toISOString() }
    const { cube: found, store: stored } = await boardsOfBoth(cube, reader, { show: 'refusals', ...asked })
    expect(found).toEqual(stored)
    expect(found.total).toMatchObject({ now: 70_000, nowBase: 200_000 })
  })

  test('leaves to the store what it does not hold', async () => {
    const small = new Cube({ mostRows: 1 }, { reader, log: silentLog })
    await small.fill()
    const ask = (show: MeasureName, from: number) =>
      cubeBoards(
        small,
        cubeQuestion(
          { show, from: new Date(from).toISOString(), to: new Date(monday + 81 * day).toISOString() },
          zone,
        ),
        { dimensions: ['site'], top: 5, skip: [] },
      )
    expect((await ask('crossings', monday + 80 * day))?.total.now).toBe(200_000)
    expect(await ask('crossings', monday)).toBeNull()
    // Somebody who came long ago may still be there.
    expect(await ask('present', monday + 79 * day)).toBeNull()
  })

  test('forgets the oldest hours when more is written than it may keep', async () => {
    const hour = monday + 90 * day
    const of = (from: number, to: number) =>
      cubeQuestion(
        { show: 'crossings', from: new Date(from).toISOString(), to: new Date(to).toISOString() },
        zone,
      )
    const ask = (small: Cube, from: number, to: number) =>
      cubeBoards(small, of(from, to), { dimensions: ['site'], top: 5, skip: [] })
    const small = new Cube({ mostRows: 5, freshMs: 0 }, { reader, log: silentLog })
    await small.fill()
    const before = monday + 80 * day
    expect((await ask(small, before, before + hourMs))?.total.now).toBe(200_000)
    await store.command(`
      INSERT INTO cube_hours (feed, hour, site, source, count, people, version)
      SELECT 'crossings', toDateTime(${hour / 1000}, 'UTC'), concat('S', toString(number)), 'source-0', 1, 1, ${Date.now() + 120_000}
      FROM numbers(9)`)
    expect((await ask(small, hour, hour + hourMs))?.total.now).toBe(9)
    expect(await ask(small, before, before + hourMs)).toBeNull()
  })
})
