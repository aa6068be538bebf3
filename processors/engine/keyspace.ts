import { Arena } from './arena.ts'
import { feedCode } from './codes.ts'
import { grown as doubled, type Numbers } from './columns.ts'
import { HashIndex } from './hash-index.ts'
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
  at = new Float64Array(initial)
  until = new Float64Array(initial)
  eventHi = new Uint32Array(initial)
  eventLo = new Uint32Array(initial)
  versionHi = new Uint32Array(initial)
  versionLo = new Uint32Array(initial)
  codes = new Uint32Array(initial)
  site = new Uint32Array(initial)
  people = new Uint16Array(initial)
  source = new Uint32Array(initial)
  country = new Uint32Array(initial)
  place = new Uint32Array(initial)
  confidence = new Uint8Array(initial)
  linkHi = new Uint32Array(initial)
  linkLo = new Uint32Array(initial)
  /** Key of each record; -1: ghost, -2: free. */
  keyOf = new Int32Array(initial)

  keyHi = new Uint32Array(initial)
  keyLo = new Uint32Array(initial)
  /** Longest `until - at` that the key ever had, ms: how far back a span may begin that reaches into a slice. */
  longest = new Float64Array(initial)
  readonly lists = new Arena()
  #start = new Uint32Array(initial)
  #count = new Uint32Array(initial)
  #sizeClass = new Uint8Array(initial)

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
    let bytes = this.lists.bytes + this.#events.bytes + this.#keys.bytes
    for (const array of [...this.#recordArrays(), ...this.#keyArrays()]) bytes += array.byteLength
    return bytes
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
      event.versionHi > (this.versionHi[record] as number) ||
      (event.versionHi === this.versionHi[record] && event.versionLo > (this.versionLo[record] as number))
    if (!newer) return false
    const was = (this.keyOf[record] as number) >= 0
    if (was && this.#end(record) < this.oldest) {
      this.tooOld++
      return false
    }
    if (was) this.#unlink(record)
    this.versionHi[record] = event.versionHi
    this.versionLo[record] = event.versionLo
    if (here) this.#link(record, event)
    else this.at[record] = event.at
    return was || here
  }

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
    const key = this.keyOf[record] as number
    if (key === freed) return false
    const at = this.at[record] as number
    const end = key === ghost ? at : this.#end(record)
    if (end >= this.sweepBelow) return false
    if (key >= 0) {
      if (!this.settled(key, at, end)) return false
      this.onGo?.(record, true)
      this.#drop(key, record)
      if (this.count(key) === 0) this.#freeKey(key)
    }
    this.#events.remove(record, this.eventHi, this.eventLo)
    this.keyOf[record] = freed
    this.#freeRecords.push(record)
    return true
  }

  /** Number of the key, or -1. */
  findKey(hi: number, lo: number): number {
    return this.#keys.find(hi, lo, this.keyHi, this.keyLo)
  }

  /** Records of a key: entries [start, start + count) of `lists.data`, by time, then event. */
  start(key: number): number {
    return this.#start[key] as number
  }

  count(key: number): number {
    return this.#count[key] as number
  }

  /** Index in `lists.data` of the key's first record with at ≥ `time`. */
  lowerBound(key: number, time: number): number {
    const list = this.lists.data
    let low = this.start(key)
    let high = low + this.count(key)
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.at[list[middle] as number] as number) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Everything that the histories consist of, as arrays cut to what is used; the indexes are made anew on restoring. */
  image(): Numbers[] {
    if (this.touched.size > 0) throw new Error('A keyspace is imaged between steps only.')
    const { data, free } = this.lists.image()
    return [
      Float64Array.of(this.#sweepAt, this.tooOld, this.oldest, this.sweepBelow),
      Uint32Array.from(this.#freeRecords),
      Uint32Array.from(this.#freeKeys),
      ...this.#recordArrays().map((array) => array.subarray(0, this.#recordCount)),
      ...this.#keyArrays().map((array) => array.subarray(0, this.#keyCount)),
      data,
      ...free,
    ]
  }

  /** Every record that is under a key. */
  *placed(): Generator<number> {
    for (let record = 0; record < this.#recordCount; record++)
      if ((this.keyOf[record] as number) >= 0) yield record
  }

  /** Takes an image into an empty keyspace. */
  restore([counters, freeRecords, freeKeys, ...arrays]: readonly Numbers[]): void {
    ;[this.#sweepAt, this.tooOld, this.oldest, this.sweepBelow] = counters as unknown as [
      number,
      number,
      number,
      number,
    ]
    this.#freeRecords = [...(freeRecords as Numbers)]
    this.#freeKeys = [...(freeKeys as Numbers)]
    const records = arrays.slice(0, this.#recordArrays().length)
    const keys = arrays.slice(records.length, records.length + this.#keyArrays().length)
    const [data, ...free] = arrays.slice(records.length + keys.length) as Uint32Array[]
    this.#recordCount = records[0]?.length ?? 0
    this.#keyCount = keys[0]?.length ?? 0
    while (this.at.length < this.#recordCount) this.#growRecords()
    while (this.keyHi.length < this.#keyCount) this.#growKeys()
    for (const [i, array] of this.#recordArrays().entries()) array.set(records[i] as Numbers)
    for (const [i, array] of this.#keyArrays().entries()) array.set(keys[i] as Numbers)
    this.lists.restore({ data: data as Uint32Array, free })
    for (let record = 0; record < this.#recordCount; record++)
      if (this.keyOf[record] !== freed) this.#events.add(record, this.eventHi, this.eventLo)
    const vacant = new Set(this.#freeKeys)
    for (let key = 0; key < this.#keyCount; key++)
      if (!vacant.has(key)) this.#keys.add(key, this.keyHi, this.keyLo)
  }

  #newRecord(event: Incoming): number {
    const reused = this.#freeRecords.pop()
    const record = reused ?? this.#recordCount
    if (record === this.at.length) this.#growRecords()
    if (reused === undefined) this.#recordCount++
    this.eventHi[record] = event.eventHi
    this.eventLo[record] = event.eventLo
    this.versionHi[record] = event.versionHi
    this.versionLo[record] = event.versionLo
    this.keyOf[record] = ghost
    this.at[record] = event.at
    this.#events.add(record, this.eventHi, this.eventLo)
    return record
  }

  #link(record: number, event: Incoming): void {
    let key = this.findKey(event.keyHi, event.keyLo)
    if (key < 0) key = this.#newKey(event.keyHi, event.keyLo)
    this.at[record] = event.at
    this.until[record] = event.until
    this.codes[record] = event.codes
    this.site[record] = event.site
    this.people[record] = event.people
    this.source[record] = event.source
    this.country[record] = event.country
    this.place[record] = event.place
    this.confidence[record] = event.confidence
    this.linkHi[record] = event.linkHi
    this.linkLo[record] = event.linkLo
    this.keyOf[record] = key
    const end = endOf(event.at, event.until)
    if (end - event.at > (this.longest[key] as number)) this.longest[key] = end - event.at
    this.#insert(key, record)
    this.touched.add(key, event.at, end, this.rulesOf[feedCode(event.codes)] as number)
    this.onCome?.(record)
  }

  #unlink(record: number): void {
    const key = this.keyOf[record] as number
    const codes = this.codes[record] as number
    this.onGo?.(record, false)
    this.#drop(key, record)
    this.keyOf[record] = ghost
    const rules = this.rulesOf[feedCode(codes)] as number
    this.touched.add(key, this.at[record] as number, this.#end(record), rules)
  }

  #drop(key: number, record: number): void {
    const position = this.#position(key, record)
    this.lists.data.copyWithin(position, position + 1, this.start(key) + this.count(key))
    this.#count[key] = this.count(key) - 1
  }

  #end(record: number): number {
    return endOf(this.at[record] as number, this.until[record] as number)
  }

  #insert(key: number, record: number): void {
    const count = this.count(key)
    const sizeClass = this.#sizeClass[key] as number
    if (count === 1 << sizeClass) {
      const larger = this.lists.allocate(sizeClass + 1)
      const old = this.start(key)
      this.lists.data.copyWithin(larger, old, old + count)
      this.lists.release(old, sizeClass)
      this.#start[key] = larger
      this.#sizeClass[key] = sizeClass + 1
    }
    const position = this.#position(key, record)
    const end = this.start(key) + count
    if (position < end) this.lists.data.copyWithin(position + 1, position, end)
    this.lists.data[position] = record
    this.#count[key] = count + 1
  }

  /** Where the record stands, or would, in its key's list. Most events are the latest of their key. */
  #position(key: number, record: number): number {
    const list = this.lists.data
    let low = this.start(key)
    let high = low + this.count(key)
    if (high > low && this.#before(list[high - 1] as number, record)) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#before(list[middle] as number, record)) low = middle + 1
      else high = middle
    }
    return low
  }

  #before(a: number, b: number): boolean {
    const byTime = (this.at[a] as number) - (this.at[b] as number)
    if (byTime !== 0) return byTime < 0
    const byHi = (this.eventHi[a] as number) - (this.eventHi[b] as number)
    return byHi !== 0 ? byHi < 0 : (this.eventLo[a] as number) < (this.eventLo[b] as number)
  }

  #newKey(hi: number, lo: number): number {
    const reused = this.#freeKeys.pop()
    const key = reused ?? this.#keyCount
    if (key === this.keyHi.length) this.#growKeys()
    if (reused === undefined) this.#keyCount++
    this.longest[key] = 0
    this.keyHi[key] = hi
    this.keyLo[key] = lo
    this.#sizeClass[key] = 1
    this.#start[key] = this.lists.allocate(1)
    this.#keys.add(key, this.keyHi, this.keyLo)
    return key
  }

  #freeKey(key: number): void {
    this.lists.release(this.start(key), this.#sizeClass[key] as number)
    this.#keys.remove(key, this.keyHi, this.keyLo)
    this.#sizeClass[key] = 0
    this.#count[key] = 0
    this.#freeKeys.push(key)
  }

  #growRecords(): void {
    this.at = doubled(this.at)
    this.until = doubled(this.until)
    this.eventHi = doubled(this.eventHi)
    this.eventLo = doubled(this.eventLo)
    this.versionHi = doubled(this.versionHi)
    this.versionLo = doubled(this.versionLo)
    this.codes = doubled(this.codes)
    this.site = doubled(this.site)
    this.people = doubled(this.people)
    this.source = doubled(this.source)
    this.country = doubled(this.country)
    this.place = doubled(this.place)
    this.confidence = doubled(this.confidence)
    this.linkHi = doubled(this.linkHi)
    this.linkLo = doubled(this.linkLo)
    this.keyOf = doubled(this.keyOf)
  }

  #growKeys(): void {
    this.keyHi = doubled(this.keyHi)
    this.keyLo = doubled(this.keyLo)
    this.longest = doubled(this.longest)
    this.#start = doubled(this.#start)
    this.#count = doubled(this.#count)
    this.#sizeClass = doubled(this.#sizeClass)
  }

  #recordArrays(): Numbers[] {
    const { at, until, eventHi, eventLo, versionHi, versionLo, codes, site } = this
    const { people, source, country, place, confidence, linkHi, linkLo, keyOf } = this
    return [
      at,
      until,
      eventHi,
      eventLo,
      versionHi,
      versionLo,
      codes,
      site,
      people,
      source,
      country,
      place,
      confidence,
      linkHi,
      linkLo,
      keyOf,
    ]
  }

  #keyArrays(): Numbers[] {
    return [this.keyHi, this.keyLo, this.longest, this.#start, this.#count, this.#sizeClass]
  }
}

const initial = 1024
const ghost = -1
const freed = -2

/** When an event is over: its end, or when it happened. */
function endOf(at: number, until: number): number {
  return until > at ? until : at
}
