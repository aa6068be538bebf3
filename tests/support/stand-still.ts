import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { until } from './until.ts'

/** Sends SIGSTOP and waits until every thread of the process has stopped: the signal alone says only that they will. */
export async function standStill(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  const threads = `/proc/${pid}/task`
  if (!existsSync(threads)) return
  await until('every thread to stop', () =>
    readdirSync(threads).every((thread) =>
      /\) [Tt] /.test(readFileSync(`${threads}/${thread}/stat`, 'latin1')),
    ),
  )
}
