import { grown, type Numbers } from './columns.ts'
import { HashIndex } from './hash-index.ts'

const digits = 4
const none = -1
/** Rule of a slot that is free. */
const vacant = 255

/**
 * What must be looked at again at a later tick, because then an absence is certain: a timing wheel of seconds over typed arrays. A
 * second is written as four digits to the base of 256; an entry waits in the bucket of the highest digit in which its second differs
 * from the present one, so that time may also jump. Setting a recheck twice is setting it once.
 */
export class Rechecks {
  /** Entry: its second, the event time to look at (ms), the key, the rule, a hash of all, and the next entry of its bucket. */
  #second = new Uint32Array(initial)
  #about = new Float64Array(initial)
  #keyHi = new Uint32Array(initial)
  #keyLo = new Uint32Array(initial)
  #rule = new Uint8Array(initial)
  #hashHi = new Uint32Array(initial)
  #hashLo = new Uint32Array(initial)
  #next = new Int32Array(initial)
  #end = 0
  #free = none
  readonly #index = new HashIndex()
  readonly #heads = new Int32Array(digits * 256).fill(none)
  /** The present, s. */
  #present = 0

  get size(): number {
    return this.#index.size
  }

  get bytes(): number {
    return this.#second.length * 33 + this.#index.bytes
  }

  /** Sets a recheck of `rule` (below 255) for the first tick at or after `at` that is later than now. Times are ms UTC. */
  set(rule: number, keyHi: number, keyLo: number, at: number, about: number): void {
    const second = Math.min(Math.max(Math.ceil(at / 1000), this.#present + 1), 0xffff_ffff)
    const [low, high] = [(about % 4_294_967_296) | 0, Math.floor(about / 4_294_967_296)]
    const hashHi = mix(keyHi, second ^ Math.imul(rule + 1, 0x01000193))
    const hashLo = mix(keyLo ^ high, low ^ Math.imul(second, 0x85ebca6b))
    if (this.#index.find(hashHi, hashLo, this.#hashHi, this.#hashLo) >= 0) return
    let entry = this.#free
    if (entry !== none) this.#free = this.#next[entry] as number
    else {
      entry = this.#end++
      if (entry === this.#second.length) this.#grow()
    }
    this.#second[entry] = second
    this.#about[entry] = about
    this.#keyHi[entry] = keyHi
    this.#keyLo[entry] = keyLo
    this.#rule[entry] = rule
    this.#hashHi[entry] = hashHi
    this.#hashLo[entry] = hashLo
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
      if ((this.#second[entry] as number) <= present) due.push(entry)
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
      const rule = this.#rule[entry] as number
      this.#index.remove(entry, this.#hashHi, this.#hashLo)
      this.#rule[entry] = vacant
      this.#next[entry] = this.#free
      this.#free = entry
      visit(rule, this.#keyHi[entry] as number, this.#keyLo[entry] as number, this.#about[entry] as number)
    }
  }

  /** All entries, as arrays; which bucket they wait in follows from the present. */
  image(): Numbers[] {
    const entries: number[] = []
    for (let entry = 0; entry < this.#end; entry++) if (this.#rule[entry] !== vacant) entries.push(entry)
    const pick = <T extends Numbers>(array: T): T => {
      const picked = new (array.constructor as new (length: number) => T)(entries.length)
      for (let i = 0; i < entries.length; i++) picked[i] = array[entries[i] as number] as number
      return picked
    }
    const columns = [this.#second, this.#about, this.#keyHi, this.#keyLo, this.#rule]
    return [Float64Array.of(this.#present), ...columns.map((column) => pick<Numbers>(column))]
  }

  restore([present, second, about, keyHi, keyLo, rule]: readonly Numbers[]): void {
    this.#present = present?.[0] as number
    for (let i = 0; i < (second?.length ?? 0); i++)
      this.set(
        rule?.[i] as number,
        keyHi?.[i] as number,
        keyLo?.[i] as number,
        (second?.[i] as number) * 1000,
        about?.[i] as number,
      )
  }

  #wait(entry: number): void {
    const second = this.#second[entry] as number
    const digit = highestDigit(second, this.#present)
    const bucket = digit * 256 + digitOf(second, digit)
    this.#next[entry] = this.#heads[bucket] as number
    this.#heads[bucket] = entry
  }

  #empty(digit: number, value: number, into: number[]): void {
    const bucket = digit * 256 + value
    for (let entry = this.#heads[bucket] as number; entry !== none; entry = this.#next[entry] as number)
      into.push(entry)
    this.#heads[bucket] = none
  }

  #grow(): void {
    this.#second = grown(this.#second)
    this.#about = grown(this.#about)
    this.#keyHi = grown(this.#keyHi)
    this.#keyLo = grown(this.#keyLo)
    this.#rule = grown(this.#rule)
    this.#hashHi = grown(this.#hashHi)
    this.#hashLo = grown(this.#hashLo)
    this.#next = grown(this.#next)
  }
}

const initial = 256

const digitOf = (second: number, digit: number): number => (second >>> (digit * 8)) & 255

/** Highest of the four digits in which the two differ; 0 when they are equal. */
function highestDigit(a: number, b: number): number {
  return Math.max(0, (31 - Math.clz32(a ^ b)) >> 3)
}

function difference(array: Numbers, a: number, b: number): number {
  return (array[a] as number) - (array[b] as number)
}

function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15) ^ b, 0xc2b2ae35)
  return (h ^ (h >>> 13)) >>> 0
}
