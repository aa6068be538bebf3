import { hexOf } from '../../platform/hash.ts'
import {
  directionCode,
  directions,
  documentTypeCode,
  documentTypes,
  feedCode,
  feedCodes,
  headingCode,
  headings,
  issuerKnown,
  modeCode,
  modes,
  outcomeCode,
  outcomes,
  vehicleClassCode,
  vehicleClasses,
  type Dictionary,
} from './codes.ts'
import type { Keyspace } from './keyspace.ts'

/**
 * A slice of one key's history as a detector sees it: records by time, read by position. It is a view; nothing is copied.
 * Valid only during the call that it was passed to.
 */
export class History {
  readonly #keyspace: Keyspace
  readonly #dictionary: Dictionary
  #key = 0
  #start = 0
  length = 0

  constructor(keyspace: Keyspace, dictionary: Dictionary) {
    this.#keyspace = keyspace
    this.#dictionary = dictionary
  }

  /** Points the view at the records of `key` with from ≤ at ≤ to. Of most keys that is all: then there is nothing to search. */
  aim(key: number, from: number, to: number): this {
    const { at, lists } = this.#keyspace
    this.#key = key
    const start = this.#keyspace.start(key)
    const end = start + this.#keyspace.count(key)
    const whole = start < end
    this.#start =
      whole && at.get(lists.data.get(start)) >= from ? start : this.#keyspace.lowerBound(key, from)
    const last = whole && at.get(lists.data.get(end - 1)) <= to ? end : this.#keyspace.lowerBound(key, to + 1)
    this.length = last - this.#start
    return this
  }

  /** The key itself as a number, for evidence that names it. */
  get keyHi(): number {
    return this.#keyspace.keyHi.get(this.#key)
  }

  get keyLo(): number {
    return this.#keyspace.keyLo.get(this.#key)
  }

  #record(i: number): number {
    return this.#keyspace.lists.data.get(this.#start + i)
  }

  /** ms UTC. */
  at(i: number): number {
    return this.#keyspace.at.get(this.#record(i))
  }

  /** End of a stay, ms UTC; NaN when it was not given. */
  until(i: number): number {
    return this.#keyspace.until.get(this.#record(i))
  }

  people(i: number): number {
    return this.#keyspace.people(this.#record(i))
  }

  site(i: number): string {
    return this.#dictionary.word(this.#keyspace.site.get(this.#record(i)))
  }

  feed(i: number): (typeof feedCodes)[number] {
    return feedCodes[feedCode(this.#keyspace.codes.get(this.#record(i)))] ?? ''
  }

  /** ICAO 9303 code on the document; for entitlement tables only, never to decide by itself. */
  nationality(i: number): string {
    return this.feed(i) === 'sightings' ? '' : this.#country(i)
  }

  /** Name of the supplier's system. */
  source(i: number): string {
    return this.#dictionary.word(this.#keyspace.source.get(this.#record(i)))
  }

  /** What the camera made of the vehicle, empty when it said nothing. Sightings only. */
  make(i: number): string {
    return this.feed(i) === 'sightings' ? this.#place(i) : ''
  }

  colour(i: number): string {
    return this.feed(i) === 'sightings' ? this.#country(i) : ''
  }

  vehicleClass(i: number): (typeof vehicleClasses)[number] {
    return vehicleClasses[vehicleClassCode(this.#keyspace.codes.get(this.#record(i)))] ?? ''
  }

  heading(i: number): (typeof headings)[number] {
    return headings[headingCode(this.#keyspace.codes.get(this.#record(i)))] ?? ''
  }

  /**
   * Whether a camera read who issued the plate: its province, or a country other than Thailand. Without it one series and number are
   * up to 77 vehicles.
   */
  issuerKnown(i: number): boolean {
    return issuerKnown(this.#keyspace.codes.get(this.#record(i)))
  }

  /** Province that the traveller declared as destination; empty when none was. Crossings only. */
  declaredProvince(i: number): string {
    return this.feed(i) === 'crossings' ? this.#place(i) : ''
  }

  /** Room of a registration; empty when none was given. */
  room(i: number): string {
    return this.feed(i) === 'registrations' ? this.#place(i) : ''
  }

  #country(i: number): string {
    return this.#dictionary.word(this.#keyspace.country.get(this.#record(i)))
  }

  #place(i: number): string {
    return this.#dictionary.word(this.#keyspace.place.get(this.#record(i)))
  }

  /** Likelihood from 0 to 1 that a plate was read right; 1 for what no camera read. */
  confidence(i: number): number {
    return this.#keyspace.confidence(this.#record(i)) / 255
  }

  outcome(i: number): (typeof outcomes)[number] {
    return outcomes[outcomeCode(this.#keyspace.codes.get(this.#record(i)))] ?? ''
  }

  /** The other party as 16 hexadecimal digits (vehicle of a crossing, traveller of a registration or sighting); empty when none. */
  linked(i: number): string {
    const record = this.#record(i)
    const [hi, lo] = [this.#keyspace.linkHi.get(record), this.#keyspace.linkLo.get(record)]
    return hi === 0 && lo === 0 ? '' : hexOf(hi, lo)
  }

  direction(i: number): (typeof directions)[number] {
    return directions[directionCode(this.#keyspace.codes.get(this.#record(i)))] ?? ''
  }

  mode(i: number): (typeof modes)[number] {
    return modes[modeCode(this.#keyspace.codes.get(this.#record(i)))] ?? ''
  }

  documentType(i: number): (typeof documentTypes)[number] {
    return documentTypes[documentTypeCode(this.#keyspace.codes.get(this.#record(i)))] ?? ''
  }

  /** event_key of the record, 16 hexadecimal digits. */
  event(i: number): string {
    const record = this.#record(i)
    const hi = this.#keyspace.eventHi.get(record)
    const lo = this.#keyspace.eventLo.get(record)
    return hexOf(hi, lo)
  }

  /** Positions of the records that `keep` says yes to, ascending. */
  where(keep: (i: number) => boolean): number[] {
    const positions: number[] = []
    for (let i = 0; i < this.length; i++) if (keep(i)) positions.push(i)
    return positions
  }
}
