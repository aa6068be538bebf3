import { Doubles, Words, type Numbers } from './columns.ts'
import { HashIndex } from './hash-index.ts'

const digits = 4
/** Above all entries. */
const none = 0xffff_ffff
/** Rule of a slot that is free. */
const vacant = 255

/**
 * What must be looked at again at a later tick, because then an absence is certain: a timing wheel of seconds over typed arrays. A
 * second is written as four digits to the base of 256; an entry waits in the bucket of the highest digit in which its second differs
 * from the present one, so that time may also jump. Setting a recheck twice is setting it once.
 */
export class Rechecks {
  /** Entry: its second, the event time to look at (ms), the key, the rule, a hash of all, and the next entry of its bucket. */
  readonly #second = new Words()
  readonly #about = new Doubles()
  readonly #keyHi = new Words()
  readonly #keyLo = new Words()
  readonly #rule = new Words()
  readonly #hashHi = new Words()
  readonly #hashLo = new Words()
  readonly #next = new Words()
  #end = 0
  #free = none
  readonly #index = new HashIndex()
  readonly #heads = new Uint32Array(digits * 256).fill(none)
  /** The present, s. */
  #present = 0

  get size(): number {
    return this.#index.size
  }

  get bytes(): number {
    return this.#columns().reduce((sum, { bytes }) => sum + bytes, this.#index.bytes)
  }

  /** Sets a recheck of `rule` (below 255) for the first tick at or after `at` that is later than now. Times are ms UTC. */
  set(rule: number, keyHi: number, keyLo: number, at: number, about: number): void {
    const second = Math.min(Math.max(Math.ceil(at / 1000), this.#present + 1), 0xffff_ffff)
    const [low, high] = [(about % 4_294_967_296) | 0, Math.floor(about / 4_294_967_296)]
    const hashHi = mix(keyHi, second ^ Math.imul(rule + 1, 0x01000193))
    const hashLo = mix(keyLo ^ high, low ^ Math.imul(second, 0x85ebca6b))
    if (this.#index.find(hashHi, hashLo, this.#hashHi, this.#hashLo) >= 0) return
    let entry = this.#free
    if (entry !== none) this.#free = this.#next.get(entry)
    else {
      entry = this.#end++
      if (this.#end > this.#second.capacity) for (const column of this.#columns()) column.reserve(this.#end)
    }
    this.#second.set(entry, second)
    this.#about.set(entry, about)
    this.#keyHi.set(entry, keyHi)
    this.#keyLo.set(entry, keyLo)
    this.#rule.set(entry, rule)
    this.#hashHi.set(entry, hashHi)
    this.#hashLo.set(entry, hashLo)
    this.#index.add(entry, this.#hashHi, this.#hashLo)
    this.#wait(entry)
  }

  /** Takes out all that are due at `now` (ms UTC), the earliest first, in an order that depends on nothing but them. */
  due(now: number, visit: (rule: number, keyHi: number, keyLo: number, about: number) => void): void {
    const present = Math.min(Math.floor(now / 1000), 0xffff_ffff)
    if (present <= this.#present) return
    const due: number[] = []
    const top = highestDigit(present, this.#present)
    const passed = digitOf(this.#present, top)
    const reached = digitOf(present, top)
    // What shares the digits above and waits below them is over, and so are the buckets between; the one reached is dealt anew.
    for (let digit = 0; digit < top; digit++)
      for (let value = 0; value < 256; value++) this.#empty(digit, value, due)
    for (let value = passed; value < reached; value++) this.#empty(top, value, due)
    const open: number[] = []
    this.#empty(top, reached, open)
    this.#present = present
    for (const entry of open)
      if (this.#second.get(entry) <= present) due.push(entry)
      else this.#wait(entry)
    due.sort(
      (a, b) =>
        difference(this.#second, a, b) ||
        difference(this.#keyHi, a, b) ||
        difference(this.#keyLo, a, b) ||
        difference(this.#rule, a, b) ||
        difference(this.#about, a, b),
    )
    for (const entry of due) {
      const rule = this.#rule.get(entry)
      this.#index.remove(entry, this.#hashHi, this.#hashLo)
      this.#rule.set(entry, vacant)
      this.#next.set(entry, this.#free)
      this.#free = entry
      visit(rule, this.#keyHi.get(entry), this.#keyLo.get(entry), this.#about.get(entry))
    }
  }

  /** All of it, as it lies. */
  image(): Numbers[] {
    return [
      Float64Array.of(this.#present, this.#end, this.#free),
      this.#heads.slice(),
      ...this.#columns().flatMap((column): Numbers[] => column.image(this.#end)),
    ]
  }

  restore(image: readonly Numbers[]): void {
    const arrays = image.values()
    const next = (): Numbers => (arrays.next() as IteratorYieldResult<Numbers>).value
    ;[this.#present, this.#end, this.#free] = next() as unknown as [number, number, number]
    this.#heads.set(next())
    for (const column of this.#columns()) column.restore(this.#end, arrays)
    for (let entry = 0; entry < this.#end; entry++)
      if (this.#rule.get(entry) !== vacant) this.#index.add(entry, this.#hashHi, this.#hashLo)
  }

  #wait(entry: number): void {
    const second = this.#second.get(entry)
    const digit = highestDigit(second, this.#present)
    const bucket = digit * 256 + digitOf(second, digit)
    this.#next.set(entry, this.#heads[bucket] as number)
    this.#heads[bucket] = entry
  }

  #empty(digit: number, value: number, into: number[]): void {
    const bucket = digit * 256 + value
    for (let entry = this.#heads[bucket] as number; entry !== none; entry = this.#next.get(entry))
      into.push(entry)
    this.#heads[bucket] = none
  }

  #columns(): readonly (Words | Doubles)[] {
    return [
      this.#second,
      this.#about,
      this.#keyHi,
      this.#keyLo,
      this.#rule,
      this.#hashHi,
      this.#hashLo,
      this.#next,
    ]
  }
}

const digitOf = (second: number, digit: number): number => (second >>> (digit * 8)) & 255

/** Highest of the four digits in which the two differ; 0 when they are equal. */
function highestDigit(a: number, b: number): number {
  return Math.max(0, (31 - Math.clz32(a ^ b)) >> 3)
}

function difference(column: Words | Doubles, a: number, b: number): number {
  return column.get(a) - column.get(b)
}

function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15) ^ b, 0xc2b2ae35)
  return (h ^ (h >>> 13)) >>> 0
}
