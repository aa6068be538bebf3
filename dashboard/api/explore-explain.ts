import type { BoardValue, Explained } from './explore-shapes.ts'

/** Every value of every dimension, with what it had before and has now. */
export interface Change {
  readonly total: Pick<BoardValue, 'now' | 'before'>
  readonly boards: readonly { readonly dimension: string; readonly values: readonly BoardValue[] }[]
}

/** Least part of the whole change that a cause is named for. */
const leastShare = 0.05

/**
 * What makes the difference, the likeliest first. Had a value moved as everything else did, it would have `before × rest now /
 * rest before`; its excess is what it has beyond, and its weight that over the square root of what was expected (the deviation
 * of a count), so that of a site and its province with the same excess the site comes first. The value of most weight tells how
 * the rest moved without it, and the others are measured by that: else what stood still beside a great rise would seem to have
 * fallen. Left out: values that hold everything, and those that moved as the whole did, which tell nothing from nothing.
 * before is multiplied by `scale` where the spans differ in length.
 */
export function explain({ total, boards }: Change, most = 12, scale = 1): Explained {
  const before = total.before * scale
  const change = total.now - before
  const least = leastShare * Math.max(Math.abs(change), Math.sqrt(Math.max(1, before)))
  const values = boards.flatMap((board) =>
    board.values
      .map(({ value, now, before: own }) => ({
        dimension: board.dimension,
        value,
        now,
        before: own * scale,
      }))
      .filter((one) => before - one.before > 0 || total.now - one.now > 0)
      .filter((one) => before === 0 || Math.abs(one.now - one.before * (total.now / before)) >= least),
  )
  const restRatio = (one: { now: number; before: number }): number =>
    before - one.before > 0 ? (total.now - one.now) / (before - one.before) : 1
  const weight = (one: { now: number; before: number }, ratio: number): number =>
    Math.abs(one.now - one.before * ratio) / Math.sqrt(Math.max(1, one.before * ratio))
  const first = values
    .map((one) => ({ one, weight: weight(one, restRatio(one)) }))
    .sort((a, b) => b.weight - a.weight)[0]?.one
  const ratio = first === undefined ? 1 : restRatio(first)
  return {
    now: total.now,
    before,
    causes: values
      .filter((one) => Math.abs(one.now - one.before * ratio) >= least)
      .sort((a, b) => weight(b, ratio) - weight(a, ratio) || (a.value < b.value ? -1 : 1))
      .slice(0, most)
      .map((one) => ({
        ...one,
        ratio: one.before > 0 ? one.now / one.before : null,
        excess: one.now - one.before * ratio,
        share: change === 0 ? 0 : (one.now - one.before) / change,
      })),
  }
}
