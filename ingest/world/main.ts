import { join } from 'node:path'
import { ConfigError, loadConfig } from '../../platform/config.ts'
import { startHeartbeat } from '../../platform/heartbeat.ts'
import { stopGracefully } from '../../platform/lifecycle.ts'
import { createLog } from '../../platform/log.ts'
import { connectNats } from '../../platform/nats.ts'
import { feedNames, type FeedName } from '../feeds/layout.ts'
import { createSupplier, type Supplier } from '../supplier/supplier.ts'
import { loadPosition, savePosition } from './position.ts'
import { createPusher } from './pusher.ts'
import { worldDesk, worldSources } from './sent.ts'
import { createWorld } from './world.ts'

/**
 * Role `world`: the synthetic border world, pushing through the public HTTP endpoint like any supplier.
 * INGEST_URL (default http://127.0.0.1:INGEST_PORT), WORLD_KEYS (JSON: an API key for each source, and one of scopes
 * `reference,volumes` for `reference-desk`, if watchlists and totals are to be told), WORLD_SEED (1), WORLD_SCALE (1),
 * WORLD_DAYS (8), WORLD_LIVE_RATE (sightings a second that its first ten live minutes add, 2). With NATS_URL it sends heartbeats.
 */
const config = loadConfig()
const log = createLog({ level: config.logLevel, role: 'world' })
const abort = new AbortController()
const seed = number('WORLD_SEED', 1)
const file = join(config.dataDir, 'world.json')
const keys = readKeys()
const ingestUrl = process.env['INGEST_URL'] || `http://${config.host}:${config.ingestPort}`

const suppliers = Object.fromEntries(
  feedNames.map((feed): [FeedName, Supplier] => [
    feed,
    createSupplier(
      { url: ingestUrl, key: keys[worldSources[feed]] as string, signal: abort.signal },
      {
        onRetry: ({ attempt, status }) => {
          if (attempt % 10 === 1)
            log.warn({ feed, attempt, status }, 'gateway not taking records, trying again')
        },
      },
    ),
  ]),
) as Record<FeedName, Supplier>

const pusher = createPusher(
  { historyDays: number('WORLD_DAYS', 8), batchRows: 500, inFlight: 6, stepMs: 250 },
  {
    world: createWorld(seed, {
      scale: number('WORLD_SCALE', 1),
      floorPerSecond: number('WORLD_LIVE_RATE', 2),
    }),
    suppliers,
    desk:
      keys[worldDesk] === undefined
        ? undefined
        : createSupplier({ url: ingestUrl, key: keys[worldDesk], signal: abort.signal }),
    sentTo: loadPosition(file, seed)?.sentTo,
    save: (sentTo) => savePosition(file, { seed, sentTo }),
    onLive: () => log.info({ events: pusher.progress().sent }, 'history sent, live now'),
  },
)

let heartbeat: { stop(): void } | undefined
let nats: Awaited<ReturnType<typeof connectNats>> | undefined
let running: Promise<void> = Promise.resolve()
const lifecycle = stopGracefully({
  log,
  stop: async () => {
    abort.abort()
    await running.catch(() => {})
    heartbeat?.stop()
    await nats?.close()
  },
})

if (config.natsUrl !== undefined) {
  nats = await connectNats(config.natsUrl, { log, name: 'world' })
  heartbeat = startHeartbeat(nats, { role: 'world', instance: '1', status })
}
running = pusher.run(abort.signal)
running.catch((error: unknown) => {
  if (abort.signal.aborted) return
  log.error({}, 'cannot go on sending', error)
  process.exitCode = 1
  lifecycle.stop()
})

function status() {
  const { phase, sent, sentTo, verdicts } = pusher.progress()
  const { accepted, duplicate, rejected } = verdicts
  const behindMs = Math.max(0, Date.now() - sentTo)
  return { ready: true, details: { phase, sent, accepted, duplicate, rejected, behindMs } }
}

function readKeys(): Record<string, string> {
  const sources = Object.values(worldSources)
  const example = JSON.stringify(Object.fromEntries(sources.map((source) => [source, 'daan_…'])))
  let keys: Record<string, unknown> = {}
  try {
    keys = JSON.parse(process.env['WORLD_KEYS'] ?? '{}') as Record<string, unknown>
  } catch {
    // Said below, without the text: it may hold keys.
  }
  const missing = sources.filter((source) => typeof keys[source] !== 'string')
  if (missing.length > 0)
    throw new ConfigError(
      `WORLD_KEYS lacks a key for ${missing.join(', ')}; set it to JSON such as ${example}.`,
    )
  return keys as Record<string, string>
}

function number(name: string, fallback: number): number {
  const value = Number(process.env[name] || fallback)
  if (!Number.isFinite(value) || value < 0)
    throw new ConfigError(`${name} is "${process.env[name]}"; set it to a number of 0 or more.`)
  return value
}
