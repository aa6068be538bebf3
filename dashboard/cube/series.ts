import type { Dimension } from '../api/explore-measures.ts'
import { byText } from './boards.ts'
import { Buckets, type Width } from './buckets.ts'
import type { KindDimension, PlaceDimension } from './codes.ts'
import { addMoves, addRows } from './count.ts'
import type { Cube } from './cube.ts'
import { isPlace, onHour, wantedOf, type CubeQuestion, type Otherwise } from './question.ts'

/** Rows of a series by column, as explore-series.sql has them; time in ms UTC. */
export interface SeriesColumns {
  readonly time: number[]
  readonly period: number[]
  readonly rank: number[]
  readonly label: string[]
  readonly value: number[]
  readonly base: number[]
  readonly labels: number[]
}

export interface Split extends Width {
  /** null: not split. */
  readonly by: Dimension | null
  /** Values that are told apart; the rest is added up. */
  readonly top: number
}

/**
 * A measure over time, split by one dimension, and unsplit the span that it is compared with: the rows of explore-series.sql, or of
 * explore-present-series.sql for a level. One walk over the rows of a span counts by bucket and value; the largest values then stand alone,
 * the others together.
 */
export async function seriesOf(
  cube: Cube,
  question: CubeQuestion,
  { by, top, grain, zone }: Split,
  otherwise: readonly Otherwise[] = [],
): Promise<SeriesColumns> {
  const columns: SeriesColumns = {
    time: [],
    period: [],
    rank: [],
    label: [],
    value: [],
    base: [],
    labels: [],
  }
  const { from, to, compareFrom, compareTo } = question
  // Values that there were and are no more.
  if (by !== null)
    for (const { value } of otherwise) cube.keys.dimensions[by as KindDimension | PlaceDimension].of(value)
  const counted = await count(cube, question, new Buckets(from, to, { grain, zone }), by)
  change(counted, otherwise, 0)
  const told = toldApart(counted)
  addPeriod(columns, 0, together(counted, told, top), told, top)
  if (compareFrom >= compareTo) return columns
  const span = { ...question, from: compareFrom, to: compareTo }
  // An hour of both spans belongs to the one that is shown; a level is that of each.
  const except = question.measure.kind === 'level' ? undefined : { from: onHour(from), to: onHour(to) }
  const before = await count(cube, span, new Buckets(compareFrom, compareTo, { grain, zone }), null, except)
  change(before, otherwise, 1)
  addPeriod(columns, 1, before, [''], 1)
  return columns
}

/** What was counted: of each bucket a cell for each value, in the order of their codes. */
interface Counted {
  readonly times: readonly number[]
  readonly names: readonly string[]
  readonly value: Float64Array
  readonly base: Float64Array
  /** Of a level: who left, `value` being who came. */
  readonly left: Float64Array | null
}

async function count(
  cube: Cube,
  question: CubeQuestion,
  buckets: Buckets,
  by: Dimension | null,
  except?: { readonly from: number; readonly to: number },
): Promise<Counted> {
  const { measure, feeds, from, to } = question
  const { keys } = cube
  const wanted = wantedOf(keys, question)
  const dimension = by as KindDimension | PlaceDimension | null
  const names = dimension === null ? [''] : keys.dimensions[dimension].names
  const places = {
    by: isPlace(by) ? ('site' as const) : ('kind' as const),
    of: dimension === null ? new Uint32Array(keys.kinds) : Uint32Array.from(keys.of[dimension]),
  }
  const cells = (): Float64Array => new Float64Array(buckets.times.length * names.length)
  const startOf = (hour: number): number => buckets.indexOf(hour) * names.length
  const value = cells()
  if (measure.kind === 'level') {
    const left = cells()
    await addMoves(cube, question, wanted, places, { came: value, left, startOf })
    return { times: buckets.times, names, value, base: value, left }
  }
  const base = measure.column === 'count' ? value : cells()
  for (const feed of feeds)
    for await (const [hour, slice] of cube.slices(feed, onHour(from), onHour(to))) {
      if (except !== undefined && hour >= except.from && hour < except.to) continue
      addRows(slice, slice.count, wanted, places, base, startOf(hour))
      if (base !== value) addRows(slice, slice[measure.column], wanted, places, value, startOf(hour))
    }
  return { times: buckets.times, names, value, base, left: null }
}

/** Adds what was otherwise to the cells. Never below nothing: what came this second is known there and not yet here. */
function change(
  { times, names, value, base }: Counted,
  otherwise: readonly Otherwise[],
  period: 0 | 1,
): void {
  if (otherwise.length === 0) return
  const buckets = new Map(times.map((time, bucket) => [time, bucket]))
  const codes = new Map(names.map((name, code) => [name, code]))
  for (const one of otherwise) {
    const [bucket, code] = [buckets.get(one.at_ms), codes.get(one.value)]
    if (one.period !== period || bucket === undefined || code === undefined) continue
    const cell = bucket * names.length + code
    base[cell] = Math.max(0, (base[cell] as number) + one.of)
    if (value !== base) value[cell] = Math.max(0, (value[cell] as number) + one.added)
  }
}

/** Values that there are, the largest first; of a level those of which most came and went. */
function toldApart({ names, value, base, left }: Counted): string[] {
  const sums = names.map((name) => ({ name, value: 0, base: 0 }))
  for (let cell = 0; cell < value.length; cell++) {
    const sum = sums[cell % names.length] as { value: number; base: number }
    sum.value += (value[cell] as number) + (left?.[cell] ?? 0)
    sum.base += (base[cell] as number) + (left?.[cell] ?? 0)
  }
  return sums
    .filter((sum) => sum.base > 0)
    .sort((a, b) => b.value - a.value || byText(a.name, b.name))
    .map(({ name }) => name)
}

/** The same with a cell for each of the first `top` values, by rank, and one for all others. */
function together(
  { times, names, value, base, left }: Counted,
  told: readonly string[],
  top: number,
): Counted {
  const ranks = new Map(told.slice(0, top).map((name, rank) => [name, rank]))
  const rankOf = names.map((name) => ranks.get(name) ?? top)
  const fold = (cells: Float64Array): Float64Array => {
    const folded = new Float64Array(times.length * (top + 1))
    for (let cell = 0; cell < cells.length; cell++) {
      const at = Math.floor(cell / names.length) * (top + 1) + (rankOf[cell % names.length] as number)
      folded[at] = (folded[at] as number) + (cells[cell] as number)
    }
    return folded
  }
  return {
    times,
    names: [...told.slice(0, top), ''],
    value: fold(value),
    base: base === value ? fold(value) : fold(base),
    left: left === null ? null : fold(left),
  }
}

function addPeriod(
  into: SeriesColumns,
  period: 0 | 1,
  { times, value, base, left }: Counted,
  told: readonly string[],
  top: number,
): void {
  const width = value.length / Math.max(1, times.length)
  for (let rank = 0; rank < width; rank++) {
    let level = 0
    times.forEach((time, bucket) => {
      const cell = bucket * width + rank
      const [came, gone] = [value[cell] as number, left?.[cell] ?? 0]
      if (left === null ? (base[cell] as number) <= 0 : came + gone === 0) return
      level += came - gone
      into.time.push(time)
      into.period.push(period)
      into.rank.push(rank)
      into.label.push(rank === top ? '' : (told[rank] as string))
      into.value.push(left === null ? came : level)
      into.base.push(left === null ? (base[cell] as number) : level)
      into.labels.push(told.length)
    })
  }
}
