import type { History } from './history.ts'

const day = 86_400_000
/** Thailand keeps one time all year. */
const localOffset = 7 * 3_600_000

/**
 * Which way a record leads over the border: `entry` or `exit`; empty for what is no crossing that took place (a route check, a stay in
 * a lodging, who was refused or referred to another desk).
 */
export function moveOf(history: History, i: number): 'entry' | 'exit' | '' {
  const direction = history.direction(i)
  if (direction !== 'entry' && direction !== 'exit') return ''
  const outcome = history.outcome(i)
  return outcome === 'admitted' || outcome === '' ? direction : ''
}

/** Position of the first record after `i` that is a crossing which took place; -1 when there is none. */
export function nextMove(history: History, i: number): number {
  for (let next = i + 1; next < history.length; next++) if (moveOf(history, next) !== '') return next
  return -1
}

/** Local midnight (ms UTC) with which the local day of an instant begins. */
export function startOfLocalDay(at: number): number {
  return Math.floor((at + localOffset) / day) * day - localOffset
}

/** Year of the local calendar in which an instant (ms UTC) lies. */
export function localYear(at: number): number {
  return new Date(at + localOffset).getUTCFullYear()
}
