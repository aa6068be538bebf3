import { grown, type Numbers } from './columns.ts'
import type { Keyspace } from './keyspace.ts'
import type { Passages } from './passages.ts'

/** Counters of one span of time: at first, and at most (a byte each). */
const smallest = 1 << 10
const largest = 1 << 26
const full = 255

/**
 * Which vehicles are worth a look for company: pairs that passed cameras within `withinMs` of each other at `atLeast` passages or more
 * within a look-back. Counted in a sketch (two counters a pair, the lesser holds) that grows by being copied, a span of two look-backs
 * apart: it counts too much, never too little, so that no pair is missed and findings do not depend on it. A pair whose owner has fewer
 * than `atLeast` records is not worth a look yet: it is counted when there are as many, which spares most of the traffic.
 */
export class Companions {
  readonly #vehicles: Keyspace
  readonly #passages: Passages
  readonly #withinMs: number
  readonly #atLeast: number
  readonly #spanMs: number
  readonly #bit: number
  readonly #sketches = new Map<number, Sketch>()
  /** Keys that own a pair worth a look. */
  #hot = new Uint8Array(1024)
  /** Keys whose pairs are counted: those that own them. */
  #active = new Uint8Array(1024)

  constructor(
    options: { withinMs: number; atLeast: number; lookbackMs: number; bit: number },
    vehicles: Keyspace,
    passages: Passages,
  ) {
    this.#withinMs = options.withinMs
    this.#atLeast = options.atLeast
    this.#spanMs = 2 * Math.max(1, options.lookbackMs)
    this.#bit = options.bit
    this.#vehicles = vehicles
    this.#passages = passages
  }

  get bytes(): number {
    let bytes = this.#hot.byteLength + this.#active.byteLength
    for (const { counters } of this.#sketches.values()) bytes += counters.byteLength
    return bytes
  }

  isHot(key: number): boolean {
    return this.#hot[key] === 1
  }

  /** A passage came: it is counted with each that is near. */
  came(record: number): void {
    const key = this.#vehicles.keyOf.get(record)
    const count = this.#vehicles.count(key)
    if (this.#active[key] === 1 || count < this.#atLeast) return this.#withEach(record, 1)
    // The pairs of this passage that others own, then all that this key owns from now on.
    this.#withEach(record, 1)
    this.#active = marked(this.#active, key)
    const start = this.#vehicles.start(key)
    for (let place = start; place < start + count; place++) {
      const own = this.#vehicles.lists.data.get(place)
      if (this.#passages.isPassage(own)) this.#withEach(own, 1, key)
    }
  }

  /** A passage goes, by a correction or cancellation: pairs that it was part of are looked at again. */
  goes(record: number): void {
    this.#withEach(record, 0)
  }

  /** Forgets spans that ended before `oldest`. */
  tick(oldest: number): void {
    for (const span of this.#sketches.keys())
      if ((span + 1) * this.#spanMs < oldest) this.#sketches.delete(span)
  }

  image(): Numbers[] {
    const spans = [...this.#sketches].sort(([a], [b]) => a - b)
    return [
      this.#hot,
      this.#active,
      Float64Array.from(spans.flatMap(([span, { counted }]) => [span, counted])),
      ...spans.map(([, { counters }]) => counters),
    ]
  }

  restore([hot, active, spans, ...counters]: readonly Numbers[]): void {
    this.#hot = Uint8Array.from(hot ?? [])
    this.#active = Uint8Array.from(active ?? [])
    for (const [i, one] of counters.entries())
      this.#sketches.set(
        spans?.[i * 2] as number,
        new Sketch(Uint8Array.from(one), spans?.[i * 2 + 1] as number),
      )
  }

  /** Counts the pairs of a passage whose owner is active; with `only` those of that owner. */
  #withEach(record: number, by: 0 | 1, only?: number): void {
    const { at: times, site, keyOf, keyHi, keyLo, touched } = this.#vehicles
    const [own, at] = [keyOf.get(record), times.get(record)]
    const span = Math.floor(at / this.#spanMs)
    const sketch = this.#sketch(span)
    const [before, after] = [this.#sketches.get(span - 1), this.#sketches.get(span + 1)]
    this.#passages.each(site.get(record), at - this.#withinMs, at + this.#withinMs, (other, otherAt) => {
      if (other === own || (this.#active[own] !== 1 && this.#active[other] !== 1)) return
      const smaller = keyHi.get(own) - keyHi.get(other) || keyLo.get(own) - keyLo.get(other)
      const owner = smaller < 0 ? own : other
      if (this.#active[owner] !== 1 || (only !== undefined && owner !== only)) return
      const pair = own < other ? pairOf(own, other) : pairOf(other, own)
      const here = sketch.add(pair, by)
      const most = here + Math.max(before?.count(pair) ?? 0, after?.count(pair) ?? 0)
      if (most < this.#atLeast) return
      if (this.#hot[owner] !== 1) this.#hot = marked(this.#hot, owner)
      touched.add(owner, Math.min(at, otherAt), Math.max(at, otherAt), this.#bit)
    })
  }

  #sketch(span: number): Sketch {
    let sketch = this.#sketches.get(span)
    if (sketch === undefined) this.#sketches.set(span, (sketch = new Sketch(new Uint8Array(smallest), 0)))
    return sketch
  }
}

/** The marks with the key's set. */
function marked(marks: Uint8Array<ArrayBuffer>, key: number): Uint8Array<ArrayBuffer> {
  const enough = key < marks.length ? marks : grown(marks, Math.max(marks.length * 2, key + 1))
  enough[key] = 1
  return enough
}

/** A count-min sketch of two rows in one array. A counter that is full stays full. */
class Sketch {
  counters: Uint8Array
  counted: number

  constructor(counters: Uint8Array, counted: number) {
    this.counters = counters
    this.counted = counted
  }

  /** Counts a pair and gives its count. */
  add(pair: number, by: 0 | 1): number {
    if (by === 1 && ++this.counted * 2 > this.counters.length && this.counters.length < largest) this.#grow()
    const { counters } = this
    const mask = counters.length - 1
    const [a, b] = [pair & mask, second(pair) & mask]
    const [inA, inB] = [counters[a] as number, counters[b] as number]
    const count = Math.min(inA, inB, full - by) + by
    // Only the lesser is raised: the other counts too much already.
    if (inA < count) counters[a] = count
    if (inB < count) counters[b] = count
    return count
  }

  count(pair: number): number {
    const mask = this.counters.length - 1
    return Math.min(this.counters[pair & mask] as number, this.counters[second(pair) & mask] as number)
  }

  /** Twice the counters, each half a copy: every pair finds at least its count. */
  #grow(): void {
    const more = new Uint8Array(this.counters.length * 2)
    more.set(this.counters)
    more.set(this.counters, this.counters.length)
    this.counters = more
  }
}

function pairOf(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13) ^ b, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function second(pair: number): number {
  const h = Math.imul(pair ^ (pair >>> 15), 0x2c1b3c6d)
  return (h ^ (h >>> 12)) >>> 0
}
