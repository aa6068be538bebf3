/** What a count is held against. */
export interface Floors {
  /** Least difference from what is usual, in events. */
  readonly difference: number
  /** Least difference as a share of what is usual. */
  readonly ratio: number
  /** Least difference in spreads (1.4826 × the median distance from the median: a standard deviation of a normal law). */
  readonly spreads: number
}

/** A count that is unusual, and what is usual. */
export interface Unusual {
  readonly count: number
  readonly usual: number
  readonly spread: number
}

/**
 * Whether a count is unusual against `before`: away from their median by more than every floor, and beyond the whole range of them by
 * half the ratio. Where the median is nothing, it also has to be above everything in `everyDay` by the ratio: a pier that is empty
 * on most days and full on some is not unusual when it is full. undefined: as usual.
 */
export function unusual(
  count: number,
  before: readonly number[],
  everyDay: () => readonly number[],
  { difference, ratio, spreads }: Floors,
): Unusual | undefined {
  // Most counts lie within the range: no sorting for them.
  if (count <= Math.max(...before) * (1 + ratio / 2) && count >= Math.min(...before) * (1 - ratio / 2))
    return undefined
  const usual = median(before)
  const away = Math.abs(count - usual)
  if (away <= difference || away <= ratio * usual) return undefined
  const spread = 1.4826 * median(before.map((one) => Math.abs(one - usual)))
  if (away <= spreads * spread) return undefined
  if (usual === 0 && count <= Math.max(...everyDay()) * (1 + ratio)) return undefined
  return { count, usual, spread }
}

/** The middle of some numbers, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2
}
