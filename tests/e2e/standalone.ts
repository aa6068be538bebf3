import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '../support/until.ts'

export interface Standalone {
  readonly dashboardUrl: string
  readonly loginUrl: string
  readonly ingestUrl: string
  readonly dataDir: string
  stop(): Promise<void>
}

/** The product as `npm start -- --no-world` runs it, on free ports and an empty data folder; what it said is in a failure. */
export async function startStandalone(): Promise<Standalone> {
  const folder = await mkdtemp(join(tmpdir(), 'daan-e2e-'))
  const readyFile = join(folder, 'ready.json')
  const { NATS_URL: _, CLICKHOUSE_URL: __, ...env } = process.env
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../platform/start.ts', import.meta.url)), '--no-world'],
    {
      env: {
        ...env,
        DATA_DIR: join(folder, 'data'),
        READY_FILE: readyFile,
        HOST: '127.0.0.1',
        PORT: '0',
        INGEST_PORT: '0',
        NATS_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += String(chunk)))
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const ready = await until(
      'the standalone to be ready',
      async () => {
        if (child.exitCode !== null) throw new Error('The standalone ended before it was ready.')
        return existsSync(readyFile) && parsed(await readFile(readyFile, 'utf8'))
      },
      90_000,
    )
    return { ...ready, stop }
  } catch (cause) {
    await stop()
    throw new Error(`The standalone did not start. It said:\n${said}`, { cause })
  }
}

/** undefined while the file is still being written. */
function parsed(text: string): Omit<Standalone, 'stop'> | undefined {
  try {
    return JSON.parse(text) as Omit<Standalone, 'stop'>
  } catch {
    return undefined
  }
}
