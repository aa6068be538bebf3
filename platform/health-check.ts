import { loadConfig } from './config.ts'
import { missingRoles, watchHeartbeats } from './heartbeat.ts'
import { silentLog } from './log.ts'
import { connectNats } from './nats.ts'

/**
 * For container health checks: `node platform/health-check.ts <what>` ends with 0 when `what` is well, else with 1. `what` is a
 * URL that must answer 2xx, or a role as heartbeats name it (`processor:1-of-2`), listened for at NATS_URL up to 3 s.
 */
const what = process.argv[2] ?? ''
process.exit((what.startsWith('http') ? await answers(what) : await beats(what)) ? 0 : 1)

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(3_000) }).then(
    (response) => response.ok,
    () => false,
  )
}

async function beats(role: string): Promise<boolean> {
  const { natsUrl, natsPort } = loadConfig()
  const url = natsUrl ?? `nats://127.0.0.1:${natsPort}`
  const nats = await connectNats(url, { log: silentLog, name: 'health-check', waitMs: 1_000 })
  const watch = watchHeartbeats(nats)
  const deadline = Date.now() + 3_000
  while (Date.now() < deadline) {
    if (missingRoles([role], watch.seen()).length === 0) return true
    await new Promise((done) => setTimeout(done, 50))
  }
  return false
}
