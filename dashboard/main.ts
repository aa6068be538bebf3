import '../platform/heap.ts'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { KeyRing } from '../ingest/gateway/keys.ts'
import { streamSettings } from '../ingest/streams.ts'
import manifest from '../package.json' with { type: 'json' }
import { loadConfig } from '../platform/config.ts'
import { startHeartbeat, watchHeartbeats } from '../platform/heartbeat.ts'
import { stopGracefully } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { createMetrics } from '../platform/metrics.ts'
import { connectNats, ensureStreams } from '../platform/nats.ts'
import { startArchiveRole } from '../sql/archive-role.ts'
import { migrate } from '../sql/migrate.ts'
import ping from '../sql/queries/ping.ts'
import { openStore, StoreError, type Store } from '../sql/store.ts'
import { AlertFeed } from './api/alert-feed.ts'
import { createAuditLog } from './api/audit-log.ts'
import { buildApp } from './api/app.ts'
import { createLogClock } from './api/log-clock.ts'
import { NameBook } from './api/name-book.ts'
import { namesFrom } from './api/name-source.ts'
import { createReader } from './api/reader.ts'
import { TriageFeed } from './api/triage-feed.ts'
import { createTriageLog } from './api/triage-log.ts'
import { secretFrom } from './api/secret-file.ts'
import { Cube } from './cube/cube.ts'

/**
 * The role `dashboard`: API and pages. With an embedded store it is the role `archive` as well, since one process alone can
 * have that open; with CLICKHOUSE_URL it only reads.
 */
const config = loadConfig()
const standalone = config.clickhouseUrl === undefined
const log = createLog({ level: config.logLevel, role: 'dashboard' })
/** What has been started, last first: stopped in that order. */
const started: (() => Promise<unknown> | void)[] = []
const onStop = (stop: () => Promise<unknown> | void): void => void started.unshift(stop)

const lifecycle = stopGracefully({
  log,
  stop: async () => {
    for (const stop of started) await stop()
  },
})

const nats = await connectNats(config.natsUrl ?? `nats://127.0.0.1:${config.natsPort}`, {
  log,
  name: 'dashboard',
})
onStop(() => nats.close())
await ensureStreams(nats, streamSettings(), config.streamReplicas)

const store = await openWhenThere()
onStop(() => store.close())
if (standalone) {
  const archive = await startArchiveRole({ timeZone: config.timeZone }, { nats, store, log })
  onStop(() => archive.stop())
  archive.ended.catch(() => {
    process.exitCode = 1
    lifecycle.stop()
  })
} else await migrate(store, { log })
const connection = await store.reader()
onStop(() => connection.close())

const reader = createReader(connection)
const cube = new Cube({}, { reader, log })
void cube.fill()
onStop(() => cube.stop())
const heartbeats = watchHeartbeats(nats)
onStop(() => heartbeats.stop())
const feed = new AlertFeed({}, { js: nats.js, jsm: nats.jsm, log })
await feed.start()
onStop(() => feed.stop())
const triageFeed = new TriageFeed({ js: nats.js, log })
triageFeed.start()
onStop(() => triageFeed.stop())

const app: FastifyInstance = await buildApp(
  {
    dataDir: config.dataDir,
    timeZone: config.timeZone,
    tileUrl: config.tileUrl,
    clock: config.clock,
    version: manifest.version,
    standalone,
    expectRoles: config.expectRoles,
    webRoot: fileURLToPath(new URL('./web/dist', import.meta.url)),
  },
  {
    reader,
    feed,
    triage: createTriageLog({ js: nats.js, reader }),
    triageFeed,
    audit: createAuditLog({ js: nats.js, jsm: nats.jsm }),
    log,
    names: new NameBook(namesFrom(reader)),
    cube,
    keys: new KeyRing(config.keysFile),
    jsm: nats.jsm,
    now: createLogClock(config.clock, { jsm: nats.jsm }),
    registry: createMetrics({ role: 'dashboard', instance: '1' }),
    sessionSecret: secretFrom(join(config.dataDir, 'session.key')),
    roles: () => heartbeats.seen(),
    pingStore: () => reader.rows(ping, {}),
    pingNats: () => nats.connection.flush(),
  },
)
onStop(() => app.close())
await app.listen({ host: config.host, port: config.port })
const { port } = app.addresses()[0] as { port: number }
const heartbeat = startHeartbeat(nats, {
  role: 'dashboard',
  instance: '1',
  status: () => ({
    ready: true,
    details: { port, listeners: feed.listeners, cubeRows: cube.rows, cubeFilled: cube.whole ? 1 : 0 },
  }),
})
onStop(() => heartbeat.stop())
log.info({ host: config.host, port }, 'dashboard listens')

/** Opens the store; a server that is not up yet is waited for, for a minute. */
async function openWhenThere(): Promise<Store> {
  const until = Date.now() + 60_000
  for (;;)
    try {
      return await openStore({
        clickhouseUrl: config.clickhouseUrl,
        path: join(config.dataDir, 'store'),
        log,
      })
    } catch (error) {
      const passing = error instanceof StoreError && error.code === 'STORE_UNREACHABLE'
      if (!passing || Date.now() > until) throw error
      log.info({ code: error.code }, 'waiting for the store')
      await delay(500)
    }
}
