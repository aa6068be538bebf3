import { isPartial } from '../../ingest/feeds/partial-token.ts'
import type { EffectiveTable, Reference } from '../../ingest/reference/reference.ts'
import { hexOf } from '../../platform/hash.ts'
import type { AlertRevision, Keyspace as KeyspaceName } from '../alert.ts'
import type { Context, Volumes } from '../detector.ts'
import type { Rule } from '../rule.ts'
import type { Dictionary } from './codes.ts'
import { History } from './history.ts'
import type { Keyspace } from './keyspace.ts'
import { Companions } from './companions.ts'
import type { Passages } from './passages.ts'
import { Standing, type Change, type Stamp } from './standing.ts'
import { VolumeView, type VolumeLedger } from './volumes.ts'

/** What the contexts of all rules share. `now` is the last tick. */
export interface Surroundings {
  readonly reference: Reference
  readonly dictionary: Dictionary
  readonly vehicles: Keyspace | undefined
  readonly passages: Passages | undefined
  now: number
}

/**
 * A rule at work: whose keys it looks at, what stands, and what its detector is given, one object for all evaluations.
 */
export class Watch implements Context<Readonly<Record<string, unknown>>> {
  readonly rule: Rule
  readonly name: KeyspaceName
  /** Bit of the rule among those of its keyspace, and its number among all. */
  readonly bit: number
  readonly number: number
  /** Keyspace of travellers, vehicles or premises; for sites `volumes` stands in its place. */
  readonly keyspace: Keyspace
  readonly ledger: VolumeLedger | undefined
  readonly standing: Standing
  /** For a rule about company: which keys are worth a look. */
  readonly companions: Companions | undefined
  readonly history: History
  from = 0
  to = 0
  #key = 0
  readonly #view: VolumeView | undefined
  /** For a rule about entries of a table: that table. */
  readonly #listed: EffectiveTable | undefined
  readonly #around: Surroundings

  constructor(
    rule: Rule,
    place: { bit: number; number: number; keyspace: Keyspace; ledger: VolumeLedger | undefined },
    around: Surroundings,
  ) {
    this.rule = rule
    this.name = rule.detector.key
    this.bit = place.bit
    this.number = place.number
    this.keyspace = place.keyspace
    this.ledger = place.ledger
    this.#around = around
    this.standing = new Standing(rule)
    this.history = new History(place.keyspace, around.dictionary)
    const { lookbackMs, params } = rule
    const company = rule.detector.companions?.(params)
    if (company !== undefined && around.passages !== undefined)
      this.companions = new Companions(
        { ...company, lookbackMs, bit: place.bit },
        place.keyspace,
        around.passages,
      )
    this.#view = place.ledger && new VolumeView(place.ledger)
    if (rule.detector.keysIn !== undefined && this.name !== 'traveller' && this.name !== 'vehicle')
      throw new TypeError(`Detector ${rule.detector.id}: "keysIn" is for keys traveller and vehicle.`)
    this.#listed = rule.detector.keysIn && around.reference[rule.detector.keysIn]
  }

  /** Points the context at a key and the zone [from, to] of it. */
  aim(key: number, from: number, to: number): void {
    const { lookbackMs, lookaheadMs } = this.rule
    this.#key = key
    this.from = from
    this.to = to
    if (this.#view !== undefined) this.#view.aim(key)
    // A span that began before the slice may reach into it.
    else this.history.aim(key, from - lookbackMs - this.keyspace.longest(key), to + lookaheadMs)
  }

  /** Most evaluations find nothing and never ask. */
  get key(): string {
    const { name, keyspace } = this
    if (this.ledger !== undefined) return this.ledger.name(this.#key)
    if (name === 'premises' && keyspace.count(this.#key) > 0) {
      const first = keyspace.lists.data.get(keyspace.start(this.#key))
      return this.#around.dictionary.word(this.keyspace.site.get(first))
    }
    return hexOf(keyspace.keyHi.get(this.#key), keyspace.keyLo.get(this.#key))
  }

  /** Whether something of the key may stand. */
  stands(key: number): boolean {
    return this.ledger === undefined
      ? (this.keyspace.stands.get(key) & this.bit) !== 0
      : this.standing.has(key)
  }

  /** Has a change stand, and gives the revisions. */
  apply(change: Change, stamp: Stamp): AlertRevision[] {
    const revisions = this.standing.apply(change, stamp)
    const { stands } = this.keyspace
    if (this.ledger === undefined) {
      const others = stands.get(change.key) & ~this.bit
      stands.set(change.key, this.standing.has(change.key) ? others | this.bit : others)
    }
    return revisions
  }

  /** Whether the detector does not look at the key: a plate that was not read whole, a vehicle without company, a key on no list. */
  passesOver(key: number): boolean {
    if (this.companions?.hasCompany(key) === false) return true
    if (this.#listed !== undefined && !this.#listed.mayHold(this.keyspace.keyHi.get(key))) return true
    return (
      this.name === 'vehicle' &&
      this.rule.detector.partialReads !== true &&
      isPartial(this.keyspace.keyLo.get(key))
    )
  }

  get params(): Readonly<Record<string, unknown>> {
    return this.rule.params
  }

  get reference(): Reference {
    return this.#around.reference
  }

  get now(): number {
    return this.#around.now
  }

  /** Before this nothing is evaluated any more, ms UTC: histories that it looks into are no longer whole. */
  get oldest(): number {
    const followed = this.followsVehicles ? (this.#around.vehicles?.oldest ?? -Infinity) : -Infinity
    return Math.max(this.keyspace.oldest, followed)
  }

  get followsVehicles(): boolean {
    return this.rule.detector.follows === 'vehicle'
  }

  /** Detectors take their context apart: what they call is bound. */
  readonly trail = (vehicle: string, from: number, to: number): History => {
    const { vehicles, dictionary } = this.#around
    if (!this.followsVehicles || vehicles === undefined) throw this.#undeclared('follows')
    const history = new History(vehicles, dictionary)
    const [hi, lo] = [vehicle.slice(0, 8), vehicle.slice(8)].map((half) => Number.parseInt(half, 16))
    const key = vehicles.findKey(hi as number, lo as number)
    return key < 0 ? history : history.aim(key, from, to)
  }

  readonly company = (from: number, to: number): { vehicle: string; history: History }[] => {
    const { keyspace, companions } = this
    if (companions === undefined) throw this.#undeclared('companions')
    return companions.of(this.#key).map((key) => ({
      vehicle: hexOf(keyspace.keyHi.get(key), keyspace.keyLo.get(key)),
      history: new History(keyspace, this.#around.dictionary).aim(key, from, to),
    }))
  }

  get volumes(): Volumes {
    if (this.#view === undefined) throw this.#undeclared('key')
    return this.#view
  }

  /** A detector that asks for what it has not declared is not evaluated when that changes. */
  #undeclared(field: string): Error {
    return new TypeError(
      `Detector ${this.rule.detector.id} asks for what its field "${field}" does not declare.`,
    )
  }
}
