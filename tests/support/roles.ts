import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { largePages } from '../../platform/large-pages.ts'

/** Programs of the roles as they are run by hand and in docker-compose.yml, `node <program>` in the project's folder. */
export const programs = {
  ingest: 'ingest/main.ts',
  processor: 'processors/main.ts',
  archive: 'sql/main.ts',
  dashboard: 'dashboard/main.ts',
} as const

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Starts a role as a process of its own. It ends by itself if the test's process dies. `said()` is for failures. */
export function startRole(
  role: keyof typeof programs,
  env: Record<string, string>,
): { child: ChildProcess; said: () => string; stop: (signal?: NodeJS.Signals) => Promise<void> } {
  const { NATS_URL: _, CLICKHOUSE_URL: __, DATA_DIR: ___, ...inherited } = process.env
  const child = fork(programs[role], [], {
    cwd: root,
    env: {
      ...inherited,
      ...(role === 'ingest' || role === 'processor' ? largePages : {}),
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said = (said + String(chunk)).slice(-20_000)))
  const gone = once(child, 'exit')
  return {
    child,
    said: () => `--- ${role} ${env['SLICE'] ?? ''}\n${said}`,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await gone
    },
  }
}
