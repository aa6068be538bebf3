import type { Company } from '../detector.ts'
import { grown, type Numbers } from './columns.ts'
import type { Keyspace } from './keyspace.ts'
import { isSighting, type Passages } from './passages.ts'

/**
 * Counters of one span of time (a byte each): at first, at most, how many a count, and how many times as many they become. Growing copies them,
 * and with them what pairs that share a counter have added to each other: by doubling from 2^10 to 2^25 strangers came to 7 meetings each, and every
 * other pair was compared. Growing seldom and early leaves them below 2.
 */
const smallest = 1 << 10
const largest = 1 << 27
const countersACount = 8
const growth = 4
const full = 255

/**
 * Which vehicles are worth a look for company, and with whom: pairs that have met as often as their detector says. A meeting is a passage of
 * the one at a camera within `withinMs` of one of the other. Two steps. A sketch (two counters a pair, the lesser holds) tells which
 * pairs may have met often enough; it grows by being copied, a span of two look-backs apart, and counts too much, never too little. Of those,
 * the two histories are compared, and a pair that passes is remembered. What is asked stays true when records are added, so it is enough to
 * ask when one comes, and findings depend neither on the sketch nor on the order. A vehicle that alone has not passed enough
 * cameras, on enough trips, is in no pair yet: its passages are counted when it has, which spares most of the traffic.
 */
export class Companions {
  readonly #vehicles: Keyspace
  readonly #passages: Passages
  readonly #asked: Asked
  readonly #sketches = new Map<number, Sketch>()
  /** By owner the other keys of pairs that passed. A key may have been freed and given away since: looking at it finds nothing. */
  readonly #company = new Map<number, number[]>()
  readonly #strangers = new Strangers()
  /** Keys whose passages are counted. */
  #active = new Uint8Array(1024)
  readonly #spanMs: number

  constructor(asked: Asked, vehicles: Keyspace, passages: Passages) {
    this.#asked = asked
    this.#spanMs = 2 * Math.max(1, asked.lookbackMs)
    this.#vehicles = vehicles
    this.#passages = passages
  }

  get bytes(): number {
    let bytes = this.#active.byteLength
    for (const others of this.#company.values()) bytes += 64 + others.length * 8
    for (const { counters } of this.#sketches.values()) bytes += counters.byteLength
    return bytes
  }

  hasCompany(key: number): boolean {
    return this.#company.has(key)
  }

  /** Keys that this one, which owns the pairs, has met often enough, by their hash. */
  of(key: number): readonly number[] {
    const { keyHi, keyLo } = this.#vehicles
    const others = this.#company.get(key) ?? []
    return others.toSorted((a, b) => keyHi.get(a) - keyHi.get(b) || keyLo.get(a) - keyLo.get(b))
  }

  /** A passage came: it is counted with each that is near. */
  came(record: number): void {
    const key = this.#vehicles.keyOf.get(record)
    if (this.#active[key] === 1) return this.#withEach(record, 1)
    if (!this.#mayKeepCompany(key)) return
    // All that this key has passed, with those that are active already.
    this.#active = marked(this.#active, key)
    const [start, count] = [this.#vehicles.start(key), this.#vehicles.count(key)]
    for (let place = start; place < start + count; place++) {
      const own = this.#vehicles.lists.data.get(place)
      if (this.#passages.isPassage(own)) this.#withEach(own, 1)
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
      Uint32Array.from([...this.#company].flatMap(([key, others]) => [key, others.length, ...others])),
      this.#active,
      Float64Array.from(spans.flatMap(([span, { counted }]) => [span, counted])),
      ...spans.map(([, { counters }]) => counters),
    ]
  }

  restore([company = new Uint32Array(), active, spans, ...counters]: readonly Numbers[]): void {
    for (let i = 0; i < company.length;) {
      const [key, count] = [company[i] as number, company[i + 1] as number]
      this.#company.set(key, Array.from(company.slice(i + 2, i + 2 + count)))
      i += 2 + count
    }
    this.#active = Uint8Array.from(active ?? [])
    for (const [i, one] of counters.entries())
      this.#sketches.set(
        spans?.[i * 2] as number,
        new Sketch(Uint8Array.from(one), spans?.[i * 2 + 1] as number),
      )
  }

  /** Counts the pairs of a passage of an active key with other active keys. */
  #withEach(record: number, by: 0 | 1): void {
    const { at: times, site, keyOf, keyHi, keyLo, touched } = this.#vehicles
    const [own, at] = [keyOf.get(record), times.get(record)]
    if (this.#active[own] !== 1) return
    const span = Math.floor(at / this.#spanMs)
    const sketch = this.#sketch(span)
    const [before, after] = [this.#sketches.get(span - 1), this.#sketches.get(span + 1)]
    const { withinMs, atLeast, bit } = this.#asked
    const active = this.#active
    const near = this.#passages
    for (near.seek(site.get(record), at - withinMs, at + withinMs); near.next();) {
      const [other, otherAt] = [near.key, near.time]
      if (active[other] !== 1 || other === own) continue
      const pair = own < other ? pairOf(own, other) : pairOf(other, own)
      const here = sketch.add(pair, by)
      const most = here + Math.max(before?.count(pair) ?? 0, after?.count(pair) ?? 0)
      if (most < atLeast) continue
      const smaller = keyHi.get(own) - keyHi.get(other) || keyLo.get(own) - keyLo.get(other)
      const [owner, companion] = smaller < 0 ? [own, other] : [other, own]
      if (this.#keepCompany(owner, companion, owner === own ? at : otherAt))
        touched.add(owner, Math.min(at, otherAt), Math.max(at, otherAt), bit)
      // What goes is still there, and may be what a trip rests on.
      if (by === 0) this.#strangers.forget(owner, companion)
    }
  }

  /** Whether the two have met often enough, now or before. */
  #keepCompany(owner: number, companion: number, at: number): boolean {
    const known = this.#company.get(owner)
    if (known?.includes(companion) === true) return true
    if (this.#strangers.remain(owner, companion, at)) return false
    const tally = this.#compare(owner, companion)
    if (!tally.enough) {
      this.#strangers.remember(owner, companion, tally)
      return false
    }
    if (known === undefined) this.#company.set(owner, [companion])
    else known.push(companion)
    return true
  }

  /** Whether a history alone holds what two would have to have in common. */
  #mayKeepCompany(key: number): boolean {
    const { at: times, site, lists, codes } = this.#vehicles
    const [start, count] = [this.#vehicles.start(key), this.#vehicles.count(key)]
    const { trips, withinMs } = this.#asked
    if (trips === undefined) return true
    if (count < trips.atLeast * trips.cameras) return false
    // One read of the companion may be met by several of the owner's, and its times are up to `withinMs` off at both ends.
    const tally = new Tally({ atLeast: 0, trips: { ...trips, apartMs: trips.apartMs - 2 * withinMs } })
    for (let place = start; place < start + count; place++) {
      const record = lists.data.get(place)
      if (isSighting(codes.get(record)) && tally.meet(times.get(record), site.get(record))) return true
    }
    return false
  }

  /** Compares the two histories whole. */
  #compare(owner: number, companion: number): Tally {
    const { at: times, site, lists, codes } = this.#vehicles
    const { withinMs } = this.#asked
    const list = lists.data
    const ownEnd = this.#vehicles.start(owner) + this.#vehicles.count(owner)
    let from = this.#vehicles.start(companion)
    const end = from + this.#vehicles.count(companion)
    const tally = new Tally(this.#asked)
    for (let place = this.#vehicles.start(owner); place < ownEnd && from < end; place++) {
      const record = list.get(place)
      if (!isSighting(codes.get(record))) continue
      const [at, camera] = [times.get(record), site.get(record)]
      while (from < end && times.get(list.get(from)) < at - withinMs) from++
      for (let other = from; other < end; other++) {
        const theirs = list.get(other)
        if (times.get(theirs) > at + withinMs) break
        if (site.get(theirs) !== camera || !isSighting(codes.get(theirs))) continue
        if (tally.meet(at, camera)) return tally
        break
      }
    }
    return tally
  }

  #sketch(span: number): Sketch {
    let sketch = this.#sketches.get(span)
    if (sketch === undefined) this.#sketches.set(span, (sketch = new Sketch(new Uint8Array(smallest), 0)))
    return sketch
  }
}

/** What a detector asks of company (see `Detector.companions`), its look-back, ms, and the bit of its rule. */
type Asked = Company & { readonly lookbackMs: number; readonly bit: number }

/** Counts meetings, by time, and the trips that they make. */
class Tally {
  readonly #asked: Pick<Company, 'atLeast' | 'trips'>
  #met = 0
  #trips = 0
  /** A meeting up to this time belongs to the trip before. */
  #over = -Infinity
  readonly #cameras: number[] = []
  /** The last meeting that ended a trip. */
  #ended = NaN

  constructor(asked: Pick<Company, 'atLeast' | 'trips'>) {
    this.#asked = asked
  }

  /** Takes a meeting; whether there are enough now. */
  meet(at: number, camera: number): boolean {
    const { atLeast, trips } = this.#asked
    this.#met++
    if (trips === undefined) return this.#met >= atLeast
    if (at > this.#over && !this.#cameras.includes(camera) && this.#cameras.push(camera) >= trips.cameras) {
      this.#trips++
      this.#ended = at
      this.#over = at + trips.apartMs
      this.#cameras.length = 0
    }
    return this.enough
  }

  get enough(): boolean {
    const { atLeast, trips } = this.#asked
    return this.#met >= atLeast && (trips === undefined || this.#trips >= trips.atLeast)
  }

  /** While trips are missing, a meeting in this span is of the last one, and changes nothing; undefined when there is none. */
  get idle(): { readonly from: number; readonly to: number } | undefined {
    const { trips } = this.#asked
    if (trips === undefined || this.#trips === 0 || this.#trips >= trips.atLeast) return undefined
    return { from: this.#ended, to: this.#over }
  }
}

/**
 * Pairs that were compared and have not made trips enough, and the span of their last trip. Two strangers on one long drive meet at camera after
 * camera; they need no second look before the drive is over. A cache: what it has forgotten is compared again.
 */
class Strangers {
  readonly #owner = new Uint32Array(places)
  readonly #companion = new Uint32Array(places)
  readonly #from = new Float64Array(places)
  readonly #to = new Float64Array(places).fill(-Infinity)

  /** Whether a meeting of the owner at `at` leaves them what they were. */
  remain(owner: number, companion: number, at: number): boolean {
    const place = pairOf(owner, companion) & (places - 1)
    return (
      this.#owner[place] === owner &&
      this.#companion[place] === companion &&
      at >= (this.#from[place] as number) &&
      at <= (this.#to[place] as number)
    )
  }

  remember(owner: number, companion: number, { idle }: Tally): void {
    const place = pairOf(owner, companion) & (places - 1)
    this.#owner[place] = owner
    this.#companion[place] = companion
    this.#from[place] = idle?.from ?? Infinity
    this.#to[place] = idle?.to ?? -Infinity
  }

  forget(owner: number, companion: number): void {
    this.#to[pairOf(owner, companion) & (places - 1)] = -Infinity
  }
}

const places = 1 << 16

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
    if (by === 1 && ++this.counted * countersACount > this.counters.length && this.counters.length < largest)
      this.#grow()
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

  /** More counters, each part a copy of those before: every pair finds at least its count. */
  #grow(): void {
    const before = this.counters
    const more = new Uint8Array(Math.min(before.length * growth, largest))
    for (let at = 0; at < more.length; at += before.length) more.set(before, at)
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
