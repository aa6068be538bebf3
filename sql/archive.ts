import type { JsMsg } from '@nats-io/jetstream'
import type { FeedName } from '../ingest/feeds/layout.ts'
import { streams } from '../ingest/feeds/log-subjects.ts'
import { auditStream, triageStream } from '../ingest/streams.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import { rowsLane, runLane, type LaneStatus, type Put } from './archive-lane.ts'
import { alertRows, auditRows, rejectedRows, triageRows } from './archive-rows.ts'
import { eventsLane } from './events-lane.ts'
import { StoreError } from './store-error.ts'
import type { Store } from './store.ts'

export interface ArchiveConfig {
  /** Rows that one insert takes at most (default 200,000), and its bytes (default 64 MB). */
  readonly batchRows?: number
  readonly batchBytes?: number
  /** Least time between two inserts of events, ms (default 200), under load up to sixteen times as long; alerts and rejected records have half of it. */
  readonly lingerMs?: number
}

/** What the archive says of itself, for heartbeats and the status page. */
export interface ArchiveStatus {
  /** Every stream is being read and the store takes what comes. */
  readonly ready: boolean
  /** Last EVENTS sequence that is stored, and messages of the streams that are not. */
  readonly position: number
  readonly lag: number
  /** Since the start: rows of the feeds, alert revisions, rejected records, triage actions, audit entries. */
  readonly rows: number
  readonly alerts: number
  readonly rejected: number
  readonly triage: number
  readonly audit: number
  /** Messages that could not be taken (table `skipped`), and that were gone before they could be. */
  readonly skipped: number
  readonly lost: number
}

/** How far the archive is. */
export interface Archived {
  readonly logId: number
  /** Last EVENTS sequence that is stored. */
  readonly seq: number
  /** Rows of the feeds since the start. */
  readonly rows: number
}

export interface Archive {
  /** Begins; the streams may come later. */
  start(): void
  /** Ends after the insert that is under way; what was not stored is read again at the next start. */
  stop(): Promise<void>
  status(): ArchiveStatus
  /** The log whose rows are stored, up to where, and how many since the start. */
  archived(): Archived
  /** Settles when the archive has ended: with an error when it met a bug. */
  readonly ended: Promise<void>
}

/**
 * Puts EVENTS, ALERTS, REJECTED, TRIAGE and AUDIT into the store, each in order from the position that is kept in the store itself. At least
 * once in transport; exact in the tables, by the same cuts with the same tokens after a crash and rows that replace themselves.
 */
export function createArchive(config: ArchiveConfig, deps: { nats: Nats; store: Store; log: Log }): Archive {
  const { nats, store, log } = deps
  const lingerMs = config.lingerMs ?? 200
  const abort = new AbortController()
  const counts = { rows: 0, alerts: 0, rejected: 0, triage: 0, audit: 0, skipped: 0 }
  const ended = Promise.withResolvers<void>()
  ended.promise.catch(() => {})
  let running: Promise<unknown> | undefined

  const onSkipped = async (stream: string, message: JsMsg, reason: string, put: Put): Promise<void> => {
    counts.skipped++
    log.error({ stream, subject: message.subject, logSeq: message.seq, reason }, 'message skipped')
    const row = { stream, seq: message.seq, subject: message.subject, reason, skipped_at: new Date() }
    await put(() => store.insertRows('skipped', [row], `skipped:${stream}:${message.seq}`))
  }
  const lanes = [
    eventsLane(
      {
        stream: streams.events,
        batchRows: config.batchRows ?? 200_000,
        batchBytes: config.batchBytes ?? 64e6,
        lingerMs,
        lingerMostMs: lingerMs * 16,
        onRows: (_feed: FeedName, rows) => void (counts.rows += rows),
        onSkipped: (message, reason, put) => onSkipped(streams.events, message, reason, put),
        onShortened: () =>
          log.error(
            { stream: streams.events },
            'the log is not the one that was archived up to here (a power cut?): archiving what it holds again',
          ),
      },
      store,
    ),
    rowsLane(
      {
        stream: streams.alerts,
        table: 'alert_revisions',
        filled: 'alerts',
        positionColumn: 'commit_seq',
        lingerMs: lingerMs / 2,
        rows: alertRows,
        onRows: (count) => void (counts.alerts += count),
        onSkipped: (message, put) => onSkipped(streams.alerts, message, 'unreadable', put),
      },
      store,
    ),
    rowsLane(
      {
        stream: streams.rejected,
        table: 'rejected',
        positionColumn: 'reject_seq',
        lingerMs: lingerMs / 2,
        rows: rejectedRows,
        onRows: (count) => void (counts.rejected += count),
        onSkipped: (message, put) => onSkipped(streams.rejected, message, 'unreadable', put),
      },
      store,
    ),
    rowsLane(
      {
        stream: triageStream,
        table: 'triage_actions',
        positionColumn: 'triage_seq',
        // A person waits for it.
        lingerMs: Math.min(20, lingerMs),
        rows: triageRows,
        onRows: (count) => void (counts.triage += count),
        onSkipped: (message, put) => onSkipped(triageStream, message, 'unreadable', put),
      },
      store,
    ),
    rowsLane(
      {
        stream: auditStream,
        table: 'audit',
        positionColumn: 'audit_seq',
        lingerMs: lingerMs / 2,
        rows: auditRows,
        onRows: (count) => void (counts.audit += count),
        onSkipped: (message, put) => onSkipped(auditStream, message, 'unreadable', put),
      },
      store,
    ),
  ]
  const statuses = lanes.map((): LaneStatus => ({ ready: false, logId: 0, position: 0, lag: 0, lost: 0 }))
  const [events] = statuses as [LaneStatus]

  return {
    start() {
      running ??= Promise.all(
        lanes.map((lane, i) =>
          runLane(lane, { nats, log, signal: abort.signal, status: statuses[i] as LaneStatus }),
        ),
      ).then(
        () => ended.resolve(),
        (error: unknown) => {
          abort.abort()
          for (const status of statuses) status.ready = false
          // A passing trouble of the store is thrown only once the archive is being stopped.
          if (error instanceof StoreError && error.code !== 'STORE_DATA') return ended.resolve()
          log.error({}, 'the archive ended with an error', error)
          ended.reject(error)
        },
      )
    },
    async stop() {
      abort.abort()
      await running
    },
    status: () => ({
      ready: !abort.signal.aborted && statuses.every(({ ready }) => ready),
      position: events.position,
      lag: statuses.reduce((sum, { lag }) => sum + lag, 0),
      ...counts,
      lost: statuses.reduce((sum, { lost }) => sum + lost, 0),
    }),
    archived: () => ({ logId: events.logId, seq: events.position, rows: counts.rows }),
    ended: ended.promise,
  }
}
