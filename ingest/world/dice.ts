import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { hash64, hashed } from '../../platform/hash.ts'

const encoder = new TextEncoder()

/** Seeded chance. The same seed and words always throw the same dice, whatever was thrown elsewhere before. */
export class Dice {
  readonly #generator: RandomGenerator

  constructor(seed: number, ...words: readonly (string | number)[]) {
    hash64(encoder.encode(`${seed}/${words.join('/')}`))
    const { hi, lo } = hashed
    // All 64 bits: with 32, two of a hundred thousand travellers would throw the same dice and be one person.
    this.#generator = xoroshiro128plusFromState([hi, lo, ~lo, Math.imul(hi, 0x9e3779b1) | 1])
    this.#generator.next()
  }

  /** In [0, 1). */
  float(): number {
    return (this.#generator.next() >>> 0) / 0x1_0000_0000
  }

  /** In [min, max). */
  between(min: number, max: number): number {
    return min + this.float() * (max - min)
  }

  /** A whole number, both ends included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.float() * (max - min + 1))
  }

  chance(probability: number): boolean {
    return this.float() < probability
  }

  /** One of a list. Throws RangeError when it is empty. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('Nothing to pick from.')
    return list[Math.floor(this.float() * list.length)] as T
  }

  /** One of a weighted list. */
  from<T>(list: Weighted<T>): T {
    const at = this.float() * list.total
    let low = 0
    let high = list.sums.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((list.sums[middle] as number) > at) high = middle
      else low = middle + 1
    }
    return list.values[low] as T
  }

  /** How many of `expected` happen today: its whole part, and one more with the probability of the rest. */
  count(expected: number): number {
    return Math.floor(expected) + (this.chance(expected % 1) ? 1 : 0)
  }
}

/** Values with running sums of their weights. */
export interface Weighted<T> {
  readonly values: readonly T[]
  readonly sums: readonly number[]
  readonly total: number
}

/** Makes a weighted list; values of weight 0 never come. Throws RangeError when nothing has a weight. */
export function weighted<T>(pairs: readonly (readonly [value: T, weight: number])[]): Weighted<T> {
  const sums: number[] = []
  let total = 0
  for (const [, weight] of pairs) sums.push((total += weight))
  if (!(total > 0)) throw new RangeError('A weighted list needs a weight above 0.')
  return { values: pairs.map(([value]) => value), sums, total }
}
