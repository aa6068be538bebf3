import { Arena } from './arena.ts'
import { feedCode, feedCodes } from './codes.ts'
import type { Numbers } from './columns.ts'
import { HashIndex } from './hash-index.ts'
import { Field, Rows, TimeField } from './rows.ts'
import { Touched } from './touched.ts'

/** One event as a keyspace takes it. Mutable, so that a batch of thousands needs one object. */
export interface Incoming {
  /** Whether the key is held here; false also when the event has no key (a car without a plate). */
  mine: boolean
  keyHi: number
  keyLo: number
  eventHi: number
  eventLo: number
  /** Revision, and fingerprint of the content. */
  versionHi: number
  versionLo: number
  cancelled: boolean
  /** When it happened, ms UTC. */
  at: number
  /** When it ended (check-out), ms UTC; NaN when unknown or not a span. */
  until: number
  /** See codes.ts. */
  codes: number
  site: number
  /** Party size of a registration. */
  people: number
  /**
   * Numbers of the dictionary. country: nationality on the document, colour of a sighting. place: declared province of a crossing,
   * room of a registration, make of a sighting.
   */
  source: number
  country: number
  place: number
  /** Likelihood that a plate was read right, 0–255; 255 for what was not read by a camera. */
  confidence: number
  /** The other party: vehicle of a traveller's crossing, traveller of a premises' registration; 0 when none. */
  linkHi: number
  linkLo: number
}

/**
 * The histories of one kind of key. Records lie in typed arrays, each key has a list of their numbers sorted by time. An event
 * is known by its 64-bit key: of two versions the higher stays, whichever came first. An event that was cancelled, or moved to
 * a key of another slice, leaves a ghost: its version without a place, so that an older version that comes later stays out.
 */
export class Keyspace {
  /** A record: sixteen words, those that most looks need first. */
  readonly #records = new Rows(4)
  readonly at = new TimeField(this.#records, 0, 2, 0)
  readonly until = new TimeField(this.#records, 1, 2, 1)
  /** See codes.ts; in the highest 8 bits how likely a plate was read right. */
  readonly codes = new Field(this.#records, 3)
  readonly site = new Field(this.#records, 4)
  /** Key of each record, or `ghost`, or `freed`. */
  readonly keyOf = new Field(this.#records, 5)
  readonly eventHi = new Field(this.#records, 6)
  readonly eventLo = new Field(this.#records, 7)
  readonly versionHi = new Field(this.#records, 8)
  readonly versionLo = new Field(this.#records, 9)
  readonly linkHi = new Field(this.#records, 10)
  readonly linkLo = new Field(this.#records, 11)
  readonly source = new Field(this.#records, 12)
  readonly country = new Field(this.#records, 13)
  readonly place = new Field(this.#records, 14)
  readonly #people = new Field(this.#records, 15)

  /** A key: eight words. */
  readonly #keyRows = new Rows(3)
  readonly keyHi = new Field(this.#keyRows, 0)
  readonly keyLo = new Field(this.#keyRows, 1)
  readonly #start = new Field(this.#keyRows, 2)
  readonly #count = new Field(this.#keyRows, 3)
  readonly #sizeClass = new Field(this.#keyRows, 4)
  readonly #longest = new Field(this.#keyRows, 5)
  readonly #crossings = new Field(this.#keyRows, 6)
  /** Rules, a bit each, of which something stands for the key. A hint for who keeps it: it says yes too often, never too seldom. */
  readonly stands = new Field(this.#keyRows, 7)
  readonly lists = new Arena()

  readonly #events = new HashIndex()
  readonly #keys = new HashIndex()
  /** Slots ever used, and those of them that are free again. */
  #recordCount = 0
  #keyCount = 0
  #freeRecords: number[] = []
  #freeKeys: number[] = []
  #sweepAt = 0
  /** Events that end before this are taken no more, and changes of such as are here neither, ms UTC. */
  oldest = -Infinity
  /** How many of those have come. */
  tooOld = 0
  /** Keys to evaluate. */
  readonly touched = new Touched()
  /** Rules that an event of a feed concerns, a bit each, by feed code; with `keeps` 0 the feed is not stored at all. */
  readonly rulesOf = [0, 0, 0, 0]
  readonly keeps = [0, 0, 0, 0]
  /** What ends before this and that `settled` says nothing can reach any more may be freed. */
  sweepBelow = -Infinity
  settled: (key: number, at: number, end: number) => boolean = () => false
  /** Told each record after it was put under its key, and before it leaves it; `evicted`: because nothing can reach it any more. */
  onCome: ((record: number) => void) | undefined
  onGo: ((record: number, evicted: boolean) => void) | undefined

  get records(): number {
    return this.#recordCount - this.#freeRecords.length
  }

  get keys(): number {
    return this.#keyCount - this.#freeKeys.length
  }

  /** Numbers of keys ever used: keys are below this. */
  get slots(): number {
    return this.#keyCount
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    const indexes = this.#events.bytes + this.#keys.bytes
    return this.#records.bytes + this.#keyRows.bytes + this.lists.bytes + indexes
  }

  /** Takes an event. False when nothing changed: a duplicate, an older version, too old, or no key of here. */
  take(event: Incoming): boolean {
    let record = this.#events.find(event.eventHi, event.eventLo, this.eventHi, this.eventLo)
    // What a sweep may free is as good as freed: nothing depends on when the sweep comes by.
    if (record >= 0 && this.#free(record)) record = -1
    let here = event.mine && !event.cancelled
    if (here && endOf(event.at, event.until) < this.oldest) {
      this.tooOld++
      here = false
    }
    if (record < 0) {
      // A first version of a foreign key leaves no trace; a correction does, since the first version may still come.
      if (!here && event.versionHi === 0) return false
      const fresh = this.#newRecord(event)
      if (here) this.#link(fresh, event)
      return here
    }
    const newer =
      event.versionHi > this.versionHi.get(record) ||
      (event.versionHi === this.versionHi.get(record) && event.versionLo > this.versionLo.get(record))
    if (!newer) return false
    const was = this.keyOf.get(record) < freed
    if (was && this.#end(record) < this.oldest) {
      this.tooOld++
      return false
    }
    if (was) this.#unlink(record)
    this.versionHi.set(record, event.versionHi)
    this.versionLo.set(record, event.versionLo)
    if (here) this.#link(record, event)
    else this.at.set(record, event.at)
    return was || here
  }

  /**
   * Reads what taking the events [start, end) of a batch will look at. One after the other each look would wait for the memory; here none depends
   * on another of its loop, so the processor has many under way at once. `events` and `keys`: halves of 64 bits, low half first.
   */
  warm(events: Uint32Array, keys: Uint32Array, start: number, end: number): void {
    let sum = 0
    for (let row = start; row < end; row++) {
      sum ^= this.#events.peek(events[row * 2 + 1] as number, events[row * 2] as number)
      sum ^= this.#keys.peek(keys[row * 2 + 1] as number, keys[row * 2] as number)
    }
    const near = this.#near
    let count = 0
    for (let row = start; row < end; row++) {
      const key = this.findKey(keys[row * 2 + 1] as number, keys[row * 2] as number)
      if (key >= 0) near[count++ & nearMask] = key
    }
    count = Math.min(count, near.length)
    for (let i = 0; i < count; i++) sum ^= this.#lastPlace(near[i] as number)
    for (let i = 0; i < count; i++) {
      const last = this.lists.data.get(this.#lastPlace(near[i] as number))
      sum ^= this.codes.get(last)
    }
    this.warmth = sum
  }

  /** The same for evaluating keys: their latest records. */
  warmKeys(keys: readonly number[], start: number, end: number): void {
    let sum = 0
    for (let i = start; i < end; i++) sum ^= this.#lastPlace(keys[i] as number)
    for (let i = start; i < end; i++) sum ^= this.lists.data.get(this.#lastPlace(keys[i] as number))
    for (let i = start; i < end; i++) {
      const last = this.#lastPlace(keys[i] as number)
      const first = Math.max(this.start(keys[i] as number), last - 15)
      for (let place = last; place >= first; place--) {
        const record = this.lists.data.get(place)
        sum ^= this.codes.get(record) ^ this.place.get(record)
      }
    }
    this.warmth = sum
  }

  #lastPlace(key: number): number {
    return this.start(key) + Math.max(0, this.count(key) - 1)
  }
  /** Keys of {@link warm}. */
  readonly #near = new Uint32Array(1 << 9)
  /** Something of all that was read in advance: what is of no use to anybody, a compiler leaves out. */
  warmth = 0

  /** Looks at the next `budget` records in turn and frees those that may go. A sweep changes no finding, whenever it comes. */
  sweep(budget: number): void {
    const count = Math.min(budget, this.#recordCount)
    for (let i = 0; i < count; i++) {
      const record = this.#sweepAt
      this.#sweepAt = (record + 1) % this.#recordCount
      this.#free(record)
    }
  }

  /** Frees a record that may go. */
  #free(record: number): boolean {
    const key = this.keyOf.get(record)
    if (key === freed) return false
    const at = this.at.get(record)
    const end = key === ghost ? at : this.#end(record)
    if (end >= this.sweepBelow) return false
    if (key < freed) {
      if (!this.settled(key, at, end)) return false
      this.onGo?.(record, true)
      this.#drop(key, record)
      if (this.count(key) === 0) this.#freeKey(key)
    }
    this.#events.remove(record, this.eventHi, this.eventLo)
    this.keyOf.set(record, freed)
    this.#freeRecords.push(record)
    return true
  }

  /** Number of the key, or -1. */
  findKey(hi: number, lo: number): number {
    return this.#keys.find(hi, lo, this.keyHi, this.keyLo)
  }

  /** Records of a key: entries [start, start + count) of `lists.data`, by time, then event. */
  start(key: number): number {
    return this.#start.get(key)
  }

  count(key: number): number {
    return this.#count.get(key)
  }

  /** How many of a key's records are crossings. */
  crossings(key: number): number {
    return this.#crossings.get(key)
  }

  /** Longest `until - at` that the key ever had, ms, rounded up to a second: how far back a span may begin that reaches into a slice. */
  longest(key: number): number {
    return this.#longest.get(key) * 1000
  }

  /** Index in `lists.data` of the key's first record with at ≥ `time`. */
  lowerBound(key: number, time: number): number {
    const list = this.lists.data
    let low = this.start(key)
    let high = low + this.count(key)
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.at.get(list.get(middle)) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Everything that the histories consist of, as arrays cut to what is used; the indexes are made anew on restoring. */
  image(): Numbers[] {
    if (this.touched.size > 0) throw new Error('A keyspace is imaged between steps only.')
    return [
      Float64Array.of(
        this.#sweepAt,
        this.tooOld,
        this.oldest,
        this.sweepBelow,
        this.#recordCount,
        this.#keyCount,
      ),
      Uint32Array.from(this.#freeRecords),
      Uint32Array.from(this.#freeKeys),
      ...this.#records.image(this.#recordCount),
      ...this.#keyRows.image(this.#keyCount),
      ...this.lists.image(),
    ]
  }

  /** Party size of a registration. */
  people(record: number): number {
    return this.#people.get(record)
  }

  /** Likelihood that a plate was read right, 0–255. */
  confidence(record: number): number {
    return this.codes.get(record) >>> 24
  }

  /** Every record that is under a key. */
  *placed(): Generator<number> {
    for (let record = 0; record < this.#recordCount; record++)
      if (this.keyOf.get(record) < freed) yield record
  }

  /** Takes an image into an empty keyspace. */
  restore(image: readonly Numbers[]): void {
    const arrays = image.values()
    const next = (): Numbers => (arrays.next() as IteratorYieldResult<Numbers>).value
    const counters = next() as unknown as [number, number, number, number, number, number]
    ;[this.#sweepAt, this.tooOld, this.oldest, this.sweepBelow, this.#recordCount, this.#keyCount] = counters
    this.#freeRecords = [...next()]
    this.#freeKeys = [...next()]
    this.#records.restore(this.#recordCount, arrays)
    this.#keyRows.restore(this.#keyCount, arrays)
    this.lists.restore(arrays)
    for (let record = 0; record < this.#recordCount; record++)
      if (this.keyOf.get(record) !== freed) this.#events.add(record, this.eventHi, this.eventLo)
    const vacant = new Set(this.#freeKeys)
    for (let key = 0; key < this.#keyCount; key++)
      if (!vacant.has(key)) this.#keys.add(key, this.keyHi, this.keyLo)
  }

  #newRecord(event: Incoming): number {
    const reused = this.#freeRecords.pop()
    const record = reused ?? this.#recordCount
    this.#records.reserve(record + 1)
    if (reused === undefined) this.#recordCount++
    this.eventHi.set(record, event.eventHi)
    this.eventLo.set(record, event.eventLo)
    this.versionHi.set(record, event.versionHi)
    this.versionLo.set(record, event.versionLo)
    this.keyOf.set(record, ghost)
    this.at.set(record, event.at)
    this.#events.add(record, this.eventHi, this.eventLo)
    return record
  }

  #link(record: number, event: Incoming): void {
    let key = this.findKey(event.keyHi, event.keyLo)
    if (key < 0) key = this.#newKey(event.keyHi, event.keyLo)
    this.at.set(record, event.at)
    this.until.set(record, event.until)
    this.codes.set(record, event.codes | (event.confidence << 24))
    this.site.set(record, event.site)
    this.#people.set(record, event.people)
    this.source.set(record, event.source)
    this.country.set(record, event.country)
    this.place.set(record, event.place)
    this.linkHi.set(record, event.linkHi)
    this.linkLo.set(record, event.linkLo)
    this.keyOf.set(record, key)
    const end = endOf(event.at, event.until)
    const seconds = Math.ceil((end - event.at) / 1000)
    if (seconds > this.#longest.get(key)) this.#longest.set(key, seconds)
    if (feedCode(event.codes) === crossing) this.#crossings.set(key, this.#crossings.get(key) + 1)
    this.#insert(key, record)
    this.touched.add(key, event.at, end, this.rulesOf[feedCode(event.codes)] as number)
    this.onCome?.(record)
  }

  #unlink(record: number): void {
    const key = this.keyOf.get(record)
    const codes = this.codes.get(record)
    this.onGo?.(record, false)
    this.#drop(key, record)
    this.keyOf.set(record, ghost)
    const rules = this.rulesOf[feedCode(codes)] as number
    this.touched.add(key, this.at.get(record), this.#end(record), rules)
  }

  #drop(key: number, record: number): void {
    const position = this.#position(key, record)
    this.lists.data.move(position, position + 1, this.start(key) + this.count(key))
    this.#count.set(key, this.count(key) - 1)
    if (feedCode(this.codes.get(record)) === crossing) this.#crossings.set(key, this.#crossings.get(key) - 1)
  }

  #end(record: number): number {
    return endOf(this.at.get(record), this.until.get(record))
  }

  #insert(key: number, record: number): void {
    const count = this.count(key)
    const sizeClass = this.#sizeClass.get(key)
    if (count === 1 << sizeClass) {
      const larger = this.lists.allocate(sizeClass + 1)
      const old = this.start(key)
      this.lists.data.move(larger, old, old + count)
      this.lists.release(old, sizeClass)
      this.#start.set(key, larger)
      this.#sizeClass.set(key, sizeClass + 1)
    }
    const position = this.#position(key, record)
    const end = this.start(key) + count
    if (position < end) this.lists.data.move(position + 1, position, end)
    this.lists.data.set(position, record)
    this.#count.set(key, count + 1)
  }

  /** Where the record stands, or would, in its key's list. Most events are the latest of their key. */
  #position(key: number, record: number): number {
    const list = this.lists.data
    let low = this.start(key)
    let high = low + this.count(key)
    if (high > low && this.#before(list.get(high - 1), record)) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#before(list.get(middle), record)) low = middle + 1
      else high = middle
    }
    return low
  }

  #before(a: number, b: number): boolean {
    const byTime = this.at.get(a) - this.at.get(b)
    if (byTime !== 0) return byTime < 0
    const byHi = this.eventHi.get(a) - this.eventHi.get(b)
    return byHi !== 0 ? byHi < 0 : this.eventLo.get(a) < this.eventLo.get(b)
  }

  #newKey(hi: number, lo: number): number {
    const reused = this.#freeKeys.pop()
    const key = reused ?? this.#keyCount
    this.#keyRows.reserve(key + 1)
    if (reused === undefined) this.#keyCount++
    this.#longest.set(key, 0)
    this.#crossings.set(key, 0)
    this.stands.set(key, 0)
    this.keyHi.set(key, hi)
    this.keyLo.set(key, lo)
    this.#sizeClass.set(key, 1)
    this.#start.set(key, this.lists.allocate(1))
    this.#keys.add(key, this.keyHi, this.keyLo)
    return key
  }

  #freeKey(key: number): void {
    this.lists.release(this.start(key), this.#sizeClass.get(key))
    this.#keys.remove(key, this.keyHi, this.keyLo)
    this.#sizeClass.set(key, 0)
    this.#count.set(key, 0)
    this.#freeKeys.push(key)
  }
}

const nearMask = (1 << 9) - 1
const crossing = feedCodes.indexOf('crossings')
/** Above all keys. */
const ghost = 0xffff_ffff
const freed = 0xffff_fffe

/** When an event is over: its end, or when it happened. */
function endOf(at: number, until: number): number {
  return until > at ? until : at
}
