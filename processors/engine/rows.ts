import { grown, type Numbers } from './columns.ts'

/**
 * Rows of numbers that grow without being copied. What belongs to one record lies side by side, in one or two lines of the processor's
 * cache: histories of millions of keys are in no cache, and what a look at a record costs is the lines that it takes. Chunks of 8 MB are as
 * many pages of 2 MB, where the system gives such. Only the first chunk grows by doubling, since most rows of most tests are few.
 */

/** Words of 32 bits in a chunk: 2^21. */
const chunkBits = 21
const smallest = 1 << 12

export class Rows {
  readonly chunks: Uint32Array[] = [new Uint32Array(smallest)]
  /** Words of a row: 2^shift. */
  readonly shift: number

  constructor(shift: number) {
    this.shift = shift
  }

  /** Rows that there is room for. */
  get capacity(): number {
    return this.#words / 2 ** this.shift
  }

  get bytes(): number {
    return this.#words * 4
  }

  get #words(): number {
    return (this.chunks.length - 1) * 2 ** chunkBits + (this.chunks[0] as Uint32Array).length
  }

  /** Makes room for `length` rows; new ones are all 0. */
  reserve(length: number): void {
    while (this.capacity < length) {
      const first = this.chunks[0] as Uint32Array
      if (first.length < 1 << chunkBits) this.chunks[0] = grown(first)
      else this.chunks.push(new Uint32Array(1 << chunkBits))
    }
  }

  /** The first `length` rows as views. */
  image(length: number): Uint32Array[] {
    return this.chunks.flatMap((chunk, n) => {
      const words = Math.min(chunk.length, length * 2 ** this.shift - n * 2 ** chunkBits)
      return words > 0 ? [chunk.subarray(0, words)] : []
    })
  }

  /** Takes the next `length` rows of an image. */
  restore(length: number, arrays: Iterator<Numbers>): void {
    this.reserve(length)
    for (let n = 0; n * 2 ** chunkBits < length * 2 ** this.shift; n++)
      this.chunks[n]?.set((arrays.next() as IteratorYieldResult<Numbers>).value)
  }
}

/** One word of each row, an unsigned integer. */
export class Field {
  readonly #chunks: Uint32Array[]
  readonly #shift: number
  readonly #rowBits: number
  readonly #word: number

  constructor(rows: Rows, word: number) {
    this.#chunks = rows.chunks
    this.#shift = rows.shift
    this.#rowBits = chunkBits - rows.shift
    this.#word = word
  }

  get(row: number): number {
    const chunk = this.#chunks[row >>> this.#rowBits] as Uint32Array
    return chunk[((row << this.#shift) & chunkMask) | this.#word] as number
  }

  set(row: number, value: number): void {
    const chunk = this.#chunks[row >>> this.#rowBits] as Uint32Array
    chunk[((row << this.#shift) & chunkMask) | this.#word] = value
  }
}

/**
 * A time, ms UTC from 1970 to the year 10889, or NaN: a word for its low half, and half of a word that two times of a row share. Times outside
 * are held as the nearest inside.
 */
export class TimeField {
  readonly #chunks: Uint32Array[]
  readonly #shift: number
  readonly #rowBits: number
  readonly #low: number
  readonly #high: number
  readonly #highShift: number

  /** `half`: which half of the word `high`. */
  constructor(rows: Rows, low: number, high: number, half: 0 | 1) {
    this.#chunks = rows.chunks
    this.#shift = rows.shift
    this.#rowBits = chunkBits - rows.shift
    this.#low = low
    this.#high = high
    this.#highShift = half * 16
  }

  get(row: number): number {
    const chunk = this.#chunks[row >>> this.#rowBits] as Uint32Array
    const place = (row << this.#shift) & chunkMask
    const high = ((chunk[place | this.#high] as number) >>> this.#highShift) & 0xffff
    return high === none ? NaN : high * 4_294_967_296 + (chunk[place | this.#low] as number)
  }

  set(row: number, time: number): void {
    const chunk = this.#chunks[row >>> this.#rowBits] as Uint32Array
    const place = (row << this.#shift) & chunkMask
    const inside = Math.min(Math.max(0, time), latest)
    const high = Number.isNaN(time) ? none : Math.floor(inside / 4_294_967_296)
    const other = (chunk[place | this.#high] as number) & (0xffff_0000 >>> this.#highShift)
    chunk[place | this.#high] = other | (high << this.#highShift)
    // A typed array takes the number modulo 2^32.
    chunk[place | this.#low] = inside
  }
}

const chunkMask = (1 << chunkBits) - 1
const none = 0xffff
const latest = none * 4_294_967_296 - 1
