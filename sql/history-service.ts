import { headers, type Msg } from '@nats-io/transport-node'
import { feedNames, layouts, type FeedName } from '../ingest/feeds/layout.ts'
import {
  historyErrorHeader,
  historySubjects,
  type CountedVolume,
  type HistoryCounted,
  type HistoryPart,
  type HistoryPlan,
  type HistoryReference,
  type HistoryWanted,
  type TableName,
} from '../ingest/feeds/log-subjects.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import { StoreError } from './store-error.ts'
import type { Store } from './store.ts'

/**
 * Answers processors that must build their histories anew and find the log cut: what the store holds, in parts that fit a
 * message. Rows go out as they came in, all versions and repeats; the reader keeps the newest, so that a part may be asked
 * for twice and rows that arrive meanwhile do no harm.
 */
export function serveHistory(deps: {
  nats: Nats
  store: Store
  log: Log
  /** The log whose rows are stored, and up to where: read before the rows. */
  archived: () => { readonly logId: number; readonly seq: number }
}): { stop(): void } {
  const { nats, store, log } = deps
  const payload = nats.connection.info?.max_payload ?? 1 << 20
  const partRows = Math.max(500, Math.floor(payload / 400))

  const answer = (
    subject: string,
    reply: (request: unknown) => Promise<string | Uint8Array>,
  ): { unsubscribe(): void } =>
    nats.connection.subscribe(subject, {
      queue: 'archive',
      callback: (error, message) => {
        if (error === null) void respond(message, reply)
      },
    })
  async function respond(
    message: Msg,
    reply: (request: unknown) => Promise<string | Uint8Array>,
  ): Promise<void> {
    try {
      message.respond(await reply(message.json()))
    } catch (error) {
      log.error({ subject: message.subject }, 'history not given', error)
      const code = error instanceof StoreError ? error.code : 'HISTORY'
      const failed = headers()
      failed.set(historyErrorHeader, code)
      message.respond(new Uint8Array(), { headers: failed })
    }
  }
  const subscriptions = [
    answer(historySubjects.plan, async (request) =>
      JSON.stringify(await plan(store, deps.archived(), request as HistoryWanted, partRows)),
    ),
    answer(historySubjects.part, (request) => rowsOf(store, request as HistoryPart)),
    answer(historySubjects.reference, async (request) =>
      JSON.stringify(await referenceRows(store, (request as { offset: number }).offset)),
    ),
    answer(historySubjects.counted, async (request) =>
      JSON.stringify(await countedRows(store, (request as { offset: number }).offset)),
    ),
  ]
  return { stop: () => subscriptions.forEach((one) => one.unsubscribe()) }
}

/** Ranges of sites, in the order of the tables' keys, of about `partRows` rows each; a larger site is split by event. */
async function plan(
  store: Store,
  { logId, seq }: { logId: number; seq: number },
  wanted: HistoryWanted,
  partRows: number,
): Promise<HistoryPlan> {
  const parts: HistoryPart[] = []
  for (const feed of feedNames) {
    const from = wanted.from[feed]
    if (from === undefined) continue
    const sites = await store.query<{ site: string; rows: number }>(
      `SELECT site, toUInt32(count()) AS rows FROM ${feed} WHERE ${reaches(feed)} GROUP BY site ORDER BY site`,
      { from },
    )
    let rowsOpen = 0
    for (const { site, rows } of sites) {
      const last = parts.at(-1)
      if (last?.feed === feed && last.of === 1 && rowsOpen + rows <= partRows) {
        parts[parts.length - 1] = { ...last, toSite: site }
        rowsOpen += rows
        continue
      }
      const of = Math.ceil(rows / partRows)
      for (let part = 0; part < of; part++) parts.push({ feed, from, fromSite: site, toSite: site, part, of })
      rowsOpen = rows
    }
  }
  return { logId, seq, parts }
}

function rowsOf(store: Store, { feed, from, fromSite, toSite, part, of }: HistoryPart): Promise<Uint8Array> {
  const columns = layouts[feed].map(([name]) => name).join(', ')
  return store.queryArrow(
    `SELECT ${columns} FROM ${feed}
     WHERE site >= {fromSite: String} AND site <= {toSite: String} AND ${reaches(feed)}
       AND event_key % {of: UInt32} = {part: UInt32}`,
    { fromSite, toSite, from, of, part },
  )
}

const referencePage = 500

async function referenceRows(store: Store, offset: number): Promise<HistoryReference> {
  const rows = await store.query<{ table: TableName; row: string }>(
    `SELECT table_name AS table, row FROM reference FINAL ORDER BY table_name, id, valid_from, entry
     LIMIT {limit: UInt32} OFFSET {offset: UInt32}`,
    { limit: referencePage, offset },
  )
  return { rows, next: rows.length < referencePage ? null : offset + referencePage }
}

const countedPage = 5_000

async function countedRows(store: Store, offset: number): Promise<HistoryCounted> {
  const rows = await store.query<CountedVolume>(
    `SELECT feed, site, kind, toUnixTimestamp(hour) * 1000 AS at, span_hours * 3600000 AS spanMs, count
     FROM volumes_hourly FINAL WHERE origin = 'counted' ORDER BY feed, hour, site, kind, span_hours
     LIMIT {limit: UInt32} OFFSET {offset: UInt32}`,
    { limit: countedPage, offset },
  )
  return { rows, next: rows.length < countedPage ? null : offset + countedPage }
}

/** What is over at `from` or later, and every cancellation: it may have come without a time. */
function reaches(feed: FeedName): string {
  return `(${endOf(feed)} >= fromUnixTimestamp64Milli({from: Int64}, 'UTC') OR cancelled = 1)`
}

/** When an event is over. */
function endOf(feed: FeedName): string {
  return feed === 'registrations' ? 'greatest(at, ifNull(check_out_at, at))' : 'at'
}
