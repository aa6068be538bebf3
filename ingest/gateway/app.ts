import fastify, { type FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Log } from '../../platform/log.ts'
import { metricsPage } from '../../platform/metrics.ts'
import { feedNames } from '../feeds/layout.ts'
import type { Intake } from '../intake.ts'
import type { EventLog } from '../intake/event-log.ts'
import type { Pseudonyms } from '../intake/pseudonyms.ts'
import type { ReferenceLog } from '../reference-log.ts'
import { guardRoutes } from './access.ts'
import { boundBacklog } from './backlog.ts'
import { bodyLimitBytes, recordLimit, takeBytes } from './body.ts'
import { feedRoutes } from './feeds.ts'
import type { KeyRing } from './keys.ts'
import { answerProblems } from './problem.ts'
import { openTables, referenceRoutes } from './reference.ts'
import { volumeRoutes } from './volumes.ts'
import { watchlistRoutes } from './watchlists.ts'

export interface GatewayConfig {
  /** Bytes that requests may hold before further ones are answered with 503 (default 64 MiB). */
  readonly backlogBytes?: number | undefined
}

export interface GatewayDeps {
  readonly intake: Intake
  readonly eventLog: EventLog
  readonly referenceLog: ReferenceLog
  readonly pseudonyms: Pseudonyms
  readonly keys: KeyRing
  readonly metrics: Registry
  readonly log: Log
  /** Whether records can be taken now, and why not. */
  readonly status: () => { ready: boolean; details: Readonly<Record<string, number | string>> }
  /** ms UTC. */
  readonly now: () => number
}

/** The suppliers' way in, as an app without a port: a server listens, a test injects. */
export function buildGateway(
  config: GatewayConfig,
  deps: GatewayDeps,
): FastifyInstance & { backlogBytes(): number } {
  const app = fastify({
    logger: false,
    bodyLimit: bodyLimitBytes,
    requestTimeout: 30_000,
    // What comes while it closes is still taken: fastify's own 503 would not say when to come back.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
  })
  takeBytes(app)
  answerProblems(app, deps.log)
  guardRoutes(app, deps.keys)
  const backlog = boundBacklog(app, { limitBytes: config.backlogBytes ?? 64 * 1024 ** 2 })
  app.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  })

  feedRoutes(app, { intake: deps.intake })
  referenceRoutes(app, deps)
  watchlistRoutes(app, deps)
  volumeRoutes(app, deps)

  const open = { config: { access: 'open' } } as const
  app.get('/v1', open, async () => selfDescription)
  app.get('/health/live', open, async () => ({ live: true }))
  app.get('/health/ready', open, async (_request, reply) => {
    const status = deps.status()
    return reply.code(status.ready ? 200 : 503).send(status)
  })
  app.get('/metrics', { config: { access: 'local' } }, async (_request, reply) => {
    const { contentType, body } = await metricsPage(deps.metrics)
    return reply.type(contentType).send(body)
  })
  return Object.assign(app, { backlogBytes: () => backlog.bytes() })
}

const selfDescription = {
  name: 'Daan ingest',
  authentication: 'Authorization: Bearer <key>',
  feeds: feedNames.map((feed) => ({
    feed,
    post: `/v1/feeds/${feed}`,
    schema: `/v1/feeds/${feed}/schema`,
    contentTypes: ['application/json', 'application/x-ndjson'],
  })),
  reference: openTables.map((table) => ({
    table,
    post: `/v1/reference/${table}`,
    get: `/v1/reference/${table}`,
  })),
  watchlists: { post: '/v1/watchlists', get: '/v1/watchlists', delete: '/v1/watchlists/<entry>' },
  volumes: { post: '/v1/volumes' },
  limits: { bodyBytes: bodyLimitBytes, records: recordLimit, recordBytes: 16_384, encodings: ['gzip'] },
  health: { live: '/health/live', ready: '/health/ready' },
}
