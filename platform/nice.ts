import { setPriority } from 'node:os'

/** Of the dashboard, which has the store with it: it may wait, an answer to a supplier may not. */
export const dashboardNice = 10

/** Lowers the priority of a process. */
export function lower(pid: number, nice: number): void {
  try {
    setPriority(pid, nice)
  } catch {
    // Where this is not allowed the role runs as the others do.
  }
}
