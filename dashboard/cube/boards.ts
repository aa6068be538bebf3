import type { Dimension } from '../api/explore-measures.ts'
import type { Instants } from '../api/explore-reading.ts'
import type { Boards, BoardValue } from '../api/explore-shapes.ts'
import { kindDimensions, placeDimensions, type Keys } from './codes.ts'
import { addBoth, addPresent } from './count.ts'
import type { Cube } from './cube.ts'
import { hoursOf, wantedOf, type CubeQuestion, type Wanted } from './question.ts'

/** What was counted by site and by kind: the column asked for, and records (of a level both are people). */
interface Tally {
  readonly siteValue: Float64Array
  readonly siteBase: Float64Array
  readonly kindValue: Float64Array
  readonly kindBase: Float64Array
}

/**
 * The values of some dimensions, largest first, now and before, as explore-boards.sql and explore-present-boards.sql give them: one walk
 * over the rows of each span counts by site and by kind, and every dimension is a sum over these.
 */
export async function boardsOf(
  cube: Cube,
  question: CubeQuestion,
  { dimensions, top, skip }: { dimensions: readonly Dimension[]; top: number; skip: readonly Instants[] },
): Promise<Boards> {
  const { keys } = cube
  const wanted = wantedOf(keys, question)
  const count = question.measure.kind === 'level' ? presentIn : recordsIn
  const { from, to, compareFrom, compareTo } = question
  const now = await count(cube, question, { from, to }, wanted, skip)
  const before = await count(cube, question, { from: compareFrom, to: compareTo }, wanted, skip)
  const all = valuesOf([''], [], now, before, 'kind')
  return {
    total: all[0] ?? { value: '', now: 0, nowBase: 0, before: 0, beforeBase: 0 },
    boards: [...placeDimensions, ...kindDimensions]
      .filter((dimension) => dimensions.includes(dimension))
      .map((dimension) => ({ dimension, values: boardOf(keys, dimension, now, before, top) }))
      .filter(({ values }) => values.length > 0),
  }
}

function boardOf(
  keys: Keys,
  dimension: (typeof placeDimensions | typeof kindDimensions)[number],
  now: Tally,
  before: Tally,
  top: number,
): BoardValue[] {
  const by = placeDimensions.some((place) => place === dimension) ? 'site' : 'kind'
  const values = valuesOf(keys.dimensions[dimension].names, keys.of[dimension], now, before, by)
  return values
    .sort((a, b) => Math.max(b.now, b.before) - Math.max(a.now, a.before) || byText(a.value, b.value))
    .slice(0, top)
}

/** Sums by value: `codes` says which each site or kind has; none: all have the first. */
function valuesOf(
  names: readonly string[],
  codes: readonly number[],
  now: Tally,
  before: Tally,
  by: 'site' | 'kind',
): BoardValue[] {
  const sums = [now[`${by}Value`], now[`${by}Base`], before[`${by}Value`], before[`${by}Base`]].map(
    (counted) => {
      const sum = new Float64Array(names.length)
      for (let i = 0; i < counted.length; i++) {
        const code = codes[i] ?? 0
        sum[code] = (sum[code] as number) + (counted[i] as number)
      }
      return sum
    },
  ) as [Float64Array, Float64Array, Float64Array, Float64Array]
  return names
    .map((value, i) => ({
      value,
      now: sums[0][i] as number,
      nowBase: sums[1][i] as number,
      before: sums[2][i] as number,
      beforeBase: sums[3][i] as number,
    }))
    .filter(({ nowBase, beforeBase }) => nowBase > 0 || beforeBase > 0)
}

function emptyTally({ sites, kinds }: Keys): Tally {
  return {
    siteValue: new Float64Array(sites),
    siteBase: new Float64Array(sites),
    kindValue: new Float64Array(kinds),
    kindBase: new Float64Array(kinds),
  }
}

async function recordsIn(
  cube: Cube,
  { measure, feeds }: CubeQuestion,
  span: Instants,
  wanted: Wanted,
  skip: readonly Instants[],
): Promise<Tally> {
  const tally = emptyTally(cube.keys)
  for (const [from, to] of hoursOf(span, skip))
    for (const feed of feeds)
      for await (const [, slice] of cube.slices(feed, from, to)) {
        addBoth(slice, slice.count, wanted, tally.siteBase, tally.kindBase)
        if (measure.column !== 'count')
          addBoth(slice, slice[measure.column], wanted, tally.siteValue, tally.kindValue)
      }
  return measure.column === 'count'
    ? { ...tally, siteValue: tally.siteBase, kindValue: tally.kindBase }
    : tally
}

async function presentIn(cube: Cube, _: CubeQuestion, { to }: Instants, wanted: Wanted): Promise<Tally> {
  const tally = emptyTally(cube.keys)
  await addPresent(cube, to, wanted, tally.siteBase, tally.kindBase)
  return { ...tally, siteValue: tally.siteBase, kindValue: tally.kindBase }
}

/** By their code units, which is the order of their bytes for whatever is not an emoji. */
export function byText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
