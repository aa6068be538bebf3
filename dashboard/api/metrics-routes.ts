import type { FastifyInstance } from 'fastify'
import { Gauge, Histogram, type Registry } from 'prom-client'
import { metricsPage } from '../../platform/metrics.ts'
import { readers } from './access.ts'

/** GET /metrics, and what it measures here: time of each route's answers, listeners of the live alerts. */
export function metricsRoutes(
  app: FastifyInstance,
  deps: { registry: Registry; listeners: () => number },
): void {
  const seconds = new Histogram({
    name: 'daan_dashboard_answer_seconds',
    help: 'Time to answer a request, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [deps.registry],
  })
  const listeners = new Gauge({
    name: 'daan_dashboard_live_listeners',
    help: 'Pages that listen to the live alerts.',
    registers: [deps.registry],
    collect() {
      this.set(deps.listeners())
    },
  })
  void listeners

  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    seconds.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
  })
  app.get('/metrics', { config: readers }, async (_request, reply) => {
    const { contentType, body } = await metricsPage(deps.registry)
    return reply.type(contentType).send(body)
  })
}
