import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKey } from '../../ingest/gateway/keys.ts'
import { streamSettings } from '../../ingest/streams.ts'
import { hex64 } from '../../platform/hash.ts'
import { watchHeartbeats, type RoleStatus } from '../../platform/heartbeat.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../platform/nats.ts'
import { dashboardNice, lower } from '../../platform/nice.ts'
import { freePort } from '../../platform/ports.ts'
import { startNats } from '../support/nats-server.ts'
import { startRole } from '../support/roles.ts'
import { until } from '../support/until.ts'
import { createLogWriter, worldInput } from './input.ts'

export type RoleName = 'ingest' | 'processor' | 'dashboard'

/**
 * Folders of closed sites. They go when the process ends, not between two measurements: for minutes after thousands of files were removed, ext4
 * looks at each of their inodes again for every new file, which made the next archive cost twice as much.
 */
const leftBehind = new Set<string>()
process.once('exit', () => {
  for (const folder of leftBehind) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

/** A NATS server and roles as processes of their own, as `npm start` has them, in a temporary folder. The dashboard holds the embedded store and archives. */
export interface Site {
  readonly nats: Nats
  readonly dataDir: string
  readonly key: string
  readonly ingestUrl: string
  readonly dashboardUrl: string
  /** Starts a role and waits until it says that it is ready. */
  start(role: RoleName): Promise<void>
  /** Ends a role by a signal. */
  end(role: RoleName, signal: NodeJS.Signals): Promise<void>
  /** A number of the role's last heartbeat; NaN: none yet. */
  detail(role: RoleStatus['role'], name: string): number
  ready(role: RoleStatus['role']): boolean
  /** CPU time of a role, or of the NATS server, since it started, s; NaN where there is no /proc. */
  cpuSeconds(what: RoleName | 'nats'): number
  close(): Promise<void>
}

/**
 * `clock`: what ticks follow. With `events` the world's own time, as a live system has it: by the wall its records are weeks old, and whatever should
 * have followed them by now is missing, which makes alerts of one record in five.
 */
export async function openSite(clock: 'wall' | 'events' = 'wall'): Promise<Site> {
  const dataDir = mkdtempSync(join(tmpdir(), 'daan-bench-'))
  const server = await startNats()
  const nats = await connectNats(server.url, { log: silentLog, name: 'bench' })
  await ensureStreams(nats, streamSettings(), 1)
  const beats = watchHeartbeats(nats)
  const [port, ingestPort] = [await freePort(), await freePort()]
  const env = {
    NATS_URL: server.url,
    DATA_DIR: dataDir,
    PORT: String(port),
    INGEST_PORT: String(ingestPort),
    HOST: '127.0.0.1',
    CLOCK: clock,
    LOG_LEVEL: 'warn',
  }
  const { key } = createKey(join(dataDir, 'keys.json'), { source: 'bench', scopes: ['feeds'] })
  const roles = new Map<RoleName, ReturnType<typeof startRole>>()
  const seen = (role: string): RoleStatus | undefined =>
    beats.seen().find((one) => one.role === role && one.up)
  const ready = (role: string): boolean => seen(role)?.ready === true
  return {
    nats,
    dataDir,
    key,
    ingestUrl: `http://127.0.0.1:${ingestPort}`,
    dashboardUrl: `http://127.0.0.1:${port}`,
    async start(role) {
      const before = Date.now()
      const started = startRole(role, env)
      roles.set(role, started)
      if (role === 'dashboard') lower(started.child.pid as number, dashboardNice)
      const since = (name: string): boolean => ready(name) && (seen(name)?.heardAt ?? 0) >= before
      await until(
        `${role} to be ready`,
        () => {
          if (started.child.exitCode !== null) throw new Error(started.said())
          return since(role) && (role !== 'dashboard' || since('archive'))
        },
        // A processor is ready when it has read the whole log.
        900_000,
      )
    },
    end: async (role, signal) => roles.get(role)?.stop(signal),
    detail: (role, name) => Number(seen(role)?.details[name] ?? NaN),
    ready,
    cpuSeconds: (what) => cpuSecondsOf(what === 'nats' ? server.pid() : (roles.get(what)?.child.pid ?? 0)),
    async close() {
      await Promise.all([...roles.values()].map((role) => role.stop()))
      beats.stop()
      await nats.close()
      await server.stop()
      leftBehind.add(dataDir)
    },
  }
}

/** User and system time of a process, s: fields 14 and 15 of its stat, in ticks of 10 ms. */
function cpuSecondsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return NaN
  }
}

/** Puts `records` of a world of `keys` into EVENTS as the worker would. Gives the last sequence, and how many there were. */
export async function fillLog(
  nats: Nats,
  { keys, records }: { readonly keys: number; readonly records: number },
): Promise<{ last: number; records: number }> {
  const toLog = createLogWriter()
  const flying = new Set<Promise<unknown>>()
  let [last, stored, message] = [0, 0, 0]
  for await (const input of worldInput(keys)) {
    const batch = toLog(input)
    if (batch === undefined) continue
    const id = `b:${hex64(BigInt(++message))}`
    const sent: Promise<unknown> = nats.js
      .publish(`events.${batch.feed}`, batch.bytes, { msgID: id })
      .then(({ seq }) => (last = Math.max(last, seq)))
      .finally(() => flying.delete(sent))
    flying.add(sent)
    stored += batch.rows
    if (flying.size >= 8) await Promise.race(flying)
    if (stored >= records) break
  }
  await Promise.all(flying)
  return { last, records: stored }
}
