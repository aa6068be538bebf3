import type { CountedVolumes } from '../../ingest/feeds/log-subjects.ts'
import type { FeedName } from '../../ingest/feeds/layout.ts'
import { hash64, hashed } from '../../platform/hash.ts'
import { volumeKinds, type VolumeKind, type Volumes } from '../detector.ts'
import { feedCodes, type Dictionary } from './codes.ts'
import { Words, type Numbers } from './columns.ts'
import { EventList } from './event-list.ts'
import { HashIndex } from './hash-index.ts'
import { HourCounts } from './hour-counts.ts'
import type { Incoming } from './keyspace.ts'
import { Field, Rows } from './rows.ts'
import { Touched } from './touched.ts'

const hourMs = 3_600_000
/** How long a record can still be corrected, cancelled or met again here, ms. */
export const volumeCorrectionsMs = 10 * 24 * hourMs
/** A key that changed is looked at once in this time, ms, each at a moment of its own. */
const periodMs = 30_000

/** Number of a kind: its place in `volumeKinds`. */
export const kindOf = (kind: VolumeKind): number => volumeKinds.indexOf(kind)
const unmatchedEntry = kindOf('unmatched-entry')
/** Above all kinds and keys: no key of here, a version without a place, a record that is free again. */
const foreign = 0xffff_fffd
const ghost = 0xffff_ffff
const freed = 0xffff_fffe

/**
 * How many events each site and each source had, by hour. Of an event only its version and what it counts for are remembered, for
 * ten days: so a duplicate, a correction or a cancellation alters the counts exactly, and what is older than that alters them no
 * more (`tooOld`). Sites and sources are keys of one numbering.
 */
export class VolumeLedger {
  readonly touched = new Touched()
  /** Rules that an event of a feed concerns, a bit each, by feed code. */
  readonly rulesOf = [0, 0, 0, 0]
  /** Rules that unmatched entries concern. */
  unmatchedRules = 0
  /** Records before this hour (since 1970) change nothing any more. */
  oldestHour = -Infinity
  tooOld = 0
  readonly #dictionary: Dictionary
  readonly #owns: (keyHi: number) => boolean

  readonly #names: string[] = []
  readonly #keys = new Map<string, number>()
  readonly keyHi = new Words()
  readonly keyLo = new Words()
  readonly #byHash = new HashIndex()
  /** Key of a word of the dictionary; -1: of another slice. */
  readonly #siteKeys: number[] = []
  readonly #sourceKeys: number[] = []

  /** A record: eight words. */
  readonly #records = new Rows(3)
  readonly #eventHi = new Field(this.#records, 0)
  readonly #eventLo = new Field(this.#records, 1)
  readonly #versionHi = new Field(this.#records, 2)
  readonly #versionLo = new Field(this.#records, 3)
  readonly #hour = new Field(this.#records, 4)
  readonly #site = new Field(this.#records, 5)
  readonly #source = new Field(this.#records, 6)
  /** Kind of what is counted, or `ghost`, or `freed`. */
  readonly #kind = new Field(this.#records, 7)
  readonly #events = new HashIndex()
  #count = 0
  #free: number[] = []
  #sweepAt = 0

  readonly counts = new HourCounts()
  readonly #unmatched = new Map<number, EventList>()
  /** Totals that came counted, by (hour, kind, whether of a day). */
  readonly #counted = new Map<number, Map<number, number>>()
  /** Hours that such totals cover, as kind 0. Follows from them. */
  readonly covered = new HourCounts()

  constructor(dictionary: Dictionary, owns: (keyHi: number) => boolean) {
    this.#dictionary = dictionary
    this.#owns = owns
  }

  get keys(): number {
    return this.#names.length
  }

  get records(): number {
    return this.#count - this.#free.length
  }

  get bytes(): number {
    return this.#records.bytes + this.#events.bytes + this.counts.bytes + this.covered.bytes
  }

  name(key: number): string {
    return this.#names[key] as string
  }

  findKey(hi: number, lo: number): number {
    return this.#byHash.find(hi, lo, this.keyHi, this.keyLo)
  }

  keyOf(name: string): number {
    return this.#keys.get(name) ?? -1
  }

  /** Reads in advance what taking the events [start, end) of a batch will look at; see Keyspace.warm. */
  warm(events: Uint32Array, start: number, end: number): void {
    let sum = 0
    for (let row = start; row < end; row++)
      sum ^= this.#events.peek(events[row * 2 + 1] as number, events[row * 2] as number)
    this.warmth = sum
  }
  warmth = 0

  /** Takes an event that counts as `kind`; -1: as nothing (a crossing without a direction). */
  take(event: Incoming, kind: number, feed: number): void {
    let record = this.#events.find(event.eventHi, event.eventLo, this.#eventHi, this.#eventLo)
    if (record >= 0 && this.#forget(record)) record = -1
    // A lodging is a key of its own, with a history: it is no site here.
    const site = feed === registrations ? -1 : this.#key(this.#siteKeys, event.site, '')
    const source = this.#key(this.#sourceKeys, event.source, 'source:')
    const hour = Math.floor(event.at / hourMs)
    let here = !event.cancelled && kind >= 0 && (site >= 0 || source >= 0)
    if (here && hour < this.oldestHour) {
      this.tooOld++
      here = false
    }
    const newer =
      record < 0 ||
      event.versionHi > this.#versionHi.get(record) ||
      (event.versionHi === this.#versionHi.get(record) && event.versionLo > this.#versionLo.get(record))
    if (!newer) return
    if (record < 0) {
      if (!here && event.versionHi === 0) return
      record = this.#newRecord(event)
    } else if (this.#kind.get(record) < foreign) this.#alter(record, -1, feed)
    this.#versionHi.set(record, event.versionHi)
    this.#versionLo.set(record, event.versionLo)
    this.#hour.set(record, Math.max(0, hour))
    this.#site.set(record, site < 0 ? foreign : site)
    this.#source.set(record, source < 0 ? foreign : source)
    this.#kind.set(record, here ? kind : ghost)
    if (here) this.#alter(record, 1, feed)
  }

  /** An entry became unmatched, or ceased to be. */
  unmatched(site: number, at: number, eventHi: number, eventLo: number, is: boolean): void {
    const key = this.#key(this.#siteKeys, site, '')
    const hour = Math.floor(at / hourMs)
    if (key < 0 || hour < this.oldestHour) return
    let list = this.#unmatched.get(key)
    if (list === undefined) this.#unmatched.set(key, (list = new EventList()))
    if (is) list.add(at, eventHi, eventLo)
    else list.remove(at, eventHi, eventLo)
    this.counts.add(key, unmatchedEntry, hour, is ? 1 : -1)
    this.touched.add(key, hour * hourMs, (hour + 1) * hourMs - 1, this.unmatchedRules)
  }

  unmatchedOf(key: number): EventList | undefined {
    return this.#unmatched.get(key)
  }

  /** Takes totals that came counted; of two of one site, kind, hour and length the later of the log holds, as in the store. */
  takeCounted({ rows }: Pick<CountedVolumes, 'rows'>): void {
    for (const { feed, site, kind, at, spanMs, count } of rows) {
      const hours = Math.max(1, Math.round(spanMs / hourMs))
      if (hours > 1 && (hours < 23 || hours > 25)) continue
      const number = countedKind(feed, kind)
      const key = number < 0 ? -1 : this.#named(site)
      if (key < 0) continue
      const hour = Math.floor(at / hourMs)
      let counted = this.#counted.get(key)
      if (counted === undefined) this.#counted.set(key, (counted = new Map()))
      const place = countedPlace(hour, number, hours > 1)
      if (counted.get(place) === count) continue
      if (!counted.has(place)) this.#cover(key, place)
      counted.set(place, count)
      this.touched.add(
        key,
        hour * hourMs,
        (hour + hours) * hourMs - 1,
        this.rulesOf[feedCodes.indexOf(feed)] as number,
      )
    }
  }

  #cover(key: number, place: number): void {
    const hour = Math.floor(place / 16)
    for (let n = place % 2 === 1 ? 23 : 0; n >= 0; n--) this.covered.add(key, 0, hour + n, 1)
  }

  countedOf(key: number): ReadonlyMap<number, number> | undefined {
    return this.#counted.get(key)
  }

  /** Moves time on; `keptMs` of counts are kept. */
  tick(now: number, keptMs: number, budget: number): void {
    this.oldestHour = Math.floor((now - volumeCorrectionsMs) / hourMs)
    const kept = Math.floor((now - keptMs) / hourMs)
    if (Math.floor(kept / 168) > this.#droppedWeek) {
      this.#droppedWeek = Math.floor(kept / 168)
      this.counts.dropBefore(kept)
      for (const list of this.#unmatched.values()) list.dropBefore(this.#droppedWeek * 168 * hourMs)
    }
    const count = Math.min(budget, this.#count)
    for (let i = 0; i < count; i++) {
      const record = this.#sweepAt
      this.#sweepAt = (record + 1) % this.#count
      this.#forget(record)
    }
  }
  #droppedWeek = -Infinity

  /** Takes out the keys whose moment came since the last time, and calls `visit` with each; at Infinity all. */
  takeDue(now: number, visit: (key: number, from: number, to: number, rules: number) => void): void {
    const before = this.#lookedAt
    const moment = (at: number, key: number): number =>
      Math.floor((at + (this.keyLo.get(key) % periodMs)) / periodMs)
    this.touched.takeWhere((key) => moment(now, key) !== moment(before, key), visit)
    if (now < Infinity) this.#lookedAt = now
  }
  #lookedAt = -Infinity

  names(): readonly string[] {
    return this.#names
  }

  image(): Record<'records' | 'counts' | 'unmatched' | 'counted' | 'touched', Numbers[]> {
    const lists = [...this.#unmatched].filter(([, list]) => list.length > 0)
    const counted = [...this.#counted].flatMap(([key, places]) =>
      [...places].map(([place, count]) => [key, place, count] as const),
    )
    return {
      records: [
        Float64Array.of(
          this.oldestHour,
          this.tooOld,
          this.#sweepAt,
          this.#droppedWeek,
          this.#lookedAt,
          this.#count,
        ),
        Uint32Array.from(this.#free),
        ...this.#records.image(this.#count),
      ],
      counts: this.counts.image(),
      unmatched: lists.flatMap(([key, { at, hi, lo, length }]) => [
        Uint32Array.of(key),
        at.subarray(0, length),
        hi.subarray(0, length),
        lo.subarray(0, length),
      ]),
      counted: [0, 1, 2].map((i) => Float64Array.from(counted, (row) => row[i] as number)),
      touched: this.touched.image(),
    }
  }

  restore(names: readonly string[], image: Readonly<Record<string, readonly Numbers[]>>): void {
    for (const name of names) this.#named(name)
    const arrays = (image['records'] ?? []).values()
    const next = (): Numbers => (arrays.next() as IteratorYieldResult<Numbers>).value
    const counters = next() as unknown as [number, number, number, number, number, number]
    ;[this.oldestHour, this.tooOld, this.#sweepAt, this.#droppedWeek, this.#lookedAt, this.#count] = counters
    this.#free = [...next()]
    this.#records.restore(this.#count, arrays)
    for (let record = 0; record < this.#count; record++)
      if (this.#kind.get(record) !== freed) this.#events.add(record, this.#eventHi, this.#eventLo)
    this.counts.restore(image['counts'] ?? [])
    const lists = image['unmatched'] ?? []
    for (let i = 0; i < lists.length; i += 4) {
      const list = new EventList()
      const [key, at, hi, lo] = lists.slice(i, i + 4) as [Numbers, Numbers, Numbers, Numbers]
      for (let n = 0; n < at.length; n++) list.add(at[n] as number, hi[n] as number, lo[n] as number)
      this.#unmatched.set(key[0] as number, list)
    }
    const [keys, places, counts] = image['counted'] ?? []
    for (let i = 0; i < (keys?.length ?? 0); i++) {
      const key = keys?.[i] as number
      const counted = this.#counted.get(key) ?? new Map<number, number>()
      this.#counted.set(key, counted.set(places?.[i] as number, counts?.[i] as number))
      this.#cover(key, places?.[i] as number)
    }
    this.touched.restore(image['touched'] ?? [])
  }

  /** Key of a word of the dictionary; -1 when it is none or another slice's. */
  #key(known: number[], word: number, prefix: string): number {
    const key = known[word]
    if (key !== undefined) return key
    const text = this.#dictionary.word(word)
    return (known[word] = text === '' ? -1 : this.#named(prefix + text))
  }

  #named(name: string): number {
    const known = this.#keys.get(name)
    if (known !== undefined) return known
    hash64(encoder.encode(name))
    const { hi, lo } = hashed
    if (!this.#owns(hi)) return -1
    const key = this.#names.length
    this.#names.push(name)
    this.#keys.set(name, key)
    this.keyHi.reserve(key + 1)
    this.keyLo.reserve(key + 1)
    this.keyHi.set(key, hi)
    this.keyLo.set(key, lo)
    this.#byHash.add(key, this.keyHi, this.keyLo)
    return key
  }

  #newRecord(event: Incoming): number {
    const reused = this.#free.pop()
    const record = reused ?? this.#count
    this.#records.reserve(record + 1)
    if (reused === undefined) this.#count++
    this.#eventHi.set(record, event.eventHi)
    this.#eventLo.set(record, event.eventLo)
    this.#kind.set(record, ghost)
    this.#events.add(record, this.#eventHi, this.#eventLo)
    return record
  }

  #alter(record: number, by: number, feed: number): void {
    const hour = this.#hour.get(record)
    const rules = this.rulesOf[feed] as number
    for (const key of [this.#site.get(record), this.#source.get(record)]) {
      if (key === foreign) continue
      this.counts.add(key, this.#kind.get(record), hour, by)
      this.touched.add(key, hour * hourMs, (hour + 1) * hourMs - 1, rules)
    }
  }

  /** Forgets a record that is too old to change anything; what it counted stays. */
  #forget(record: number): boolean {
    if (this.#kind.get(record) === freed || this.#hour.get(record) >= this.oldestHour) return false
    this.#events.remove(record, this.#eventHi, this.#eventLo)
    this.#kind.set(record, freed)
    this.#free.push(record)
    return true
  }
}

/** The counts of one key, as a detector sees them. Valid during the call that it was passed to. */
export class VolumeView implements Volumes {
  readonly #ledger: VolumeLedger
  #key = 0
  #span: { first: number; last: number } | undefined
  #counted: ReadonlyMap<number, number> | undefined
  origin: 'records' | 'counted' = 'records'

  constructor(ledger: VolumeLedger) {
    this.#ledger = ledger
  }

  aim(key: number): this {
    this.#key = key
    const recorded = this.#ledger.counts.span(key)
    this.#counted = recorded === undefined ? this.#ledger.countedOf(key) : undefined
    this.origin = this.#counted === undefined ? 'records' : 'counted'
    this.#span = recorded ?? this.#ledger.covered.span(key)
    return this
  }

  get firstHour(): number {
    return this.#span === undefined ? NaN : this.#span.first * hourMs
  }

  get lastHour(): number {
    return this.#span === undefined ? NaN : this.#span.last * hourMs
  }

  count(kind: VolumeKind, hour: number): number {
    const place = Math.floor(hour / hourMs)
    if (this.#counted !== undefined) return this.#counted.get(countedPlace(place, kindOf(kind), false)) ?? 0
    return this.#ledger.counts.get(this.#key, kindOf(kind), place)
  }

  day(kind: VolumeKind, localDay: number): number {
    const total = this.#counted?.get(countedPlace(Math.floor(localDay / hourMs), kindOf(kind), true))
    if (total !== undefined) return total
    let sum = 0
    for (let n = 0; n < 24; n++) sum += this.count(kind, localDay + n * hourMs)
    return sum
  }

  reported(at: number): boolean {
    const hour = Math.floor(at / hourMs)
    if (this.#counted !== undefined) return this.#ledger.covered.get(this.#key, 0, hour) > 0
    for (let kind = 0; kind < volumeKinds.length; kind++)
      if (this.#ledger.counts.get(this.#key, kind, hour) > 0) return true
    return false
  }

  unmatched(from: number, to: number): { at: number; event: string }[] {
    const list = this.#ledger.unmatchedOf(this.#key)
    const found: { at: number; event: string }[] = []
    if (list === undefined) return found
    for (let i = list.lowerBound(from); i < list.length && (list.at[i] as number) <= to; i++)
      found.push({ at: list.at[i] as number, event: list.event(i) })
    return found
  }
}

const encoder = new TextEncoder()
const registrations = feedCodes.indexOf('registrations')

/** Sixteen places an hour: eight kinds, of an hour or of a day. */
function countedPlace(hour: number, kind: number, ofDay: boolean): number {
  return hour * 16 + kind * 2 + (ofDay ? 1 : 0)
}

function countedKind(feed: FeedName, kind: string): number {
  if (feed === 'sightings') return kindOf('sighting')
  if (feed === 'registrations') return kindOf('registration')
  return kind === 'entry' || kind === 'exit' || kind === 'check' ? kindOf(kind) : -1
}
