import { hexOf } from '../../platform/hash.ts'
import { grown } from './columns.ts'

/** Events of one key by time, then event, in typed arrays. */
export class EventList {
  at = new Float64Array(4)
  hi = new Uint32Array(4)
  lo = new Uint32Array(4)
  length = 0

  /** Puts an event in; one that is there stays once. */
  add(at: number, hi: number, lo: number): void {
    const place = this.#place(at, hi, lo)
    if (this.#is(place, at, hi, lo)) return
    if (this.length === this.at.length) {
      this.at = grown(this.at)
      this.hi = grown(this.hi)
      this.lo = grown(this.lo)
    }
    for (const array of [this.at, this.hi, this.lo]) array.copyWithin(place + 1, place, this.length)
    this.at[place] = at
    this.hi[place] = hi
    this.lo[place] = lo
    this.length++
  }

  remove(at: number, hi: number, lo: number): void {
    const place = this.#place(at, hi, lo)
    if (this.#is(place, at, hi, lo)) this.#cut(place, 1)
  }

  /** Forgets what happened before `at`. */
  dropBefore(at: number): void {
    this.#cut(0, this.lowerBound(at))
  }

  /** Place of the first event at `at` or later. */
  lowerBound(at: number): number {
    return this.#place(at, 0, 0)
  }

  /** event_key at a place, 16 hexadecimal digits. */
  event(place: number): string {
    return hexOf(this.hi[place] as number, this.lo[place] as number)
  }

  #cut(place: number, count: number): void {
    if (count === 0) return
    for (const array of [this.at, this.hi, this.lo]) array.copyWithin(place, place + count, this.length)
    this.length -= count
  }

  #is(place: number, at: number, hi: number, lo: number): boolean {
    return place < this.length && this.at[place] === at && this.hi[place] === hi && this.lo[place] === lo
  }

  #place(at: number, hi: number, lo: number): number {
    let [low, high] = [0, this.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const order =
        (this.at[middle] as number) - at ||
        (this.hi[middle] as number) - hi ||
        (this.lo[middle] as number) - lo
      if (order < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
