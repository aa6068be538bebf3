/** Records of a feed by bucket start, ms UTC. */
export type Counts = ReadonlyMap<number, number>

/** Fewest records that are usual in a bucket for its emptiness to mean something. */
const floor = 5

/**
 * Spans in [from, to) without one record where some are usual: the median of the same hour (or day) one to four weeks before
 * and after; where weeks are lacking, of the days around it. What is still under way (after `settledAt`) is no gap.
 * Neighbouring empty buckets make one span. Bucket starts are `stepMs` apart.
 */
export function gapsOf(
  counts: Counts,
  {
    from,
    to,
    stepMs,
    settledAt,
  }: { readonly from: number; readonly to: number; readonly stepMs: number; readonly settledAt: number },
): { from: number; to: number }[] {
  const times = [...counts.keys()]
  if (times.length === 0) return []
  const first = Math.min(...times)
  const last = Math.max(...times)
  const at = (time: number): number | undefined =>
    time < first || time > last ? undefined : (counts.get(time) ?? 0)
  const gaps: { from: number; to: number }[] = []
  const begin = first + Math.ceil((from - first) / stepMs) * stepMs
  for (let time = begin; time < to && time + stepMs <= settledAt; time += stepMs) {
    if ((counts.get(time) ?? 0) > 0 || usual(time, stepMs, at) < floor) continue
    const before = gaps.at(-1)
    if (before !== undefined && before.to === time) before.to = time + stepMs
    else gaps.push({ from: time, to: time + stepMs })
  }
  return gaps
}

const dayMs = 86_400_000

function usual(time: number, stepMs: number, at: (time: number) => number | undefined): number {
  const around = (periodMs: number, most: number): number[] =>
    Array.from({ length: most }, (_, i) => (i + 1) * periodMs)
      .flatMap((shift) => [at(time - shift), at(time + shift)])
      .filter((count) => count !== undefined)
  const weeks = around(7 * dayMs, 4)
  const values = weeks.length >= 2 ? weeks : stepMs < dayMs ? around(dayMs, 6) : around(dayMs, 3)
  if (values.length < 2) return 0
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] as number
}
