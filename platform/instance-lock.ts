import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endProcesses, processMark } from './process-mark.ts'

/** One supervisor on a data folder. The file also names its children, so that the next start can end those left over. */
export interface InstanceLock {
  /** Notes which children run now. */
  note(pids: readonly number[]): void
  release(): void
}

/** Another supervisor runs on this data folder. */
export class LockedError extends Error {
  readonly code = 'LOCKED'
}

interface Holder {
  readonly pid: number
  readonly mark: string
  readonly children: readonly { pid: number; mark: string }[]
}

const orphansMs = 4_000

/**
 * Takes `dataDir/supervisor.lock`. Throws {@link LockedError} with the holder's pid while it lives; after one that was
 * killed, ends the children it left (they stop by themselves as well, this is only faster) and takes over.
 */
export async function takeLock(dataDir: string, say: (text: string) => void): Promise<InstanceLock> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, 'supervisor.lock')
  const mine: Holder = { pid: process.pid, mark: processMark(process.pid) ?? '', children: [] }
  for (;;) {
    if (create(file, mine)) break
    const holder = read(file)
    if (holder !== undefined && processMark(holder.pid) === holder.mark)
      throw new LockedError(
        `Another instance runs on ${dataDir} (pid ${holder.pid}): stop it, or set DATA_DIR to another folder.`,
      )
    const left = await endProcesses(holder?.children ?? [], orphansMs)
    if (left > 0) say(`The last instance was killed; ended ${left} of its processes that were left.`)
    rmSync(file, { force: true })
  }
  return {
    note: (pids) => {
      const children = pids.map((pid) => ({ pid, mark: processMark(pid) ?? '' }))
      replace(file, { ...mine, children: children.filter(({ mark }) => mark !== '') })
    },
    release: () => {
      if (read(file)?.pid === process.pid) rmSync(file, { force: true })
    },
  }
}

/** Creates the file with its content in one step, so that nobody reads half of it; false when there is one. */
function create(file: string, holder: Holder): boolean {
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, JSON.stringify(holder), { mode: 0o600 })
  try {
    linkSync(fresh, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(fresh, { force: true })
  }
}

function replace(file: string, holder: Holder): void {
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(holder), { mode: 0o600 })
  renameSync(`${file}.${process.pid}`, file)
}

/** Undefined for a file that is gone or damaged: then nobody holds it. */
function read(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>
    if (typeof holder.pid !== 'number' || typeof holder.mark !== 'string') return undefined
    return { pid: holder.pid, mark: holder.mark, children: holder.children ?? [] }
  } catch {
    return undefined
  }
}
