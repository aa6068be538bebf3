/** Shapes in time that several detectors look for. All pure, all over ascending times. */

/** Positions [first, last], inclusive. */
export interface Run {
  readonly first: number
  readonly last: number
}

/**
 * Maximal chains of hot entries. An entry is hot when it lies in some span of `windowMs` (both ends included) that holds at
 * least `atLeast` entries; neighbours are of one chain when they share such a span.
 *
 * @param times ascending, ms
 */
export function hotChains(times: readonly number[], windowMs: number, atLeast: number): Run[] {
  const runs: Run[] = []
  if (times.length < atLeast) return runs
  let end = 0
  for (let start = 0; start + atLeast <= times.length; start++) {
    // The widest span that begins at this entry: entries start … end - 1.
    if (end < start) end = start
    while (end < times.length && (times[end] as number) - (times[start] as number) <= windowMs) end++
    if (end - start < atLeast) continue
    const previous = runs.at(-1)
    // Two spans with an entry in common make one chain: each pair of neighbours lies in one span or the other.
    if (previous !== undefined && start <= previous.last)
      runs[runs.length - 1] = { first: previous.first, last: Math.max(previous.last, end - 1) }
    else runs.push({ first: start, last: end - 1 })
  }
  return runs
}

/** A step of a level that changes at instants: `change` is added at `at`. */
export interface Step {
  readonly at: number
  readonly change: number
}

/** A maximal interval [start, end) in which the level is over its limit. */
export interface Excess {
  readonly start: number
  readonly end: number
  readonly peak: number
  /** When the level first reached its peak, and the limit that held then. */
  readonly peakAt: number
  readonly limitAtPeak: number
}

/**
 * Maximal intervals in which the sum of the steps so far exceeds `limitAt(t)`.
 *
 * @param steps in any order; those of one instant count together
 * @param limitChanges instants at which `limitAt` may change
 */
export function excesses(
  steps: readonly Step[],
  limitAt: (at: number) => number,
  limitChanges: readonly number[],
): Excess[] {
  const ordered = [...steps, ...limitChanges.map((at) => ({ at, change: 0 }))].sort((a, b) => a.at - b.at)
  const found: Excess[] = []
  let level = 0
  let open: { start: number; peak: number; peakAt: number; limitAtPeak: number } | undefined
  for (let i = 0; i < ordered.length;) {
    const at = (ordered[i] as Step).at
    for (; i < ordered.length && (ordered[i] as Step).at === at; i++) level += (ordered[i] as Step).change
    const limit = limitAt(at)
    if (level > limit) {
      if (open === undefined) open = { start: at, peak: level, peakAt: at, limitAtPeak: limit }
      else if (level > open.peak) open = { ...open, peak: level, peakAt: at, limitAtPeak: limit }
    } else if (open !== undefined) {
      found.push({ ...open, end: at })
      open = undefined
    }
  }
  if (open !== undefined) found.push({ ...open, end: Infinity })
  return found
}
