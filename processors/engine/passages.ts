import { isPartial } from '../../ingest/feeds/partial-token.ts'
import { feedCode, feedCodes } from './codes.ts'
import { grown } from './columns.ts'
import type { Keyspace } from './keyspace.ts'

const dayMs = 86_400_000
const sightings = feedCodes.indexOf('sightings')

export const isSighting = (codes: number): boolean => feedCode(codes) === sightings

/** The passages of one camera on one day by time, then event: ms of the day, record and key of each. */
class Day {
  at = new Uint32Array(4)
  record = new Uint32Array(4)
  key = new Int32Array(4)
  length = 0
}

/** The sightings of a keyspace of vehicles by camera and time. It follows from the keyspace and is not part of a snapshot. */
export class Passages {
  readonly #vehicles: Keyspace
  /** By camera (number of the dictionary) and day since 1970. */
  readonly #cameras = new Map<number, Map<number, Day>>()
  #places = 0
  /** Of the passage that {@link next} is at: key of its vehicle, ms UTC. */
  key = 0
  time = 0
  #days: Map<number, Day> | undefined
  #list: Day | undefined
  #day = 0
  #i = 0
  #from = 0
  #to = 0

  constructor(vehicles: Keyspace) {
    this.#vehicles = vehicles
  }

  get bytes(): number {
    return this.#places * 12
  }

  /** Whether a record is a sighting of one vehicle: a plate that was not read whole may be several. */
  isPassage(record: number): boolean {
    const { codes, keyOf, keyLo } = this.#vehicles
    const key = keyOf.get(record)
    return isSighting(codes.get(record)) && !isPartial(keyLo.get(key))
  }

  add(record: number): void {
    const { day, at, camera } = this.#where(record)
    let days = this.#cameras.get(camera)
    if (days === undefined) this.#cameras.set(camera, (days = new Map()))
    let list = days.get(day)
    if (list === undefined) {
      days.set(day, (list = new Day()))
      this.#places += list.at.length
    }
    if (list.length === list.at.length) {
      this.#places += list.length
      list.at = grown(list.at)
      list.record = grown(list.record)
      list.key = grown(list.key)
    }
    const place = this.#place(list, at, record)
    list.at.copyWithin(place + 1, place, list.length)
    list.record.copyWithin(place + 1, place, list.length)
    list.key.copyWithin(place + 1, place, list.length)
    list.at[place] = at
    list.record[place] = record
    list.key[place] = this.#vehicles.keyOf.get(record)
    list.length++
  }

  remove(record: number): void {
    const { day, at, camera } = this.#where(record)
    const days = this.#cameras.get(camera)
    const list = days?.get(day)
    if (days === undefined || list === undefined) return
    const place = this.#place(list, at, record)
    if (list.record[place] !== record || place >= list.length) return
    list.at.copyWithin(place, place + 1, list.length)
    list.record.copyWithin(place, place + 1, list.length)
    list.key.copyWithin(place, place + 1, list.length)
    if (--list.length > 0) return
    this.#places -= list.at.length
    days.delete(day)
    if (days.size === 0) this.#cameras.delete(camera)
  }

  /** Points at the passages of a camera with from ≤ at ≤ to, by time, then event; {@link next} goes from one to the next. */
  seek(camera: number, from: number, to: number): void {
    this.#days = this.#cameras.get(camera)
    this.#day = Math.floor(from / dayMs)
    this.#from = from
    this.#to = to
    this.#open()
  }

  /** Whether there is another passage; then `key` and `time` are its own. Nothing may be added or removed between. */
  next(): boolean {
    while (this.#list !== undefined || this.#day * dayMs <= this.#to) {
      const list = this.#list
      if (list !== undefined && this.#i < list.length) {
        this.time = this.#day * dayMs + (list.at[this.#i] as number)
        this.key = list.key[this.#i] as number
        this.#i++
        return this.time <= this.#to
      }
      this.#day++
      this.#open()
    }
    return false
  }

  /** Begins with the day that {@link next} is at. */
  #open(): void {
    const start = this.#day * dayMs
    this.#list = start <= this.#to ? this.#days?.get(this.#day) : undefined
    this.#i = this.#list === undefined || this.#from <= start ? 0 : lowerBound(this.#list, this.#from - start)
  }

  #where(record: number): { day: number; at: number; camera: number } {
    const at = this.#vehicles.at.get(record)
    const day = Math.floor(at / dayMs)
    return { day, at: at - day * dayMs, camera: this.#vehicles.site.get(record) }
  }

  /** Where the record stands, or would. Most passages are the latest of their camera. */
  #place(list: Day, at: number, record: number): number {
    const { length } = list
    let place = length > 0 && (list.at[length - 1] as number) < at ? length : lowerBound(list, at)
    while (place < length && list.at[place] === at && this.#before(list.record[place] as number, record))
      place++
    return place
  }

  #before(a: number, b: number): boolean {
    const { eventHi, eventLo } = this.#vehicles
    const byHi = eventHi.get(a) - eventHi.get(b)
    return byHi !== 0 ? byHi < 0 : eventLo.get(a) < eventLo.get(b)
  }
}

function lowerBound({ at, length }: Day, time: number): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((at[middle] as number) < time) low = middle + 1
    else high = middle
  }
  return low
}
