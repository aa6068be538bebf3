import type { JsMsg } from '@nats-io/jetstream'
import { feedNames, type FeedName } from '../ingest/feeds/layout.ts'
import { cutToken, type Lane, type LogInfo, type Put } from './archive-lane.ts'
import { readEventsMessage, type EventsMessage } from './archive-rows.ts'
import { schemaKey } from './arrow-splice.ts'
import type { Row, Store } from './store.ts'

export interface EventsLaneOptions {
  readonly stream: string
  /** Rows and bytes that one insert takes at most, unless one message alone has more. */
  readonly batchRows: number
  readonly batchBytes: number
  readonly lingerMs: number
  readonly lingerMostMs: number
  readonly onRows: (feed: FeedName, rows: number) => void
  readonly onSkipped: (message: JsMsg, reason: string, put: Put) => Promise<void>
  /** The log ends before what was archived from it: it is read again from its start. */
  readonly onShortened: () => void
}

/**
 * EVENTS into the feeds' tables, the Arrow bytes as they are. The cut of an insert is journalled in `batches` before its rows:
 * a start does the last one again, from and to the same positions, and so with the tokens that the store knows.
 */
export function eventsLane(options: EventsLaneOptions, store: Store): Lane {
  let logId = 0
  let redoTo = 0
  const seen = new WeakMap<JsMsg, EventsMessage>()
  const read = (message: JsMsg): EventsMessage => {
    const known = seen.get(message) ?? readEventsMessage(message)
    seen.set(message, known)
    return known
  }
  let begun: readonly JsMsg[] = []
  let sum = { rows: 0, bytes: 0 }
  const insertOne = async (feed: FeedName, messages: readonly JsMsg[], put: Put): Promise<void> => {
    const insert = (some: readonly JsMsg[]): Promise<boolean> =>
      put(() =>
        store.insertArrow(
          feed,
          some.map(({ data }) => data),
          cutToken(feed, some),
        ),
      )
    // One schema an insert: it is then taken or refused as a whole.
    for (const group of Map.groupBy(messages, ({ data }) => schemaKey(data)).values()) {
      if (await insert(group)) continue
      // One of them cannot be read: the others go in one by one, it is set aside.
      for (const message of group)
        if (!(await insert([message]))) await options.onSkipped(message, 'refused', put)
    }
  }

  const storeCut = async (taken: readonly JsMsg[], put: Put): Promise<void> => {
    const journalled = taken.filter((message) => read(message).kind !== 'tick')
    if (journalled.length === 0) return
    const journal = journalRows(journalled, read, logId)
    await put(() => store.insertRows('batches', journal, cutToken('batches', journalled)))
    for (const feed of feedNames) {
      const messages = journalled.filter((message) => isFeed(read(message), feed))
      await insertOne(feed, messages, put)
      options.onRows(
        feed,
        messages.reduce((sum, message) => sum + sizeOf(read(message)), 0),
      )
    }
    for (const [kind, table] of [
      ['reference', 'reference'],
      ['volumes', 'volumes_hourly'],
    ] as const) {
      const rows = journalled.flatMap((message) => rowsOfKind(read(message), kind))
      if (!(await put(() => store.insertRows(table, rows, cutToken(table, journalled)))))
        for (const message of journalled)
          if (read(message).kind === kind) await options.onSkipped(message, 'refused', put)
    }
    for (const message of journalled) {
      const content = read(message)
      if (content.kind === 'skip') await options.onSkipped(message, content.reason, put)
    }
  }

  return {
    stream: options.stream,
    lingerMs: options.lingerMs,
    lingerMostMs: options.lingerMostMs,
    begin: async (log) => {
      logId = log.id
      const last = await lastCut(store, log)
      if (last === undefined) return 1
      if (last.shortened) {
        options.onShortened()
        await store.command('DELETE FROM batches WHERE log_id = {logId: UInt64}', { logId })
        await store.command('DELETE FROM rollup_positions WHERE log_id = {logId: UInt64}', { logId })
        return 1
      }
      redoTo = last.to
      return last.from
    },
    fits: (taken, next) => {
      const first = taken[0] as JsMsg
      if (first.seq <= redoTo) return next.seq <= redoTo
      if (taken.length === 1) sum = { rows: sizeOf(read(first)), bytes: first.data.length }
      sum.rows += sizeOf(read(next))
      sum.bytes += next.data.length
      return taken.length < 2_000 && sum.rows <= options.batchRows && sum.bytes <= options.batchBytes
    },
    store: async (taken, put) => {
      // What is done again is gathered whole first: it may come in pieces, and a piece would be another cut.
      const all = [...begun, ...taken]
      if ((all[0] as JsMsg).seq <= redoTo && (all.at(-1) as JsMsg).seq < redoTo) {
        begun = all
        return false
      }
      begun = []
      await storeCut(all, put)
      return true
    },
  }
}

/** The last cut that was journalled for this log, and whether the log still holds what was archived from it. */
async function lastCut(
  store: Store,
  log: LogInfo,
): Promise<{ from: number; to: number; shortened: boolean } | undefined> {
  const [last] = await store.query<{ seq: number; id: string; from: number; to: number }>(
    `SELECT log_seq AS seq, concat('b:', leftPad(lower(hex(batch)), 16, '0')) AS id, insert_from AS from, insert_to AS to
     FROM batches FINAL WHERE log_id = {logId: UInt64} ORDER BY log_seq DESC LIMIT 1`,
    { logId: log.id },
  )
  if (last === undefined) return undefined
  const held = last.seq > log.lastSeq ? '' : await log.messageId(last.seq)
  const isBatch = last.id !== 'b:0000000000000000'
  return {
    from: last.from,
    to: last.to,
    shortened: held === '' || (isBatch && held !== undefined && held !== last.id),
  }
}

function journalRows(
  messages: readonly JsMsg[],
  read: (message: JsMsg) => EventsMessage,
  logId: number,
): Row[] {
  const from = messages[0]?.seq ?? 0
  const to = messages.at(-1)?.seq ?? 0
  return messages.map((message) => {
    const content = read(message)
    return {
      log_id: logId,
      log_seq: message.seq,
      batch: content.kind === 'feed' ? content.batch : 0n,
      feed: content.kind === 'feed' ? content.feed : content.kind,
      rows: sizeOf(content),
      logged_at: message.time,
      insert_from: from,
      insert_to: to,
    }
  })
}

function sizeOf(content: EventsMessage): number {
  if (content.kind === 'feed') return content.rows
  return content.kind === 'reference' || content.kind === 'volumes' ? content.rows.length : 0
}

function isFeed(content: EventsMessage, feed: FeedName): boolean {
  return content.kind === 'feed' && content.feed === feed
}

function rowsOfKind(content: EventsMessage, kind: 'reference' | 'volumes'): readonly Row[] {
  return content.kind === kind ? content.rows : []
}
