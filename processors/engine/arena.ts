/**
 * Blocks of Uint32 in power-of-two sizes out of one growing array: the sorted record lists of millions of keys without an
 * object each. A block that is given back is reused for the next of its size.
 */
export class Arena {
  data: Uint32Array
  #end = 1
  readonly #free: number[][] = []

  constructor(capacity = 1 << 16) {
    this.data = new Uint32Array(capacity)
  }

  /** Start of a block of 2^sizeClass entries. Never 0, so that 0 can mean none. */
  allocate(sizeClass: number): number {
    const reused = this.#free[sizeClass]?.pop()
    if (reused !== undefined) return reused
    const size = 1 << sizeClass
    if (this.#end + size > this.data.length) {
      const more = new Uint32Array(Math.max(this.data.length * 2, this.#end + size))
      more.set(this.data)
      this.data = more
    }
    const start = this.#end
    this.#end += size
    return start
  }

  release(start: number, sizeClass: number): void {
    ;(this.#free[sizeClass] ??= []).push(start)
  }

  get bytes(): number {
    return this.data.byteLength
  }

  /** The used part, and the free blocks of each size. */
  image(): { data: Uint32Array; free: Uint32Array[] } {
    return {
      data: this.data.subarray(0, this.#end),
      free: Array.from(this.#free, (starts) => Uint32Array.from(starts ?? [])),
    }
  }

  restore({ data, free }: { data: Uint32Array; free: readonly Uint32Array[] }): void {
    this.data = new Uint32Array(Math.max(1 << 16, data.length * 2))
    this.data.set(data)
    this.#end = data.length
    for (const [sizeClass, starts] of free.entries()) this.#free[sizeClass] = [...starts]
  }
}
