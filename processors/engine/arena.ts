import { Words, type Numbers } from './columns.ts'

/**
 * Blocks of numbers in power-of-two sizes out of one growing column: the sorted record lists of millions of keys without an
 * object each. A block that is given back is reused for the next of its size.
 */
export class Arena {
  readonly data = new Words()
  #end = 1
  readonly #free: number[][] = []

  /** Start of a block of 2^sizeClass entries. Never 0, so that 0 can mean none. */
  allocate(sizeClass: number): number {
    const reused = this.#free[sizeClass]?.pop()
    if (reused !== undefined) return reused
    const start = this.#end
    this.#end += 1 << sizeClass
    this.data.reserve(this.#end)
    return start
  }

  release(start: number, sizeClass: number): void {
    ;(this.#free[sizeClass] ??= []).push(start)
  }

  get bytes(): number {
    return this.data.bytes
  }

  /** How many free blocks there are of each size, these, and the used part. */
  image(): Numbers[] {
    const free = Array.from(this.#free, (starts) => starts ?? [])
    return [
      Float64Array.of(this.#end),
      Uint32Array.from(free, (starts) => starts.length),
      Uint32Array.from(free.flat()),
      ...this.data.image(this.#end),
    ]
  }

  restore(arrays: Iterator<Numbers>): void {
    const next = (): Numbers => (arrays.next() as IteratorYieldResult<Numbers>).value
    this.#end = next()[0] as number
    const counts = next()
    const free = next()
    let from = 0
    for (const [sizeClass, count] of [...counts].entries()) {
      this.#free[sizeClass] = [...free.subarray(from, from + count)]
      from += count
    }
    this.data.restore(this.#end, arrays)
  }
}
