import { setTimeout as sleep } from 'node:timers/promises'
import type { FeedName } from '../ingest/feeds/layout.ts'
import type { Archived } from './archive.ts'
import type { Log } from '../platform/log.ts'
import { untilStored } from './retry.ts'
import { nextVersion, notePosition, positionOf, recomputeDaily, refreshPlaces } from './rollup-days.ts'
import { insertSettings } from './statement.ts'
import type { Store } from './store.ts'
import {
  batchesOf,
  checkSpan,
  forgetBuckets,
  noteBuckets,
  notedBuckets,
  zoneText,
  type Span,
} from './touched.ts'

export interface RollupConfig {
  /** Least time between the starts of two recomputations, ms (default 1,500). */
  readonly everyMs?: number
  /**
   * Share of the time that it computes (default 0.25; 0.05 while the archive takes more than 10,000 rows a second): with much to do it comes less
   * often, but rests ten seconds at most, under load twenty.
   */
  readonly dutyCycle?: number
  /** Of the days in which travellers are counted (default Asia/Bangkok). Change it, and `travellers_daily` must be emptied. */
  readonly timeZone?: string
}

export interface Rollup {
  start(): void
  /** Ends after the statement that is under way. */
  stop(): Promise<void>
  /** Last log sequence that the charts include, and how long the last recomputation took, ms. */
  status(): { readonly position: number; readonly ms: number }
}

/** Messages of the log whose buckets one recomputation takes at most, so that a backlog is eaten in bites. */
const stepMessages = 5_000

/** Longest rest, ms: after the long recomputation of a backlog the charts would stand still for minutes. */
const restAtMostMs = 10_000

/** Least time between two recomputations of whole days, ms: they cost more, and charts by the day are looked at for longer. */
const daysEveryMs = 5_000

/** Rows a second above which the archive is under load, and the share of the time that is left for the charts then: what comes in goes first. */
const loadRowsPerSecond = 10_000
const dutyUnderLoad = 0.05
const restAtMostUnderLoadMs = 20_000

/** How often the reference data is looked at for places that changed, ms. */
const placesEveryMs = 10_000

/**
 * Keeps `cube_hours`, `volumes_hourly`, `travellers_daily`, `cube_days` and `area_hours` as the *_current views have it. What changed is read from the store (table `touched`), and so is
 * how far the rollup is: it may be killed at any point, and is then done again from there with the same result.
 */
export function createRollup(
  config: RollupConfig,
  deps: { store: Store; log: Log; archived: () => Archived },
): Rollup {
  const { store, log } = deps
  const everyMs = config.everyMs ?? 1_500
  const dutyCycle = config.dutyCycle ?? 0.25
  const timeZone = config.timeZone ?? 'Asia/Bangkok'
  const abort = new AbortController()
  const { signal } = abort
  const status = { position: 0, ms: 0 }
  let running: Promise<void> | undefined

  const run = async (): Promise<void> => {
    let logId = 0
    let placesAt = -Infinity
    let daysAt = -Infinity
    let days = 0
    const load = loadMeter()
    while (!signal.aborted) {
      const startedAt = performance.now()
      const archived = deps.archived()
      if (archived.logId !== 0 && archived.logId !== logId) {
        logId = archived.logId
        status.position = await rollupPosition(store, logId)
        days = await positionOf(store, 'cube_days', logId)
      }
      if (startedAt - placesAt > placesEveryMs) {
        await refreshPlaces(store, timeZone)
        placesAt = startedAt
      }
      const to = Math.min(archived.seq, status.position + stepMessages)
      if (to > status.position) {
        await recomputeBuckets(store, { logId, after: status.position, to }, timeZone)
        status.position = to
        status.ms = Math.round(performance.now() - startedAt)
      }
      if (status.position > days && startedAt - daysAt > daysEveryMs) {
        await recomputeDaily(store, logId, status.position, timeZone)
        days = status.position
        daysAt = startedAt
      }
      const spentMs = performance.now() - startedAt
      const isLoaded = load(deps.archived().rows) > loadRowsPerSecond
      const share = isLoaded ? Math.min(dutyUnderLoad, dutyCycle) : dutyCycle
      const restMs = Math.min(spentMs / share - spentMs, isLoaded ? restAtMostUnderLoadMs : restAtMostMs)
      const more = archived.seq > to
      await sleep(more ? restMs : Math.max(restMs, everyMs - spentMs), undefined, { signal }).catch(() => {})
    }
  }

  return {
    start() {
      running ??= (async () => {
        while (!signal.aborted) await untilStored(run, { log, signal })
      })().catch((error: unknown) => {
        if (!signal.aborted) log.error({}, 'the rollup ended with an error', error)
      })
    },
    async stop() {
      abort.abort()
      await running
    },
    status: () => ({ ...status }),
  }
}

/** Rows a second since the time before, of a count of rows. */
function loadMeter(): (rows: number) => number {
  let [rowsBefore, before] = [0, performance.now()]
  return (rows) => {
    const now = performance.now()
    const rate = ((rows - rowsBefore) / Math.max(1, now - before)) * 1000
    ;[rowsBefore, before] = [rows, now]
    return rate
  }
}

/** Last log sequence whose buckets are recomputed; 0 for a log that the rollup does not know. */
export function rollupPosition(store: Store, logId: number): Promise<number> {
  return positionOf(store, 'volumes_hourly', logId)
}

/** Recomputes everything that the batches of the log in (after, to] touched: buckets, then days. */
export async function recompute(store: Store, span: Span, timeZone = 'Asia/Bangkok'): Promise<void> {
  await recomputeBuckets(store, span, timeZone)
  await recomputeDaily(store, span.logId, span.to, timeZone)
}

/** Recomputes every bucket that the batches of the log in (after, to] touched, then notes `to` as the position. */
async function recomputeBuckets(store: Store, span: Span, timeZone: string): Promise<void> {
  checkSpan(span)
  const touched = await store.query<{ feed: FeedName }>(
    `SELECT DISTINCT feed FROM touched WHERE batch IN (${batchesOf(span)})`,
  )
  const version = await nextVersion(store)
  for (const { feed } of touched) {
    await noteBuckets(store, feed, span, version)
    await store.command(recomputeCube(feed, span, version))
    await store.command(recomputeVolumes(feed, span, version))
    if (feed === 'crossings') await store.command(recomputeDays(span, version, timeZone))
  }
  await forgetBuckets(store, version)
  await notePosition(store, 'volumes_hourly', span.logId, span.to, version)
}

/** How the columns of a feed become those of `cube_hours` (0013 says what each means). */
const dimensions: Record<FeedName, Record<string, string>> = {
  crossings: {
    direction: 'direction',
    documentType: 'document_type',
    vehicleClass: `''`,
    outHour: `toDateTime(0, 'UTC')`,
    people: 'count()',
    refused: `countIf(outcome = 'refused')`,
    late: 'countIf(ingested_at > at + INTERVAL 1 HOUR)',
    travellers: 'uniqCombinedStateIf(14)(traveller, traveller != 0)',
  },
  sightings: {
    direction: 'heading',
    documentType: `''`,
    vehicleClass: 'vehicle_class',
    outHour: `toDateTime(0, 'UTC')`,
    people: 'count()',
    refused: '0',
    late: 'countIf(ingested_at > at + INTERVAL 1 HOUR)',
    travellers: nobody(),
  },
  registrations: {
    direction: `''`,
    documentType: 'document_type',
    vehicleClass: `''`,
    outHour: 'toStartOfHour(ifNull(check_out_at, at + INTERVAL 1 DAY))',
    people: 'sum(party_size)',
    refused: '0',
    late: 'countIf(ingested_at > at + INTERVAL 24 HOUR)',
    travellers: nobody(),
  },
}

/** The state of a count of travellers that has seen none. */
function nobody(): string {
  return 'uniqCombinedStateIf(14)(toUInt64(0), toUInt8(0))'
}

/** The rows of the touched buckets, and zeros for what a bucket held before and holds no more. */
function recomputeCube(feed: FeedName, span: Span, version: number): string {
  const buckets = notedBuckets(feed, version)
  const of = dimensions[feed]
  return `
    INSERT INTO cube_hours
      (feed, hour, site, source, direction, document_type, vehicle_class, out_hour, province, zone, count, people, refused, late, travellers, version)
    ${insertSettings(`cube:${feed}:${span.logId}:${span.after}-${span.to}:${version}`)}, max_partitions_per_insert_block=0
    SELECT
      '${feed}', hour, c.site, source, direction, document_type, vehicle_class, out_hour, p.province, p.zone,
      events, persons, refusals, lates, seen, ${version}
    FROM (
      SELECT
        hour, site, source, direction, document_type, vehicle_class, out_hour,
        sum(events) AS events, sum(persons) AS persons, sum(refusals) AS refusals, sum(lates) AS lates, uniqCombinedMergeState(14)(seen) AS seen
      FROM (
      SELECT
        toStartOfHour(at) AS hour, site, source, ${of['direction']} AS direction, ${of['documentType']} AS document_type,
        ${of['vehicleClass']} AS vehicle_class, ${of['outHour']} AS out_hour,
        count() AS events, ${of['people']} AS persons, ${of['refused']} AS refusals, ${of['late']} AS lates,
        ${of['travellers']} AS seen
      FROM ${feed}_current
      WHERE (site, toStartOfHour(at)) IN (${buckets})
      GROUP BY hour, site, source, direction, document_type, vehicle_class, out_hour
      UNION ALL
      SELECT hour, site, source, direction, document_type, vehicle_class, out_hour, 0, 0, 0, 0, ${nobody()}
      FROM cube_hours
      WHERE feed = '${feed}' AND (site, hour) IN (${buckets})
      GROUP BY hour, site, source, direction, document_type, vehicle_class, out_hour
      )
      GROUP BY hour, site, source, direction, document_type, vehicle_class, out_hour
    ) AS c
    LEFT ANY JOIN (SELECT site, province, zone FROM places FINAL) AS p ON p.site = c.site`
}

/** The same buckets of `volumes_hourly`, of the cube's rows. */
function recomputeVolumes(feed: FeedName, span: Span, version: number): string {
  const buckets = notedBuckets(feed, version)
  return `
    INSERT INTO volumes_hourly
      (feed, hour, site, kind, origin, span_hours, count, people, computed_at, version)
    ${insertSettings(`rollup:${feed}:${span.logId}:${span.after}-${span.to}:${version}`)}
    SELECT
      '${feed}', hour, site, kind, 'recomputed', 1, sum(events), sum(persons),
      fromUnixTimestamp64Milli(${version}, 'UTC'), ${version}
    FROM (
      SELECT hour, site, ${feed === 'crossings' ? 'direction' : `''`} AS kind, count AS events, people AS persons
      FROM cube_hours FINAL
      WHERE feed = '${feed}' AND (site, hour) IN (${buckets})
      UNION ALL
      SELECT hour, site, kind, 0, 0
      FROM volumes_hourly
      WHERE feed = '${feed}' AND origin = 'recomputed' AND (site, hour) IN (${buckets})
    )
    GROUP BY hour, site, kind`
}

/** The local days of the touched buckets of crossings, whole. */
function recomputeDays(span: Span, version: number, timeZone: string): string {
  const zone = zoneText(timeZone)
  return `
    INSERT INTO travellers_daily (day, site, source, direction, document_type, travellers, version)
    ${insertSettings(`days:${span.logId}:${span.after}-${span.to}:${version}`)}
    WITH days AS (SELECT DISTINCT site, toDate(hour, ${zone}) AS day FROM (${notedBuckets('crossings', version)}))
    SELECT
      toDate(hour, ${zone}) AS local_day, site, source, direction, document_type, uniqCombinedMergeState(14)(travellers),
      ${version}
    FROM cube_hours FINAL
    WHERE feed = 'crossings'
      AND hour >= (SELECT toDateTime(min(day), ${zone}) FROM days)
      AND hour < (SELECT toDateTime(max(day) + 1, ${zone}) FROM days)
      AND (site, toDate(hour, ${zone})) IN (SELECT site, day FROM days)
    GROUP BY local_day, site, source, direction, document_type`
}
