import { setTimeout as sleep } from 'node:timers/promises'
import type { FeedName } from '../ingest/feeds/layout.ts'
import type { Log } from '../platform/log.ts'
import { untilStored } from './retry.ts'
import { insertSettings } from './statement.ts'
import type { Store } from './store.ts'

export interface RollupConfig {
  /** Least time between the starts of two recomputations, ms (default 1,500). */
  readonly everyMs?: number
  /** Greatest share of the time that it computes (default 0.25): with much to do it comes less often. */
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

/** How often the reference data is looked at for places that changed, ms. */
const placesEveryMs = 10_000

/**
 * Keeps `cube_hourly`, `volumes_hourly` and `travellers_daily` as the *_current views have it. What changed is read from the store (table `touched`), and so is
 * how far the rollup is: it may be killed at any point, and is then done again from there with the same result.
 */
export function createRollup(
  config: RollupConfig,
  deps: { store: Store; log: Log; archived: () => { readonly logId: number; readonly seq: number } },
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
    while (!signal.aborted) {
      const startedAt = performance.now()
      const archived = deps.archived()
      if (archived.logId !== 0 && archived.logId !== logId) {
        logId = archived.logId
        status.position = await rollupPosition(store, logId)
      }
      if (startedAt - placesAt > placesEveryMs) {
        await refreshPlaces(store)
        placesAt = startedAt
      }
      const to = Math.min(archived.seq, status.position + stepMessages)
      if (to > status.position) {
        await recompute(store, { logId, after: status.position, to }, timeZone)
        status.position = to
        status.ms = Math.round(performance.now() - startedAt)
      }
      const spentMs = performance.now() - startedAt
      const restMs = spentMs / dutyCycle - spentMs
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

/** Last log sequence whose buckets are recomputed; 0 for a log that the rollup does not know. */
export async function rollupPosition(store: Store, logId: number): Promise<number> {
  const [row] = await store.query<{ seq: number }>(
    `SELECT log_seq AS seq FROM rollup_positions FINAL WHERE rollup = 'volumes_hourly' AND log_id = ${logId}`,
  )
  return row?.seq ?? 0
}

/** Recomputes every bucket that the batches of the log in (after, to] touched, then notes `to` as the position. */
export async function recompute(store: Store, span: Span, timeZone = 'Asia/Bangkok'): Promise<void> {
  if (![span.logId, span.after, span.to].every(Number.isSafeInteger))
    throw new RangeError('A span is made of integers.')
  const touched = await store.query<{ feed: FeedName }>(
    `SELECT DISTINCT feed FROM touched WHERE batch IN (${batchesOf(span)})`,
  )
  const [last] = await store.query<{ version: number }>(
    `SELECT toUInt64(greatest(
      (SELECT max(version) FROM volumes_hourly WHERE origin = 'recomputed'),
      (SELECT max(version) FROM cube_hourly)
    )) AS version`,
  )
  // Above what is there even if the clock was set back: the newest recomputation is the one that holds.
  const version = Math.max(Date.now(), (last?.version ?? 0) + 1)
  for (const { feed } of touched) {
    await store.command(recomputeCube(feed, span, version))
    await store.command(recomputeVolumes(feed, span, version))
    if (feed === 'crossings') await store.command(recomputeDays(span, version, timeZone))
  }
  await store.insertRows(
    'rollup_positions',
    [{ rollup: 'volumes_hourly', log_id: span.logId, log_seq: span.to, computed_at: new Date(version) }],
    `rollup:${span.logId}:${span.to}:${version}`,
  )
}

/** Brings `places` up to date with the reference data that holds now. */
export async function refreshPlaces(store: Store): Promise<void> {
  const version = Date.now()
  await store.command(`
    INSERT INTO places (site, province, zone, version)
    ${insertSettings(`places:${version}`)}
    SELECT id, province, zone, ${version}
    FROM (SELECT id, province, zone FROM premises UNION ALL SELECT id, province, zone FROM sites)
    WHERE (id, province, zone) NOT IN (SELECT site, province, zone FROM places FINAL)`)
}

interface Span {
  readonly logId: number
  /** Exclusive and inclusive log sequences. */
  readonly after: number
  readonly to: number
}

/** Whole numbers stand in the text here: chdb runs statements with bound values one at a time, behind every chart's. */
function batchesOf({ logId, after, to }: Span): string {
  return `
    SELECT batch FROM batches
    WHERE log_id = ${logId} AND log_seq > ${after} AND log_seq <= ${to} AND batch != 0`
}

/** How the columns of a feed become those of `cube_hourly` (0013 says what each means). */
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

/** The touched buckets of a feed: (site, hour). A corrected key touches every bucket that any of its rows lies in. */
function bucketsOf(feed: FeedName, span: Span): string {
  const batches = batchesOf(span)
  return `
    SELECT site, hour FROM touched WHERE feed = '${feed}' AND site != '' AND batch IN (${batches})
    UNION DISTINCT
    SELECT site, toStartOfHour(at) FROM ${feed}
    WHERE site != '' AND event_key IN (
      SELECT corrected_key FROM touched WHERE feed = '${feed}' AND corrected_key != 0 AND batch IN (${batches})
    )`
}

/** The rows of the touched buckets, and zeros for what a bucket held before and holds no more. */
function recomputeCube(feed: FeedName, span: Span, version: number): string {
  const buckets = bucketsOf(feed, span)
  const of = dimensions[feed]
  return `
    INSERT INTO cube_hourly
      (feed, hour, site, source, direction, document_type, vehicle_class, out_hour, count, people, refused, late, travellers, version)
    ${insertSettings(`cube:${feed}:${span.logId}:${span.after}-${span.to}:${version}`)}
    SELECT
      '${feed}', hour, site, source, direction, document_type, vehicle_class, out_hour,
      sum(events), sum(persons), sum(refusals), sum(lates), uniqCombinedMergeState(14)(seen), ${version}
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
      FROM cube_hourly
      WHERE feed = '${feed}' AND (site, hour) IN (${buckets})
      GROUP BY hour, site, source, direction, document_type, vehicle_class, out_hour
    )
    GROUP BY hour, site, source, direction, document_type, vehicle_class, out_hour`
}

/** The same buckets of `volumes_hourly`, of the cube's rows. */
function recomputeVolumes(feed: FeedName, span: Span, version: number): string {
  const buckets = bucketsOf(feed, span)
  return `
    INSERT INTO volumes_hourly
      (feed, hour, site, kind, origin, span_hours, count, people, computed_at, version)
    ${insertSettings(`rollup:${feed}:${span.logId}:${span.after}-${span.to}:${version}`)}
    SELECT
      '${feed}', hour, site, kind, 'recomputed', 1, sum(events), sum(persons),
      fromUnixTimestamp64Milli(${version}, 'UTC'), ${version}
    FROM (
      SELECT hour, site, ${feed === 'crossings' ? 'direction' : `''`} AS kind, count AS events, people AS persons
      FROM cube_hourly FINAL
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
  const zone = `'${timeZone.replaceAll("'", "''")}'`
  return `
    INSERT INTO travellers_daily (day, site, source, direction, document_type, travellers, version)
    ${insertSettings(`days:${span.logId}:${span.after}-${span.to}:${version}`)}
    WITH days AS (SELECT DISTINCT site, toDate(hour, ${zone}) AS day FROM (${bucketsOf('crossings', span)}))
    SELECT
      toDate(hour, ${zone}) AS local_day, site, source, direction, document_type, uniqCombinedMergeState(14)(travellers),
      ${version}
    FROM cube_hourly FINAL
    WHERE feed = 'crossings'
      AND hour >= (SELECT toDateTime(min(day), ${zone}) FROM days)
      AND hour < (SELECT toDateTime(max(day) + 1, ${zone}) FROM days)
      AND (site, toDate(hour, ${zone})) IN (SELECT site, day FROM days)
    GROUP BY local_day, site, source, direction, document_type`
}
