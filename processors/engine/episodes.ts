/** Shapes in time that several detectors look for. All pure, all over ascending times. */

/** Positions [first, last], inclusive. */
export interface Run {
  readonly first: number
  readonly last: number
}

/**
 * Maximal chains of hot entries. An entry is hot when it lies in some span of `windowMs` (both ends included) that holds at
 * least `atLeast` entries, and that `unusual` agrees with; neighbours are of one chain when they share such a span.
 *
 * @param times ascending, ms
 * @param unusual position of the span's first entry, and how many it holds
 */
export function hotChains(
  times: readonly number[],
  windowMs: number,
  atLeast: number,
  unusual: (first: number, count: number) => boolean = () => true,
): Run[] {
  const runs: Run[] = []
  if (times.length < atLeast) return runs
  let end = 0
  for (let start = 0; start + atLeast <= times.length; start++) {
    // The widest span that begins at this entry: entries start … end - 1.
    if (end < start) end = start
    while (end < times.length && (times[end] as number) - (times[start] as number) <= windowMs) end++
    if (end - start < atLeast || !unusual(start, end - start)) continue
    const previous = runs.at(-1)
    // Two spans with an entry in common make one chain: each pair of neighbours lies in one span or the other.
    if (previous !== undefined && start <= previous.last)
      runs[runs.length - 1] = { first: previous.first, last: Math.max(previous.last, end - 1) }
    else runs.push({ first: start, last: end - 1 })
  }
  return runs
}

/**
 * How many entries a span of `windowMs` usually holds, over the `backMs` before `at`: the median over back-to-back spans that hold
 * any, so that neither days off nor one unusual day move it; 0 when there are none.
 *
 * @param times ascending, ms
 */
export function usualCount(times: readonly number[], at: number, windowMs: number, backMs: number): number {
  const counts = new Map<number, number>()
  for (const time of times) {
    if (time >= at) break
    const span = Math.ceil((at - time) / windowMs)
    if (span * windowMs <= backMs) counts.set(span, (counts.get(span) ?? 0) + 1)
  }
  const sorted = [...counts.values()].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
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
