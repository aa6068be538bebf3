import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * ClickHouse over HTTP for one test file: the front (clickhouse-front.ts) as a process of its own, on a free port and in a
 * temporary folder. `url` names the database `daan`; `stop` ends it by SIGTERM, after 5 s by SIGKILL, and removes the folder.
 */
export async function startClickHouse(options: { path?: string; port?: number } = {}): Promise<{
  url: string
  port: number
  pid: number
  path: string
  kill(): Promise<void>
  stop(): Promise<void>
}> {
  const folder = options.path === undefined ? mkdtempSync(join(tmpdir(), 'daan-clickhouse-')) : undefined
  const path = options.path ?? join(folder as string, 'data')
  const child = fork(
    fileURLToPath(new URL('clickhouse-front.ts', import.meta.url)),
    ['--path', path, '--port', String(options.port ?? 0)],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('The ClickHouse front ended before it listened; its words are on standard error.')
    }),
  ])) as [{ port: number }]
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    // chdb may wait for a query that is under way before it lets go.
    const hard = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await gone
    clearTimeout(hard)
  }
  return {
    url: `http://127.0.0.1:${message.port}/daan`,
    port: message.port,
    pid: child.pid as number,
    path,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM')
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
