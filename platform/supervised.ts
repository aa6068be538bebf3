import { fork, type ChildProcess } from 'node:child_process'
import { lower } from './nice.ts'
import type { RoleLog } from './role-log.ts'

/** A role to run as a child process. */
export interface RoleSpec {
  readonly name: string
  /** Its TypeScript file; runs on the Node that runs this process. */
  readonly script: string
  readonly env: NodeJS.ProcessEnv
  /** Niceness, 0–19: a role that may wait. */
  readonly nice?: number
}

/** A child that is started again when it dies. */
export interface Supervised {
  readonly name: string
  /** Undefined while it is between two lives, or has been given up. */
  pid(): number | undefined
  /** SIGTERM, and SIGKILL when `deadline` (ms since the epoch) passes; resolves when it is gone. */
  stop(deadline: number): Promise<void>
}

export interface SupervisedDeps {
  readonly log: RoleLog
  readonly say: (text: string) => void
  /** Called after each start and death. */
  readonly changed: () => void
  /** Called once when it has died too often too soon. */
  readonly gaveUp: (lastLines: readonly string[]) => void
  /** Waits before the next life, ms, one after another; a life longer than `quickMs` starts from the first again. */
  readonly backoffMs?: readonly number[]
  readonly quickMs?: number
}

/** A death within `quickMs` of its start is a quick one; there are as many tries as waits, then it is given up. */
export function supervise(role: RoleSpec, deps: SupervisedDeps): Supervised {
  const backoffMs = deps.backoffMs ?? [200, 500, 1_000, 2_000, 4_000]
  const quickMs = deps.quickMs ?? 10_000
  let child: ChildProcess | undefined
  let gone = Promise.resolve()
  let stopping = false
  let quickDeaths = 0
  let timer: NodeJS.Timeout | undefined

  const start = (): void => {
    const startedAt = Date.now()
    // A session of its own: a terminal's Ctrl-C reaches the supervisor, which stops the roles in order.
    const started = fork(role.script, [], {
      env: role.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
      serialization: 'json',
    })
    child = started
    if (role.nice !== undefined && started.pid !== undefined) lower(started.pid, role.nice)
    if (started.stdout !== null) deps.log.take(started.stdout)
    if (started.stderr !== null) deps.log.take(started.stderr)
    gone = new Promise((resolve) => {
      started.once('error', () => {})
      started.once('exit', (code, signal) => {
        child = undefined
        resolve()
        deps.changed()
        if (stopping) return
        // The last lines of its output come by 'close', which something it left behind could hold up for ever.
        const livedMs = Date.now() - startedAt
        const output = new Promise((closed) => started.once('close', closed))
        const late = new Promise((done) => setTimeout(done, 300))
        void Promise.race([output, late]).then(() => died(signal ?? `code ${code}`, livedMs))
      })
    })
    deps.changed()
  }

  const died = (how: string, livedMs: number): void => {
    quickDeaths = livedMs < quickMs ? quickDeaths + 1 : 1
    const wait = backoffMs[quickDeaths - 1]
    if (wait === undefined) {
      deps.say(
        `${role.name} died ${quickDeaths} times within ${quickMs / 1000} s of its start (${how}): giving up.`,
      )
      deps.gaveUp(deps.log.tail())
      return
    }
    if (stopping) return
    deps.say(`${role.name} died (${how}); starting it again in ${wait / 1000} s.`)
    timer = setTimeout(start, wait)
  }

  start()
  return {
    name: role.name,
    pid: () => child?.pid,
    stop: async (deadline) => {
      stopping = true
      clearTimeout(timer)
      const last = child
      last?.kill('SIGTERM')
      const hard = setTimeout(() => last?.kill('SIGKILL'), Math.max(0, deadline - Date.now()))
      await gone
      clearTimeout(hard)
    },
  }
}
