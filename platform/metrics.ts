import { collectDefaultMetrics, Registry } from 'prom-client'

/**
 * A registry of one role, with the process's own numbers (memory, event loop, garbage collection) in it. Give it to
 * `new Counter({ registers: [registry], … })`; prom-client's global registry stays empty, so that two roles in one
 * test do not meet. Labels take values from closed sets only (feed, reason, detector), never a person's data.
 */
export function createMetrics(labels: { role: string; instance: string }): Registry {
  const registry = new Registry()
  registry.setDefaultLabels(labels)
  collectDefaultMetrics({ register: registry })
  return registry
}

/** The page that Prometheus reads (`GET /metrics`). */
export async function metricsPage(registry: Registry): Promise<{ contentType: string; body: string }> {
  return { contentType: registry.contentType, body: await registry.metrics() }
}
