import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { atLeast, installedNatsServer } from './setup/find-nats-server.mjs'
import type { Log } from './log.ts'
import { freePort } from './ports.ts'

/** A NATS server of our own, on the loopback address only. */
export interface NatsServer {
  readonly url: string
  readonly port: number
  readonly version: string
  /** The running process; changes when the server died and was started again. */
  pid(): number
  /** Stops it: SIGTERM, then SIGKILL after `withinMs` (default 3000). */
  stop(withinMs?: number): Promise<void>
}

export interface NatsServerOptions {
  /** 0 takes a free port. */
  readonly port: number
  /** JetStream's files and the configuration; made when absent. */
  readonly storeDir: string
  /** Default: `storeDir/nats-server.log`. Its folder must be there. */
  readonly logFile?: string
  readonly log: Log
  /** Program to run; default: the one that is installed or in the project's cache. */
  readonly program?: { readonly path: string; readonly version: string }
  /** fsync before each acknowledgement where the server can (2.12): default true. */
  readonly sync?: boolean
  /** What streams may reserve together, bytes; default: three quarters of the free disk. */
  readonly storeBytes?: number
  /** Wait for the server at most this long, ms. */
  readonly readyWithinMs?: number
}

/** Starts the server and resolves when it takes clients with JetStream. Throws with the last log lines when it does not. */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const program = options.program ?? installedNatsServer()
  if (program === undefined)
    throw new Error(
      'No nats-server is installed: install it (https://nats.io/download) and see that it is on the PATH.',
    )
  const port = options.port === 0 ? await freePort() : options.port
  mkdirSync(options.storeDir, { recursive: true, mode: 0o700 })
  const files = {
    config: join(options.storeDir, 'nats-server.conf'),
    log: options.logFile ?? join(options.storeDir, 'nats-server.log'),
  }
  writeFileSync(files.config, configuration(options, port, program.version))

  let stopping = false
  let running = start()
  await ready(running)

  function start(): Running {
    if (size(files.log) > 4_000_000) renameSync(files.log, `${files.log}.1`)
    const out = openSync(files.log, 'a')
    // A session of its own: a terminal's Ctrl-C must not end the server before the roles that still write to it.
    const server = spawn(program!.path, ['-c', files.config], { stdio: ['ignore', out, out], detached: true })
    closeSync(out)
    const started: Running = { server, ended: false, gone: Promise.resolve() }
    const guard = guardOf(server)
    started.gone = new Promise((resolve) => {
      const end = (): void => {
        started.ended = true
        guard?.kill('SIGKILL')
        resolve()
      }
      server.once('exit', end)
      server.once('error', end)
    })
    return started
  }

  /** Waits until this very server takes clients, and from then on starts another one when it dies. */
  async function ready(started: Running): Promise<void> {
    try {
      await greeted(port, started, options.readyWithinMs ?? 15_000)
    } catch (cause) {
      started.server.kill('SIGKILL')
      throw new Error(`nats-server did not start on port ${port}. Its last words:\n${tail(files.log)}`, {
        cause,
      })
    }
    started.server.once('exit', () => void again(1))
  }

  async function again(attempt: number): Promise<void> {
    if (stopping) return
    options.log.error({ port, attempt }, 'nats-server died, starting it again')
    await new Promise((done) => setTimeout(done, Math.min(100 * 2 ** attempt, 5_000)))
    if (stopping) return
    running = start()
    await ready(running).catch(() => again(attempt + 1))
  }

  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    version: program.version,
    pid: () => running.server.pid ?? 0,
    stop: async (withinMs = 3_000) => {
      stopping = true
      const { server, gone } = running
      server.kill('SIGTERM')
      const timer = setTimeout(() => server.kill('SIGKILL'), withinMs)
      await gone
      clearTimeout(timer)
    },
  }
}

/** What the server's age costs, as a sentence for the person at the terminal; undefined for one that is current. */
export function ageWarning(version: string): string | undefined {
  return atLeast(version, '2.12.0')
    ? undefined
    : `nats-server ${version} writes to disk only every so often: a power cut may cost up to 60 s of acknowledged records. It listens on 127.0.0.1 only. Install 2.12 or newer for records that matter.`
}

interface Running {
  readonly server: ChildProcess
  ended: boolean
  gone: Promise<void>
}

function configuration(options: NatsServerOptions, port: number, version: string): string {
  const sync = (options.sync ?? true) && atLeast(version, '2.12.0') ? '\n  sync_interval: always' : ''
  const store = options.storeBytes === undefined ? '' : `\n  max_file_store: ${options.storeBytes}`
  return `# Written at each start; changes are lost.
listen: "127.0.0.1:${port}"
max_payload: 8MB
max_pending: 128MB
write_deadline: "10s"
jetstream {
  store_dir: ${JSON.stringify(options.storeDir)}${sync}${store}
}
`
}

/** Ends the server when this process is gone, even by SIGKILL: a shell that reads a pipe whose other end we hold. */
function guardOf(server: ChildProcess): ChildProcess | undefined {
  if (server.pid === undefined || process.platform === 'win32') return undefined
  const guard = spawn('/bin/sh', ['-c', 'read _; kill -TERM "$0"', String(server.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guard.once('error', () => {})
  guard.unref()
  return guard
}

/** Resolves when a server greets clients and says that it has JetStream. */
async function greeted(port: number, started: Running, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await greets(port))) {
    if (started.ended) throw new Error('it ended')
    if (Date.now() > deadline) throw new Error(`not ready within ${withinMs} ms`)
    await new Promise((done) => setTimeout(done, 20))
  }
  if (started.ended) throw new Error('another server answers on its port')
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 })
    const done = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', (data) => done(data.includes('"jetstream":true')))
    socket.once('error', () => done(false))
    socket.once('timeout', () => done(false))
    socket.once('close', () => done(false))
  })
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-5).join('\n')
}

function size(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
