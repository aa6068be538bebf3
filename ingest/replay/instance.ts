import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { freePort } from '../../platform/ports.ts'
import { createKey } from '../gateway/keys.ts'
import { pause } from '../supplier/supplier.ts'

/** Where to send, where to ask, and how to be let in at both. */
export interface Target {
  readonly ingestUrl: string
  readonly key: string
  readonly dashboardUrl: string
  /** One-time sign-in link; undefined: the key has scope `read`. */
  readonly login: string | undefined
  /** Data of an instance of our own, else empty. */
  readonly dataDir: string
  stop(): Promise<void>
}

/** The instance could not be started; the message has the last lines that it said. */
export class InstanceError extends Error {
  readonly code = 'INSTANCE'
}

const root = resolve(import.meta.dirname, '../..')

/**
 * Starts a whole instance on free ports, empty of the synthetic world, whose time follows the records, and waits until it is
 * ready. Its data stays in `dataDir`, so that a second run meets what the first one sent.
 */
export async function startInstance(options: { dataDir: string; source: string }): Promise<Target> {
  const { dataDir, source } = options
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const readyFile = join(dataDir, 'ready.json')
  const logFile = join(dataDir, 'instance.log')
  rmSync(readyFile, { force: true })
  const log = openSync(logFile, 'w', 0o600)
  const [port, ingestPort, natsPort] = [await freePort(), await freePort(), await freePort()]
  const child = spawn(process.execPath, [join(root, 'platform/start.ts'), '--no-world'], {
    cwd: root,
    env: {
      ...process.env,
      CLOCK: 'events',
      DATA_DIR: dataDir,
      KEYS_FILE: join(dataDir, 'keys.json'),
      PORT: String(port),
      INGEST_PORT: String(ingestPort),
      NATS_PORT: String(natsPort),
      READY_FILE: readyFile,
    },
    // The channel tells the instance when this process dies: it then stops by itself.
    stdio: ['ignore', log, log, 'ipc'],
    // Ctrl-C reaches this process alone, which then stops the instance.
    detached: true,
  })
  closeSync(log)
  try {
    const ready = await untilReady(child, readyFile, logFile)
    return {
      ingestUrl: ready.ingestUrl,
      dashboardUrl: ready.dashboardUrl,
      login: ready.loginUrl,
      key: keyOf(dataDir, source),
      dataDir,
      stop: () => stopChild(child),
    }
  } catch (error) {
    await stopChild(child)
    throw error
  }
}

interface Ready {
  readonly dashboardUrl: string
  readonly loginUrl: string
  readonly ingestUrl: string
}

async function untilReady(child: ChildProcess, readyFile: string, logFile: string): Promise<Ready> {
  const deadline = Date.now() + 180_000
  for (;;) {
    const ready = readReady(readyFile)
    if (ready !== undefined) return ready
    const gone = child.exitCode !== null || child.signalCode !== null
    if (gone || Date.now() > deadline) {
      const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
      throw new InstanceError(
        `The instance ${gone ? 'ended before it was ready' : 'was not ready within 3 minutes'}; it said (${logFile}):\n${tail}`,
      )
    }
    await pause(100)
  }
}

/** Undefined until the file is there as a whole. */
function readReady(file: string): Ready | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Ready
  } catch {
    return undefined
  }
}

/** The key of a source on an instance of our own, made once and kept beside its data (mode 600). */
function keyOf(dataDir: string, source: string): string {
  const file = join(dataDir, `${source}.key`)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const { key } = createKey(join(dataDir, 'keys.json'), { source, scopes: ['feeds', 'reference', 'volumes'] })
  writeFileSync(file, `${key}\n`, { mode: 0o600 })
  return key
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((done) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), 15_000)
    child.once('exit', () => {
      clearTimeout(hard)
      done()
    })
    child.kill('SIGTERM')
  })
}
