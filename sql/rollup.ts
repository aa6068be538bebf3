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

/**
 * Keeps `volumes_hourly` as the *_current views have it. What changed is read from the store (table `touched`), and so is
 * how far the rollup is: it may be killed at any point, and is then done again from there with the same result.
 */
export function createRollup(
  config: RollupConfig,
  deps: { store: Store; log: Log; archived: () => { readonly logId: number; readonly seq: number } },
): Rollup {
  const { store, log } = deps
  const everyMs = config.everyMs ?? 1_500
  const dutyCycle = config.dutyCycle ?? 0.25
  const abort = new AbortController()
  const { signal } = abort
  const status = { position: 0, ms: 0 }
  let running: Promise<void> | undefined

  const run = async (): Promise<void> => {
    let logId = 0
    while (!signal.aborted) {
      const startedAt = performance.now()
      const archived = deps.archived()
      if (archived.logId !== 0 && archived.logId !== logId) {
        logId = archived.logId
        status.position = await rollupPosition(store, logId)
      }
      const to = Math.min(archived.seq, status.position + stepMessages)
      if (to > status.position) {
        await recompute(store, { logId, after: status.position, to })
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
export async function recompute(store: Store, span: Span): Promise<void> {
  if (![span.logId, span.after, span.to].every(Number.isSafeInteger))
    throw new RangeError('A span is made of integers.')
  const touched = await store.query<{ feed: FeedName }>(
    `SELECT DISTINCT feed FROM touched WHERE batch IN (${batchesOf(span)})`,
  )
  const [last] = await store.query<{ version: number }>(
    `SELECT toUInt64(max(version)) AS version FROM volumes_hourly WHERE origin = 'recomputed'`,
  )
  // Above what is there even if the clock was set back: the newest recomputation is the one that holds.
  const version = Math.max(Date.now(), (last?.version ?? 0) + 1)
  for (const { feed } of touched) await store.command(recomputeFeed(feed, span, version))
  await store.insertRows(
    'rollup_positions',
    [{ rollup: 'volumes_hourly', log_id: span.logId, log_seq: span.to, computed_at: new Date(version) }],
    `rollup:${span.logId}:${span.to}:${version}`,
  )
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

const kinds: Record<FeedName, string> = { crossings: 'direction', sightings: `''`, registrations: `''` }
const people: Record<FeedName, string> = { crossings: '1', sightings: '1', registrations: 'party_size' }

/** The counts of the touched buckets, and zeros for what a bucket held before and holds no more. */
function recomputeFeed(feed: FeedName, span: Span, version: number): string {
  const batches = batchesOf(span)
  const token = `rollup:${feed}:${span.logId}:${span.after}-${span.to}:${version}`
  // A corrected key touches every bucket that any of its rows lies in: the one it has left as well.
  const buckets = `
    SELECT site, hour FROM touched WHERE feed = '${feed}' AND site != '' AND batch IN (${batches})
    UNION DISTINCT
    SELECT site, toStartOfHour(at) FROM ${feed}
    WHERE site != '' AND event_key IN (
      SELECT corrected_key FROM touched WHERE feed = '${feed}' AND corrected_key != 0 AND batch IN (${batches})
    )`
  return `
    INSERT INTO volumes_hourly
      (feed, hour, site, kind, origin, span_hours, count, people, computed_at, version)
    ${insertSettings(token)}
    SELECT
      '${feed}', hour, site, kind, 'recomputed', 1, sum(events), sum(persons),
      fromUnixTimestamp64Milli(${version}, 'UTC'), ${version}
    FROM (
      SELECT toStartOfHour(at) AS hour, site, ${kinds[feed]} AS kind, count() AS events, sum(${people[feed]}) AS persons
      FROM ${feed}_current
      WHERE (site, toStartOfHour(at)) IN (${buckets})
      GROUP BY hour, site, kind
      UNION ALL
      SELECT hour, site, kind, 0, 0
      FROM volumes_hourly
      WHERE feed = '${feed}' AND origin = 'recomputed' AND (site, hour) IN (${buckets})
    )
    GROUP BY hour, site, kind`
}
