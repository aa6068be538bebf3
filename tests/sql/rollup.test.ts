import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { feedNames, type FeedName } from '../../ingest/feeds/layout.ts'
import type { Store } from '../../sql/store.ts'
import { recompute, rollupPosition } from '../../sql/rollup.ts'
import { embeddedStore } from './embedded.ts'
import { batchOf, hourMs, monday, type TestRecord } from './log-fixture.ts'
import { countedBuckets, storedBuckets } from './volumes-model.ts'

let store: Store
let close: () => Promise<void>
beforeAll(async () => {
  ;({ store, close } = await embeddedStore())
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterAll(async () => {
  vi.useRealTimers()
  await close()
})

/** Few ids, sites and hours, so that records meet: duplicates, corrections that move, cancellations, in any order. */
const record = fc.record(
  {
    id: fc.integer({ min: 0, max: 25 }).map((n) => `e${n}`),
    revision: fc.integer({ min: 0, max: 3 }),
    site: fc.constantFrom('S1', 'S2', 'S3'),
    hours: fc.integer({ min: 0, max: 5 }),
    direction: fc.constantFrom('entry', 'exit', 'check'),
    people: fc.integer({ min: 1, max: 9 }),
    cancelled: fc.boolean(),
  },
  { requiredKeys: ['id', 'revision', 'site', 'hours', 'direction', 'people'] },
)
const step = fc.record({
  feed: fc.constantFrom(...feedNames),
  records: fc.array(record, { minLength: 1, maxLength: 12 }),
  /** Months apart, so that the same record lies in several partitions. */
  month: fc.integer({ min: 0, max: 2 }),
  rollup: fc.constantFrom('no', 'yes', 'torn'),
  /** The clock when it recomputes: clocks are set back too. */
  clockHours: fc.integer({ min: -3, max: 3 }),
  /** The clock at a recomputation before, with nothing to do. */
  idleClockHours: fc.option(fc.integer({ min: -9, max: 9 })),
})

let logId = 0
const now = Date.now()

test(
  'after any duplicates, corrections, moves and cancellations, by any clock, the charts equal a recount',
  { timeout: 240_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        logId++
        const prefix = `run${logId}-`
        const published = new Map<FeedName, TestRecord[]>(feedNames.map((feed) => [feed, []]))
        const contents = new Map<string, TestRecord>()
        let seq = 0
        let position = 0
        for (const { feed, records, month, rollup, clockHours, idleClockHours } of steps) {
          if (idleClockHours !== null) {
            vi.setSystemTime(now + idleClockHours * hourMs)
            await recompute(store, { logId, after: position, to: position })
          }
          seq++
          const rows = records.map(({ hours, cancelled, revision, ...rest }) => {
            const whole = {
              ...rest,
              id: prefix + rest.id,
              site: prefix + rest.site,
              revision,
              at: monday + hours * hourMs,
            }
            const row: TestRecord =
              revision > 0 && cancelled === true ? { id: whole.id, revision, cancelled } : whole
            // Ingest refuses another content under the same id and revision.
            const known = contents.get(`${feed} ${row.id} ${revision}`) ?? row
            contents.set(`${feed} ${row.id} ${revision}`, known)
            return known
          })
          published.get(feed)?.push(...rows)
          const { bytes, batch } = batchOf(feed, rows, monday + month * 31 * 24 * hourMs)
          await store.insertRows(
            'batches',
            [
              {
                log_id: logId,
                log_seq: seq,
                batch,
                feed,
                rows: rows.length,
                logged_at: new Date(),
                insert_from: seq,
                insert_to: seq,
              },
            ],
            `batches:${logId}:${seq}`,
          )
          await store.insertArrow(feed, [bytes], `${feed}:${logId}:${seq}`)
          if (rollup === 'no') continue
          vi.setSystemTime(now + clockHours * hourMs)
          await recompute(store, { logId, after: position, to: seq })
          // Torn: killed before it knew that it was done, so it does it again with what came after.
          if (rollup === 'yes') position = seq
        }
        await recompute(store, { logId, after: position, to: seq })
        expect(await rollupPosition(store, logId)).toBe(seq)
        const stored = await store.query<{ key: string; count: number; people: number }>(
          `${storedBuckets} AND startsWith(site, '${prefix}')`,
        )
        expect(new Map(stored.map(({ key, count, people }) => [key, { count, people }]))).toEqual(
          countedBuckets(published),
        )
        expect(await differing()).toEqual([])
        expect(await store.query('SELECT run FROM rollup_buckets')).toEqual([])
      }),
      { numRuns: 15, verbose: 1 },
    )
  },
)

/** Days of a feed, and hours, that days and areas count otherwise than the hours of the cube do. */
function differing(): Promise<object[]> {
  return store.query(`
    SELECT feed, what, at, groupUniqArray(n) AS counts FROM (
      SELECT feed, 'day' AS what, toString(toDate(hour, 'Asia/Bangkok')) AS at, 'hours' AS of, sum(c.count) AS n
      FROM cube_hours AS c FINAL GROUP BY feed, at
      UNION ALL
      SELECT feed, 'day', toString(day) AS at, level, sum(c.count) FROM cube_days AS c FINAL GROUP BY feed, at, level
      UNION ALL
      SELECT feed, 'hour', toString(hour) AS at, 'hours', sum(c.count) FROM cube_hours AS c FINAL GROUP BY feed, at
      UNION ALL
      SELECT feed, 'hour', toString(hour) AS at, 'areas', sum(c.count) FROM area_hours AS c FINAL GROUP BY feed, at
    )
    GROUP BY feed, what, at
    HAVING length(counts) > 1 OR (what = 'day' AND count() < 3) OR (what = 'hour' AND count() < 2)`)
}
