import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * What tells one process from a later one with the same number: when it was started, on which boot. Undefined: no such
 * process runs (one that has ended but was not yet collected by its parent counts as gone).
 */
export function processMark(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxMark(pid)
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

/** Asks `processes` that still run to end, and ends them hard after `withinMs`. Others with the same number are left alone. */
export async function endProcesses(
  processes: readonly { pid: number; mark: string }[],
  withinMs: number,
): Promise<number> {
  const alive = (): { pid: number; mark: string }[] =>
    processes.filter(({ pid, mark }) => processMark(pid) === mark)
  const found = alive().length
  for (const { pid } of alive()) signal(pid, 'SIGTERM')
  const deadline = Date.now() + withinMs
  while (alive().length > 0 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50))
  for (const { pid } of alive()) signal(pid, 'SIGKILL')
  while (alive().length > 0 && Date.now() < deadline + 2_000)
    await new Promise((done) => setTimeout(done, 20))
  return found
}

function linuxMark(pid: number): string | undefined {
  try {
    // The name in brackets may hold anything; what follows it are: state, …, start time in ticks since boot (field 22).
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? []
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return `${fields[19]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}`
  } catch {
    return undefined
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended between the look and the signal.
  }
}
