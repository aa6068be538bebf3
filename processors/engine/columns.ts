/**
 * Columns of numbers that grow without being copied: chunks of 65,536 entries, so that nothing ever stops to move gigabytes. Only the
 * first chunk grows by doubling, since most columns of most tests are small.
 */

export type Numbers = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array

/** Named parts of a state at rest; each component knows the order of its own arrays. */
export type Sections = Readonly<Record<string, readonly Numbers[]>>

const bits = 16
const chunkLength = 1 << bits
const mask = chunkLength - 1
const smallest = 256

/** Unsigned integers of 32 bits. */
export class Words {
  readonly chunks: Uint32Array[] = [new Uint32Array(smallest)]

  get(i: number): number {
    return (this.chunks[i >>> bits] as Uint32Array)[i & mask] as number
  }

  set(i: number, value: number): void {
    ;(this.chunks[i >>> bits] as Uint32Array)[i & mask] = value
  }

  /** Makes room for `length` entries; new ones are 0. */
  reserve(length: number): void {
    while (this.capacity < length) {
      const first = this.chunks[0] as Uint32Array
      if (first.length < chunkLength) this.chunks[0] = grown(first)
      else this.chunks.push(new Uint32Array(chunkLength))
    }
  }

  get capacity(): number {
    return (this.chunks.length - 1) * chunkLength + (this.chunks[0] as Uint32Array).length
  }

  get bytes(): number {
    return this.capacity * 4
  }

  /** Moves the entries [start, end) to `target`; the two may overlap. */
  move(target: number, start: number, end: number): void {
    if (start >= end) return
    const chunk = start >>> bits
    const last = Math.max(target + end - start, end) - 1
    if (last >>> bits === chunk && target >>> bits === chunk) {
      ;(this.chunks[chunk] as Uint32Array).copyWithin(target & mask, start & mask, ((end - 1) & mask) + 1)
      return
    }
    const length = end - start
    if (target < start) for (let i = 0; i < length; i++) this.set(target + i, this.get(start + i))
    else for (let i = length - 1; i >= 0; i--) this.set(target + i, this.get(start + i))
  }

  /** The first `length` entries as views. */
  image(length: number): Uint32Array[] {
    return views(this.chunks, length)
  }

  /** Takes the next `length` entries of an image. */
  restore(length: number, arrays: Iterator<Numbers>): void {
    this.reserve(length)
    for (let i = 0; i < length; i += chunkLength)
      this.chunks[i >>> bits]?.set((arrays.next() as IteratorYieldResult<Numbers>).value)
  }
}

/** Floating point numbers of 64 bits. Apart from {@link Words}, so that each reads one kind of array. */
export class Doubles {
  readonly chunks: Float64Array[] = [new Float64Array(smallest)]

  get(i: number): number {
    return (this.chunks[i >>> bits] as Float64Array)[i & mask] as number
  }

  set(i: number, value: number): void {
    ;(this.chunks[i >>> bits] as Float64Array)[i & mask] = value
  }

  /** Makes room for `length` entries; new ones are 0. */
  reserve(length: number): void {
    while (this.capacity < length) {
      const first = this.chunks[0] as Float64Array
      if (first.length < chunkLength) this.chunks[0] = grown(first)
      else this.chunks.push(new Float64Array(chunkLength))
    }
  }

  get capacity(): number {
    return (this.chunks.length - 1) * chunkLength + (this.chunks[0] as Float64Array).length
  }

  get bytes(): number {
    return this.capacity * 8
  }

  /** The first `length` entries as views. */
  image(length: number): Float64Array[] {
    return views(this.chunks, length)
  }

  /** Takes the next `length` entries of an image. */
  restore(length: number, arrays: Iterator<Numbers>): void {
    this.reserve(length)
    for (let i = 0; i < length; i += chunkLength)
      this.chunks[i >>> bits]?.set((arrays.next() as IteratorYieldResult<Numbers>).value)
  }
}

/** A copy of twice the length, or of `length`. For small arrays. */
export function grown<T extends Numbers>(array: T, length = array.length * 2): T {
  const more = new (array.constructor as new (length: number) => T)(length)
  more.set(array)
  return more
}

function views<T extends Numbers>(chunks: readonly T[], length: number): T[] {
  const found: T[] = []
  for (let i = 0; i < length; i += chunkLength)
    found.push((chunks[i >>> bits] as T).subarray(0, Math.min(chunkLength, length - i)) as T)
  return found
}
