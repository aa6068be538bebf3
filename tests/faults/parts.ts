import { once } from 'node:events'
import { silentLog } from '../../platform/log.ts'
import { startNatsServer } from '../../platform/nats-server.ts'
import { startClickHouse } from '../support/clickhouse.ts'
import { startRole } from '../support/roles.ts'
import { until } from '../support/until.ts'

/** A process of the system that can be killed, stopped and started again where it was. */
export interface Part {
  readonly name: string
  pid(): number
  /** `kill -9`, then as its supervisor would: started again. */
  kill(): Promise<void>
  /** SIGTERM, and started again. */
  restart(): Promise<void>
  /** Down until {@link Part.up}. */
  down(): Promise<void>
  up(): Promise<void>
  /** Ends it for good. */
  close(): Promise<void>
  /** Its last words, for a report. */
  said(): string
}

/** How often a role ended by itself, which its supervisor mends: by name. */
export type Deaths = Map<string, number>

/** A role as a process. When it ends by itself it is started again, and counted. */
export function rolePart(
  name: string,
  role: Parameters<typeof startRole>[0],
  env: Record<string, string>,
  deaths: Deaths,
): Part & { child(): ReturnType<typeof startRole>; letGo(): void } {
  let running: ReturnType<typeof startRole>
  let wanted = true
  let before = ''
  const start = (): void => {
    const mine = startRole(role, { ...env, LOG_LEVEL: 'info' })
    running = mine
    mine.child.once('exit', () => {
      before = mine.said()
      if (!wanted || running !== mine) return
      deaths.set(name, (deaths.get(name) ?? 0) + 1)
      setTimeout(() => wanted && running === mine && start(), 200)
    })
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    wanted = false
    const hard = setTimeout(() => running.child.kill('SIGKILL'), 6_000)
    await running.stop(signal)
    clearTimeout(hard)
  }
  const again = async (signal: NodeJS.Signals): Promise<void> => {
    await end(signal)
    wanted = true
    start()
  }
  start()
  return {
    name,
    pid: () => running.child.pid ?? 0,
    kill: () => again('SIGKILL'),
    restart: () => again('SIGTERM'),
    down: () => end('SIGKILL'),
    up: async () => {
      wanted = true
      start()
    },
    close: () => end('SIGKILL'),
    said: () => `${before}\n${running.said()}`,
    child: () => running,
    letGo: () => (wanted = false),
  }
}

/** nats-server, which is started again by itself when it ends. */
export async function natsPart(storeDir: string): Promise<Part & { url: string; port: number }> {
  let server = await startNatsServer({ port: 0, storeDir, log: silentLog, sync: false })
  const { port, url } = server
  const signal = async (which: NodeJS.Signals): Promise<void> => {
    const pid = server.pid()
    process.kill(pid, which)
    await until('another nats-server', () => server.pid() !== pid, 120_000)
  }
  return {
    name: 'nats-server',
    url,
    port,
    pid: () => server.pid(),
    kill: () => signal('SIGKILL'),
    restart: () => signal('SIGTERM'),
    down: () => server.stop(),
    up: async () => {
      server = await startNatsServer({ port, storeDir, log: silentLog, sync: false })
    },
    close: () => server.stop(),
    said: () => '',
  }
}

/** ClickHouse: the front over the embedded engine. */
export async function storePart(path: string): Promise<Part & { port: number }> {
  let server = await startClickHouse({ path })
  const { port } = server
  const up = async (): Promise<void> => {
    server = await startClickHouse({ path, port })
  }
  return {
    name: 'store',
    port,
    pid: () => server.pid,
    kill: async () => {
      await server.kill()
      await up()
    },
    restart: async () => {
      await server.stop()
      await up()
    },
    down: () => server.kill(),
    up,
    close: () => server.kill(),
    said: () => '',
  }
}

/** The exit of a child that ends by itself within `withinMs`, or undefined. */
export async function exitOf(
  run: ReturnType<typeof startRole>,
  withinMs: number,
): Promise<number | null | undefined> {
  const { child } = run
  if (child.exitCode !== null) return child.exitCode
  const gone = once(child, 'exit').then(([code]) => code as number | null)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((done) => (timer = setTimeout(() => done(undefined), withinMs)))
  return Promise.race([gone, late]).finally(() => clearTimeout(timer))
}
