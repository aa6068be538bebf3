import type { Cube } from './cube.ts'
import { onHour, type CubeQuestion, type Wanted } from './question.ts'
import type { Slice } from './slices.ts'

const hourMs = 3_600_000

/** Where a row is counted: by its site or by its kind, at the place that `of` gives that. */
export interface Places {
  readonly by: 'site' | 'kind'
  readonly of: Uint32Array
}

/** Adds a column of the rows that count to `into`, each at `start` and its place. */
export function addRows(
  { length, site, kind }: Slice,
  column: Uint16Array,
  { sites, kinds, all }: Wanted,
  { by, of }: Places,
  into: Float64Array,
  start: number,
): void {
  const at = by === 'site' ? site : kind
  for (let i = 0; i < length; i++) {
    if (!all && (sites[site[i] as number] === 0 || kinds[kind[i] as number] === 0)) continue
    const place = start + (of[at[i] as number] as number)
    into[place] = (into[place] as number) + (column[i] as number)
  }
}

/** Adds a column of the rows that count to those of their sites and of their kinds. */
export function addBoth(
  { length, site, kind }: Slice,
  column: Uint16Array,
  { sites, kinds, all }: Wanted,
  bySite: Float64Array,
  byKind: Float64Array,
): void {
  for (let i = 0; i < length; i++) {
    const s = site[i] as number
    const k = kind[i] as number
    if (!all && (sites[s] === 0 || kinds[k] === 0)) continue
    const n = column[i] as number
    bySite[s] = (bySite[s] as number) + n
    byKind[k] = (byKind[k] as number) + n
  }
}

/** What comes and goes: `starts` says for each hour since 1970 where it is counted. */
export interface Moves {
  readonly came: Float64Array
  readonly left: Float64Array
  readonly startOf: (hour: number) => number
}

/**
 * Counts everybody who comes to a lodging or leaves it in the span; whoever is there when it begins comes then, and whoever stays beyond it does
 * not leave. An hour of check-in counts, the hour of check-out does not.
 */
export async function addMoves(
  cube: Cube,
  { from, to }: Pick<CubeQuestion, 'from' | 'to'>,
  { sites, kinds, all }: Wanted,
  { by, of }: Places,
  { came, left, startOf }: Moves,
): Promise<void> {
  const [first, end] = [Math.floor(from / hourMs), onHour(to)]
  for await (const [hour, slice] of cube.slices('registrations', -Infinity, end)) {
    const { length, lastOut, people, stay, site, kind } = slice
    if (people === null || stay === null || lastOut * hourMs <= from) continue
    const at = by === 'site' ? site : kind
    const start = startOf(Math.max(hour, first))
    for (let i = 0; i < length; i++) {
      const out = hour + (stay[i] as number)
      if (out === hour || out * hourMs <= from) continue
      if (!all && (sites[site[i] as number] === 0 || kinds[kind[i] as number] === 0)) continue
      const n = people[i] as number
      const place = of[at[i] as number] as number
      came[start + place] = (came[start + place] as number) + n
      if (out >= end) continue
      const there = startOf(out) + place
      left[there] = (left[there] as number) + n
    }
  }
}

/** Counts who is in a lodging at an instant: came before, and leaves in that hour or later. */
export async function addPresent(
  cube: Cube,
  at: number,
  { sites, kinds, all }: Wanted,
  bySite: Float64Array,
  byKind: Float64Array,
): Promise<void> {
  const then = onHour(at)
  for await (const [hour, slice] of cube.slices('registrations', -Infinity, then)) {
    const { length, lastOut, people, stay, site, kind } = slice
    if (people === null || stay === null || lastOut < then) continue
    for (let i = 0; i < length; i++) {
      const s = site[i] as number
      const k = kind[i] as number
      if (hour + (stay[i] as number) < then) continue
      if (!all && (sites[s] === 0 || kinds[k] === 0)) continue
      const n = people[i] as number
      bySite[s] = (bySite[s] as number) + n
      byKind[k] = (byKind[k] as number) + n
    }
  }
}
