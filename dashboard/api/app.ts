import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Log } from '../../platform/log.ts'
import alertsPosition from '../../sql/queries/alerts-position.ts'
import type { Cube } from '../cube/cube.ts'
import { guardRoutes, type KeyFinder } from './access.ts'
import type { AlertFeed } from './alert-feed.ts'
import { alertRoutes } from './alert-routes.ts'
import type { AuditLog } from './audit-log.ts'
import { auditRoutes } from './audit-routes.ts'
import { dailyRoutes } from './daily-routes.ts'
import { entityRoutes } from './entity-routes.ts'
import { evidenceRoutes } from './evidence-routes.ts'
import { exploreRoutes } from './explore-routes.ts'
import { feedRoutes } from './feed-routes.ts'
import { healthRoutes, type HealthDeps } from './health-routes.ts'
import { lagRoutes, type LagDeps } from './lag-routes.ts'
import { liveRoutes } from './live-routes.ts'
import { mapRoutes } from './map-routes.ts'
import { metricsRoutes } from './metrics-routes.ts'
import type { NameBook } from './name-book.ts'
import { premisesRoutes } from './premises-routes.ts'
import { answerProblems } from './problem.ts'
import { Sessions } from './session.ts'
import { signInRoutes } from './sign-in-routes.ts'
import type { ApiError } from './shapes.ts'
import type { Reader } from './reader.ts'
import { triageRoutes } from './triage-routes.ts'
import type { TriageFeed } from './triage-feed.ts'
import type { TriageLog } from './triage-log.ts'
import { validateWithTypeBox } from './validation.ts'
import { volumeRoutes } from './volume-routes.ts'
import { webRoutes } from './web-routes.ts'

export interface AppOptions {
  readonly dataDir: string
  readonly timeZone: string
  readonly clock: 'wall' | 'events'
  readonly version: string
  readonly standalone: boolean
  readonly expectRoles: readonly string[]
  /** Template of the map's tiles. */
  readonly tileUrl?: string | undefined
  /** Folder of the built web. */
  readonly webRoot: string
}

export interface AppDeps extends HealthDeps, Omit<LagDeps, 'storedAlerts'> {
  readonly reader: Reader
  readonly sessionSecret: Buffer
  readonly keys: KeyFinder
  readonly names: NameBook
  readonly cube: Cube
  readonly feed: AlertFeed
  readonly triage: TriageLog
  readonly triageFeed: TriageFeed
  readonly audit: AuditLog
  /** Time by the clock of the log, ms UTC. */
  readonly now: () => Promise<number>
  readonly registry: Registry
  readonly log: Log
}

/** The dashboard's HTTP application, not listening yet. */
export async function buildApp(options: AppOptions, deps: AppDeps): Promise<FastifyInstance> {
  const { timeZone } = options
  const { log, reader, names, now } = deps
  const app = Fastify({
    logger: false,
    bodyLimit: 16_384,
    forceCloseConnections: true,
    return503OnClosing: true,
  })
  const sessions = new Sessions(deps.sessionSecret)
  answerProblems(app, log)
  validateWithTypeBox(app)
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({
      code: 'NOT_FOUND',
      message: 'There is nothing at this address.',
      fix: 'Routes are listed in dashboard/api/README.md.',
    } satisfies ApiError),
  )
  await app.register(cookie)
  await app.register(helmet, headersFor(options.tileUrl))
  await app.register(compress, {
    encodings: ['br', 'gzip'],
    // Brotli's default quality takes seconds for what a chart needs now; events of a live stream must leave at once.
    brotliOptions: { params: { [1]: 4 } },
    customTypes:
      /^(?!text\/event-stream)(text\/|application\/(json|javascript|vnd\.apache\.arrow\.stream)|image\/svg)/,
  })
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { after, statusCode }) => ({
      statusCode,
      code: 'TOO_MANY',
      message: 'Too many attempts.',
      fix: `Wait ${after} and try again.`,
    }),
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store')
  })
  guardRoutes(app, { sessions, keys: deps.keys })

  signInRoutes(app, {
    dataDir: options.dataDir,
    sessions,
    about: async () => ({
      timeZone,
      tileUrl: options.tileUrl ?? null,
      version: options.version,
      standalone: options.standalone,
      now: await now(),
      clock: options.clock,
    }),
  })
  healthRoutes(app, { expectRoles: options.expectRoles }, deps)
  metricsRoutes(app, { registry: deps.registry, listeners: () => deps.feed.listeners })
  volumeRoutes(app, { timeZone }, { reader, now })
  alertRoutes(app, { timeZone }, { reader, names, now, feed: deps.feed })
  triageRoutes(app, { reader, triage: deps.triage, now })
  evidenceRoutes(app, { reader, names, audit: deps.audit })
  entityRoutes(app, { timeZone }, { reader, audit: deps.audit, now })
  auditRoutes(app, { timeZone }, { reader, audit: deps.audit })
  liveRoutes(app, { feed: deps.feed, triage: deps.triageFeed, nameOf: names.nameOf, log })
  mapRoutes(app, { timeZone }, { reader })
  exploreRoutes(app, { timeZone }, { reader, cube: deps.cube, names, now })
  feedRoutes(app, { timeZone }, { reader, names, now })
  dailyRoutes(app, { timeZone }, { reader, names, now })
  premisesRoutes(app, { timeZone }, { reader, names })
  lagRoutes(app, { ...deps, storedAlerts: async () => (await reader.rows(alertsPosition, {}))[0]?.seq ?? 0 })
  webRoutes(app, { root: options.webRoot })
  return app
}

/** Own files only: no inline script or style, no eval, no frames, nothing from elsewhere but the map's tiles. */
const headersFor = (tileUrl: string | undefined) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:', ...(tileUrl === undefined ? [] : [new URL(tileUrl).origin])],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      objectSrc: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  crossOriginEmbedderPolicy: true,
  referrerPolicy: { policy: 'no-referrer' as const },
  xFrameOptions: { action: 'deny' as const },
})
