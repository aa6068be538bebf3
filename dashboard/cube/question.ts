import type { Dimension, Measure } from '../api/explore-measures.ts'
import type { Instants } from '../api/explore-reading.ts'
import {
  kindDimensions,
  placeDimensions,
  type KindDimension,
  type Keys,
  type PlaceDimension,
} from './codes.ts'

/** What is asked of the cube. Instants in ms UTC; a record counts by the hour that it lies in. */
export interface CubeQuestion {
  readonly measure: Measure
  readonly feeds: readonly string[]
  readonly from: number
  readonly to: number
  /** Compared with; empty: nothing. */
  readonly compareFrom: number
  readonly compareTo: number
  /** Of each dimension the values that count; absent or empty: all. */
  readonly filter: Partial<Readonly<Record<Dimension, readonly string[]>>>
}

/** What was otherwise at another time than now, as explore-known-changes.sql tells it. */
export interface Otherwise {
  /** Start of the bucket, ms UTC. */
  readonly at_ms: number
  /** 1: of the span that it is compared with. */
  readonly period: number
  /** Of the dimension that is told apart. */
  readonly value: string
  readonly added: number
  readonly of: number
}

/** Which sites and kinds count, a byte each; `all`: every row does. */
export interface Wanted {
  readonly sites: Uint8Array
  readonly kinds: Uint8Array
  readonly all: boolean
}

const hourMs = 3_600_000

/** The first hour, since 1970, that begins at an instant or after it. */
export const onHour = (at: number): number => Math.ceil(at / hourMs)

export function wantedOf(keys: Keys, { filter }: Pick<CubeQuestion, 'filter'>): Wanted {
  const of = (
    length: number,
    dimensions: readonly (KindDimension | PlaceDimension)[],
    values: (dimension: KindDimension | PlaceDimension) => readonly string[] | undefined,
  ): Uint8Array => {
    const wanted = new Uint8Array(length).fill(1)
    for (const dimension of dimensions) {
      const given = values(dimension)
      if (given === undefined || given.length === 0) continue
      const { names } = keys.dimensions[dimension]
      const holds = names.map((name) => given.includes(name))
      const codes = keys.of[dimension]
      for (let i = 0; i < length; i++) if (!holds[codes[i] as number]) wanted[i] = 0
    }
    return wanted
  }
  // The rows of a feed are walked or not: it is no condition on them.
  const sites = of(keys.sites, placeDimensions, (dimension) => filter[dimension])
  const kinds = of(keys.kinds, kindDimensions, (dimension) =>
    dimension === 'feed' ? undefined : filter[dimension],
  )
  return { sites, kinds, all: !sites.includes(0) && !kinds.includes(0) }
}

export const isPlace = (dimension: Dimension | null): dimension is PlaceDimension =>
  placeDimensions.some((place) => place === dimension)

/** The spans as hours since 1970, without those that `skip` covers. */
export function hoursOf(
  { from, to }: Instants,
  skip: readonly Instants[],
): readonly (readonly [number, number])[] {
  let spans: [number, number][] = [[onHour(from), onHour(to)]]
  for (const gap of skip) {
    const [start, end] = [onHour(gap.from), onHour(gap.to)]
    spans = spans.flatMap(([a, b]): [number, number][] => [
      [a, Math.min(b, start)],
      [Math.max(a, end), b],
    ])
    spans = spans.filter(([a, b]) => a < b)
  }
  return spans.filter(([a, b]) => a < b)
}
