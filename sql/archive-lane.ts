import { setTimeout as sleep } from 'node:timers/promises'
import type { JsMsg } from '@nats-io/jetstream'
import { hash64Of, hex64 } from '../platform/hash.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import { readLog, type LogReader } from './log-reader.ts'
import { untilStored } from './retry.ts'
import { StoreError } from './store-error.ts'
import type { Row, Store } from './store.ts'

/** One stream on its way into the store. */
export interface Lane {
  readonly stream: string
  /** Sequence from which to read, given the log's id, its last sequence and access to its messages. */
  readonly begin: (log: LogInfo) => Promise<number>
  /** Whether `next` may join what has been taken into one insert. */
  readonly fits: (taken: readonly JsMsg[], next: JsMsg) => boolean
  /** Puts messages into the store by `put` alone; false when it holds them back until more have come. */
  readonly store: (taken: readonly JsMsg[], put: Put) => Promise<boolean>
  /** Least time between two inserts, ms: the first goes at once, those that follow gather. */
  readonly lingerMs: number
  /**
   * Most of it (default: the same): between the two an insert is waited for {@link gathering} times as long as the one before took, so that under load
   * they are few and large. An insert costs a dozen parts, whatever it holds, and merging them costs more than writing.
   */
  readonly lingerMostMs?: number
}

const gathering = 5

/** A stream as it is at the start. `id`: when it was made, ms; positions of another id are another log's. */
export interface LogInfo {
  readonly id: number
  readonly lastSeq: number
  /** Message id that the log holds at a sequence; undefined when the message is gone. */
  messageId(seq: number): Promise<string | undefined>
}

/** Runs one insert until it is stored; false when its bytes cannot be read, which nothing will change. */
export type Put = (insert: () => Promise<unknown>) => Promise<boolean>

export interface LaneStatus {
  /** The position has been found and the store takes what comes. */
  ready: boolean
  /** Id of the log that is read, and last sequence whose content is stored. */
  logId: number
  position: number
  /** Messages of the log after `position`, as last heard. */
  lag: number
  /** Messages that were gone, by age or by hand, before they could be stored. */
  lost: number
}

/** Reads a lane from its beginning until `signal` aborts. `status` is kept up to date. */
export async function runLane(
  lane: Lane,
  deps: { nats: Nats; log: Log; signal: AbortSignal; status: LaneStatus },
): Promise<void> {
  const { nats, log, signal, status } = deps
  const { stream } = lane
  const onTrouble = (): void => void (status.ready = false)
  const begun = await logInfo(nats, { stream, log, signal })
  if (begun === undefined) return
  const { info, firstSeq } = begun
  let from = await begin(lane, info, { log, signal, onTrouble })
  if (from === undefined) return
  if (from < firstSeq) {
    status.lost += firstSeq - from
    log.error(
      { stream, fromSeq: from, toSeq: firstSeq - 1, count: firstSeq - from },
      'the log no longer holds messages that were not archived: they are missing in the store',
    )
    from = firstSeq
  }
  Object.assign(status, { ready: true, logId: info.id, position: from - 1, lag: info.lastSeq - from + 1 })
  log.info({ stream, fromSeq: from, lag: status.lag }, 'archiving')
  const reader = readLog(nats, { stream, from, log })
  signal.addEventListener('abort', () => void reader.stop(), { once: true })

  const put: Put = async (insert) => {
    try {
      await untilStored(insert, { log, signal, onTrouble })
      status.ready = true
      return true
    } catch (error) {
      if (error instanceof StoreError && error.code === 'STORE_DATA') return false
      throw error
    }
  }
  try {
    await pump(lane, { reader, put, signal, status, log })
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await reader.stop()
  }
}

/** NATS may go away between two questions as well as the store: both are asked again. */
async function begin(
  lane: Lane,
  info: LogInfo,
  deps: { log: Log; signal: AbortSignal; onTrouble: () => void },
): Promise<number | undefined> {
  while (!deps.signal.aborted)
    try {
      return await untilStored(() => lane.begin(info), deps)
    } catch (error) {
      if (deps.signal.aborted) return undefined
      if (error instanceof StoreError) throw error
      deps.log.warn({ stream: lane.stream, code: codeOf(error) }, 'cannot find the position yet')
      await sleep(500, undefined, { signal: deps.signal }).catch(() => {})
    }
  return undefined
}

async function pump(
  lane: Lane,
  deps: {
    reader: LogReader
    put: Put
    signal: AbortSignal
    status: LaneStatus
    log: Log
  },
): Promise<void> {
  const { reader, signal, status, log } = deps
  let readTo = status.position
  for (;;) {
    const taken = await reader.take(lane.fits)
    const last = taken.at(-1)
    if (last === undefined) return
    /** More is here than fits: a backlog. */
    const isFull = reader.waiting() > 0
    const startedAt = performance.now()
    const gone = last.seq - readTo - taken.length
    readTo = last.seq
    if (gone > 0) {
      status.lost += gone
      log.error(
        { stream: lane.stream, count: gone, toSeq: last.seq },
        'messages vanished from the log before they were archived',
      )
    }
    if (await lane.store(taken, deps.put)) status.position = last.seq
    status.lag = last.info.pending + reader.waiting()
    const tookMs = performance.now() - startedAt
    const lingerMs = Math.max(lane.lingerMs, Math.min(lane.lingerMostMs ?? 0, tookMs * gathering))
    if (!isFull) await gathered(reader, { mostMs: lingerMs - tookMs, quietMs: lane.lingerMs, signal })
    if (signal.aborted) return
  }
}

/** For `mostMs` at most, ends when messages are here and none came for `quietMs`: what a burst leaves behind need not wait for more. */
async function gathered(
  reader: LogReader,
  { mostMs, quietMs, signal }: { mostMs: number; quietMs: number; signal: AbortSignal },
): Promise<void> {
  const until = performance.now() + mostMs
  let before = 0
  for (let leftMs = mostMs; leftMs > 0 && !signal.aborted; leftMs = until - performance.now()) {
    const waiting = reader.waiting()
    if (waiting > 0 && waiting === before) return
    before = waiting
    await sleep(Math.min(leftMs, quietMs), undefined, { signal }).catch(() => {})
  }
}

async function logInfo(
  nats: Nats,
  { stream, log, signal }: { stream: string; log: Log; signal: AbortSignal },
): Promise<{ info: LogInfo; firstSeq: number } | undefined> {
  for (let attempt = 1; !signal.aborted; attempt++)
    try {
      const { created, state } = await nats.jsm.streams.info(stream)
      const messageId = async (seq: number): Promise<string | undefined> =>
        (await nats.jsm.streams.getMessage(stream, { seq }))?.header.get('Nats-Msg-Id')
      return {
        info: { id: Date.parse(created), lastSeq: state.last_seq, messageId },
        firstSeq: state.first_seq,
      }
    } catch (error) {
      if (attempt % 40 === 1) log.warn({ stream, attempt, code: codeOf(error) }, 'waiting for the stream')
      await sleep(250, undefined, { signal }).catch(() => {})
    }
  return undefined
}

function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

/**
 * Token of an insert: the log positions that it holds and a hash of when each was logged, so that positions used twice (a
 * log shortened by a power cut) are still different inserts.
 */
export function cutToken(table: string, messages: readonly JsMsg[]): string {
  const hash = hash64Of(messages.map((message) => `${message.seq}:${message.timestampNanos}`).join())
  return `${table}:${messages[0]?.seq}-${messages.at(-1)?.seq}:${hex64(hash)}`
}

/**
 * A lane whose messages become rows of one table. Its position is the greatest `positionColumn` of the log there and in the
 * table `filled` by the same insert, whichever is less: a kill can come between the two.
 */
export function rowsLane(
  options: {
    stream: string
    table: string
    filled?: string
    positionColumn: string
    lingerMs: number
    rows: (message: JsMsg, logId: number) => Row[]
    onRows: (count: number) => void
    onSkipped: (message: JsMsg, put: Put) => Promise<void>
  },
  store: Store,
): Lane {
  const { stream, table, positionColumn, lingerMs } = options
  let logId = 0
  return {
    stream,
    lingerMs,
    begin: async (info) => {
      logId = info.id
      const positions = [table, ...(options.filled === undefined ? [] : [options.filled])].map(
        async (from) => {
          const [stored] = await store.query<{ position: number }>(
            `SELECT toUInt64(max(${positionColumn})) AS position FROM ${from} WHERE log_id = {logId: UInt64}`,
            { logId },
          )
          return stored?.position ?? 0
        },
      )
      const position = Math.min(...(await Promise.all(positions)))
      // A log that is shorter than what is stored lost its end in a power cut: rows replace themselves, so read it all again.
      return position > info.lastSeq ? 1 : position + 1
    },
    fits: (taken) => taken.length < 2_000,
    store: async (taken, put) => {
      const rows: Row[] = []
      for (const message of taken)
        try {
          rows.push(...options.rows(message, logId))
        } catch {
          await options.onSkipped(message, put)
        }
      if (rows.length === 0) return true
      if (!(await put(() => store.insertRows(table, rows, cutToken(table, taken)))))
        for (const message of taken) await options.onSkipped(message, put)
      options.onRows(rows.length)
      return true
    },
  }
}
