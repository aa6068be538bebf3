import type { FastifyInstance } from 'fastify'
import { missingRoles, type RoleStatus } from '../../platform/heartbeat.ts'
import { everybody, readers } from './access.ts'
import type { Ready, Status } from './shapes.ts'

const answerWithinMs = 1_500

export interface HealthDeps {
  /** Rejects when the store cannot answer a query. */
  readonly pingStore: () => Promise<unknown>
  /** Rejects when the NATS server does not answer. */
  readonly pingNats: () => Promise<unknown>
  readonly roles: () => readonly RoleStatus[]
}

/** GET /health/live, /health/ready, /api/status. Ready is what was asked just now, not what was true at the start. */
export function healthRoutes(
  app: FastifyInstance,
  options: { expectRoles: readonly string[] },
  deps: HealthDeps,
): void {
  app.get('/health/live', { config: everybody }, async () => ({ live: true }))

  app.get('/health/ready', { config: everybody }, async (_request, reply) => {
    const [store, nats] = await Promise.all([answers(deps.pingStore), answers(deps.pingNats)])
    const missing: Ready['missing'] = []
    if (!store)
      missing.push({
        what: 'store',
        fix: 'Look at CLICKHOUSE_URL, or without it at DATA_DIR and the log of the dashboard.',
      })
    if (!nats) missing.push({ what: 'nats', fix: 'Look at NATS_URL and at the NATS server.' })
    for (const role of missingRoles(options.expectRoles, deps.roles()))
      missing.push({
        what: role,
        fix: 'Start this role, or look at its log; EXPECT_ROLES lists what must run.',
      })
    const ready = missing.length === 0
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready, missing } satisfies Ready)
  })

  app.get('/api/status', { config: readers }, async (): Promise<Status> => ({
    now: Date.now(),
    roles: deps.roles().map(({ role, instance, up, ready, at, details }) => ({
      role,
      instance,
      up,
      ready: up && ready,
      at,
      details: { ...details },
    })),
  }))
}

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((done) => {
    timer = setTimeout(done, answerWithinMs, false)
  })
  const asked = ask().then(
    () => true,
    () => false,
  )
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}
