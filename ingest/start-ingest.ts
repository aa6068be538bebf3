import { Counter, Gauge, type Registry } from 'prom-client'
import type { Config } from '../platform/config.ts'
import { startHeartbeat } from '../platform/heartbeat.ts'
import type { Log } from '../platform/log.ts'
import { createMetrics } from '../platform/metrics.ts'
import { connectNats, ensureStreams } from '../platform/nats.ts'
import type { FeedName } from './feeds/layout.ts'
import { buildGateway } from './gateway/app.ts'
import { KeyRing } from './gateway/keys.ts'
import { createIntake } from './intake.ts'
import { createBatcher, type BatcherOptions, type PendingBatch, type StoredBatch } from './intake/batches.ts'
import { createEventLog, type EventLogOptions } from './intake/event-log.ts'
import { Ledger } from './intake/ledger.ts'
import { followLog } from './intake/log-follower.ts'
import { createPseudonyms } from './intake/pseudonyms.ts'
import { pseudonymKey } from './intake/pseudonym-key.ts'
import { createRejectedLog } from './intake/rejected-log.ts'
import { createScanners } from './intake/scan/scanners.ts'
import { readReference } from './reference/read-csv.ts'
import { createReferenceLog } from './reference-log.ts'
import { publishReferenceTables } from './reference-publisher.ts'
import { streamSettings } from './streams.ts'
import { createTicker } from './ticker.ts'
import { startWorker } from './worker.ts'

/** The running role. */
export interface Ingest {
  /** Where the gateway listens. */
  readonly url: string
  close(): Promise<void>
}

export interface IngestOptions extends EventLogOptions {
  readonly natsUrl: string
  readonly instance?: string
  /** Events that the ledger remembers at least (default 2 million, 64 MB when full, twice that in all). */
  readonly ledgerEntries?: number
  readonly backlogBytes?: number
  /** Read ingest/reference/*.csv into the log (default true). */
  readonly reference?: boolean
}

/** What the role needs of the configuration. */
export type IngestConfig = Pick<
  Config,
  'host' | 'ingestPort' | 'keysFile' | 'pseudonymKeyFile' | 'clock' | 'tickMs' | 'streamReplicas'
>

/** Starts gateway, worker and ticker on one ledger. Resolves when records are taken; on an error what was started is closed. */
export async function startIngest(
  config: IngestConfig,
  options: IngestOptions,
  deps: { log: Log; now?: () => number },
): Promise<Ingest> {
  const { log } = deps
  const now = deps.now ?? Date.now
  const instance = options.instance ?? '1'
  const closers: (() => unknown)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }

  try {
    const pseudonyms = createPseudonyms(pseudonymKey(config.pseudonymKeyFile))
    const nats = await connectNats(options.natsUrl, { log, name: `ingest-${instance}` })
    closers.push(() => nats.close())
    await ensureStreams(nats, streamSettings(), config.streamReplicas)
    const eventLog = createEventLog(options, { nats, log })
    closers.push(() => eventLog.close())

    const registry = createMetrics({ role: 'ingest', instance })
    const count = countersIn(registry)
    const latest = { at: 0 }
    const onTime = (at: number): void => {
      if (at > latest.at) latest.at = at
    }
    const ledger = new Ledger({ entries: options.ledgerEntries ?? 2_000_000 })
    const pending = new Set<PendingBatch>()
    const own = new Set<string>()
    const follower = await followLog({}, { nats, ledger, own, log, onTime })
    closers.push(() => follower.stop())

    const onStored = (batch: StoredBatch): void => {
      onTime(batch.maxAt)
      count.accepted.inc({ feed: batch.feed }, batch.rows)
      count.batchBytes.inc({ feed: batch.feed }, batch.bytes)
      count.batches.inc({ feed: batch.feed })
    }
    const rejectedLog = createRejectedLog({ eventLog, pseudonyms })
    const scanners = createScanners(pseudonyms)
    const intakeWith = (batching: BatcherOptions) => {
      const batcher = createBatcher(batching, { eventLog, ledger, pending, own, onStored })
      const intake = createIntake({
        pseudonyms,
        scanners,
        ledger,
        batcher,
        pending,
        rejectedLog,
        now,
        onRejected: (feed, reason) => count.rejected.inc({ feed, reason }),
      })
      return { batcher, intake }
    }

    if (options.reference !== false)
      await publishReferenceTables(readReference(), { nats, eventLog, log, now })
    await follower.warm

    const http = intakeWith({ lingerMs: 5 })
    const status = () => ({
      ready: eventLog.state.connected && eventLog.state.storing && follower.state.warm,
      details: {
        connected: String(eventLog.state.connected),
        storing: String(eventLog.state.storing),
        known: ledger.size,
        logSeq: follower.state.logSeq,
      },
    })
    const referenceLog = createReferenceLog({ nats, log })
    closers.push(() => referenceLog.stop())
    const app = buildGateway(options, {
      intake: http.intake,
      eventLog,
      referenceLog,
      pseudonyms,
      keys: new KeyRing(config.keysFile),
      metrics: registry,
      log,
      status,
      now,
    })
    count.gauges(() => ({ backlog: app.backlogBytes(), known: ledger.size }))
    const url = await app.listen({ host: config.host, port: config.ingestPort })
    closers.push(() => app.close())
    const worker = await startWorker(
      {},
      { nats, log, intake: (number: (feed: FeedName) => bigint) => intakeWith({ number }) },
    )
    closers.push(() => worker.stop())
    const ticker = createTicker(config, { eventLog, now, latestAt: () => latest.at })
    ticker.start()
    closers.push(() => ticker.stop())
    const heartbeat = startHeartbeat(nats, {
      role: 'ingest',
      instance,
      status: () => ({
        ready: status().ready,
        details: { url, ...status().details, worker: worker.taken() },
      }),
    })
    closers.push(() => heartbeat.stop())
    log.info({ url, instance }, 'taking records')
    return { url, close }
  } catch (error) {
    await close()
    throw error
  }
}

function countersIn(registry: Registry) {
  const counter = <L extends string>(name: string, help: string, labelNames: L[]): Counter<L> =>
    new Counter({ name, help, labelNames, registers: [registry] })
  return {
    accepted: counter('daan_ingest_accepted_total', 'Records stored in the log.', ['feed']),
    rejected: counter('daan_ingest_rejected_total', 'Records rejected.', ['feed', 'reason']),
    batches: counter('daan_ingest_batches_total', 'Batches stored in the log.', ['feed']),
    batchBytes: counter('daan_ingest_batch_bytes_total', 'Bytes of batches stored in the log.', ['feed']),
    gauges: (read: () => { backlog: number; known: number }): void => {
      gauge(
        registry,
        'daan_ingest_backlog_bytes',
        'Bytes of requests not answered yet.',
        () => read().backlog,
      )
      gauge(registry, 'daan_ingest_ledger_events', 'Events that the ledger remembers.', () => read().known)
    },
  }
}

function gauge(registry: Registry, name: string, help: string, value: () => number): Gauge {
  return new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value())
    },
  })
}
