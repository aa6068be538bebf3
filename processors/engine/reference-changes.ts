import type { ReferenceChange, ReferenceRow, TableName } from '../../ingest/feeds/log-subjects.ts'
import { instant, type Reference } from '../../ingest/reference/reference.ts'
import { hash64, hashed } from '../../platform/hash.ts'
import type { Dictionary } from './codes.ts'
import type { Keyspace } from './keyspace.ts'
import type { VolumeLedger } from './volumes.ts'
import type { Watch } from './watch.ts'

/** The bit of what follows a keyspace from another: not a rule of its own. */
export const followed = 1 << 30

/** Keys looked at for records at a changed place, and touched, at each tick: the log must not wait for a new rule. */
const keysATick = 20_000
const touchedATick = 4_000

/** A walk over all keys of a keyspace, some at each tick: those with records of [from, to) at one of the sites are touched. */
interface Walk {
  readonly keyspace: 'traveller' | 'vehicle' | 'premises'
  readonly rules: number
  /** ms UTC; null: without end. */
  readonly from: number
  readonly to: number | null
  /** Numbers of the dictionary; null: all sites. */
  readonly sites: readonly number[] | null
  next: number
}

export type WalksImage = readonly Walk[]

/** What changes of reference data have looked at again. */
export interface Held {
  readonly reference: Reference
  readonly dictionary: Dictionary
  readonly keyspaces: Partial<Record<Walk['keyspace'], Keyspace>>
  readonly volumes: VolumeLedger | undefined
  readonly watches: readonly Watch[]
}

/** A row that is new or another than before, and when it makes a difference: [from, to), ms UTC. */
interface Changed {
  readonly row: ReferenceRow
  readonly from: number
  readonly to: number
}

/**
 * Has the keys looked at again that a change of reference data touches. The key that a row names (a lodging, a site, a token of a
 * watchlist) is touched at once; who was at a place that changed, and everybody when a rule for all changes, in the course of ticks.
 */
export class ReferenceChanges {
  readonly #held: Held
  #walks: Walk[] = []

  constructor(held: Held) {
    this.#held = held
  }

  /** Applies a message of `events.reference` and touches what its new rows name. */
  take(change: ReferenceChange): void {
    const { table } = change
    const changed = apply(this.#held.reference, change)
    if (changed.length === 0) return
    for (const { row, from, to } of changed)
      // What passed before an entry began is looked for too.
      if (table === 'watchlists') this.#touchToken(row.id)
      else if (table !== 'stays' && table !== 'passRules' && table !== 'holidays' && table !== 'districts')
        this.#touchPlace(table, row.id, from, to)
    const span = {
      from: Math.min(...changed.map(({ from }) => from)),
      to: Math.max(...changed.map(({ to }) => to)),
    }
    if (table === 'stays' || table === 'passRules' || table === 'holidays') this.#walkAll(table, span)
    else if (table === 'districts') {
      const places = placesIn(this.#held.reference, new Set(changed.map(({ row }) => row.id)))
      for (const id of places) this.#touchPlace(table, id, span.from, span.to)
      this.#walkPlaces(table, places, span)
    } else if (table !== 'watchlists')
      this.#walkPlaces(
        table,
        changed.map(({ row }) => row.id),
        span,
      )
  }

  /** Goes on with the walks. */
  tick(): void {
    let [keys, touched] = [keysATick, touchedATick]
    for (const walk of this.#walks) {
      const keyspace = this.#held.keyspaces[walk.keyspace]
      if (keyspace === undefined) continue
      const sites = walk.sites === null ? undefined : new Set(walk.sites)
      for (; walk.next < keyspace.slots && keys > 0 && touched > 0; walk.next++, keys--)
        if (touchRecords(keyspace, walk.next, walk, sites)) touched--
    }
    this.#walks = this.#walks.filter(
      ({ keyspace, next }) => next < (this.#held.keyspaces[keyspace]?.slots ?? 0),
    )
  }

  image(): WalksImage {
    return this.#walks.map((walk) => ({ ...walk }))
  }

  restore(image: WalksImage): void {
    this.#walks = image.map((walk) => ({ ...walk }))
  }

  /** A lodging, site, camera by its id. */
  #touchPlace(table: TableName, id: string, from: number, to: number): void {
    const { keyspaces, volumes } = this.#held
    const lodgings = keyspaces.premises
    if (lodgings !== undefined) {
      hash64(encoder.encode(id))
      const key = lodgings.findKey(hashed.hi, hashed.lo)
      const rules = this.#rules('premises', table, true)
      if (key >= 0) lodgings.touched.add(key, Math.max(from, lodgings.oldest), to, rules)
    }
    const key = volumes?.keyOf(id) ?? -1
    if (key >= 0) volumes?.touched.add(key, from, to, this.#rules('site', table, true))
  }

  #touchToken(id: string): void {
    if (!/^[0-9a-f]{16}$/.test(id)) return
    const [hi, lo] = [Number.parseInt(id.slice(0, 8), 16), Number.parseInt(id.slice(8), 16)]
    for (const name of ['traveller', 'vehicle'] as const) {
      const keyspace = this.#held.keyspaces[name]
      const key = keyspace?.findKey(hi, lo) ?? -1
      if (key >= 0)
        keyspace?.touched.add(key, keyspace.oldest, Infinity, this.#rules(name, 'watchlists', true))
    }
  }

  #walkAll(table: TableName, span: { from: number; to: number }): void {
    for (const name of ['traveller', 'vehicle', 'premises'] as const)
      this.#walk(name, this.#rules(name, table, false), span, null)
    const { volumes } = this.#held
    const rules = this.#rules('site', table, false)
    for (let key = 0; key < (volumes?.keys ?? 0); key++) volumes?.touched.add(key, span.from, span.to, rules)
  }

  #walkPlaces(table: TableName, ids: readonly string[], span: { from: number; to: number }): void {
    const sites = ids.map((id) => this.#held.dictionary.find(id)).filter((number) => number > 0)
    if (sites.length === 0) return
    for (const name of ['traveller', 'vehicle'] as const)
      this.#walk(name, this.#rules(name, table, false), span, sites)
    // Who follows a vehicle may rest on where that was.
    const follows = this.#held.watches.some(
      ({ followsVehicles, rule }) => followsVehicles && (rule.detector.uses?.includes(table) ?? false),
    )
    if (follows) this.#walk('vehicle', followed, span, sites)
  }

  #walk(
    keyspace: Walk['keyspace'],
    rules: number,
    { from, to }: { from: number; to: number },
    sites: readonly number[] | null,
  ): void {
    if (rules === 0 || (this.#held.keyspaces[keyspace]?.slots ?? 0) === 0) return
    this.#walks.push({ keyspace, rules, from, to: to === Infinity ? null : to, sites, next: 0 })
  }

  /** Rules of a keyspace that use the table; with `own` also those that do not say what they use. */
  #rules(name: Watch['name'], table: TableName, own: boolean): number {
    let rules = 0
    for (const watch of this.#held.watches)
      if (watch.name === name && (watch.rule.detector.uses?.includes(table) ?? own)) rules |= watch.bit
    return rules
  }
}

/** Touches a key where it has records of the walk, if it has. */
function touchRecords(
  keyspace: Keyspace,
  key: number,
  { from, to, rules }: Walk,
  sites: ReadonlySet<number> | undefined,
): boolean {
  const list = keyspace.lists.data
  const end = keyspace.start(key) + keyspace.count(key)
  let [first, last] = [Infinity, -Infinity]
  for (let i = keyspace.lowerBound(key, from - keyspace.longest(key)); i < end; i++) {
    const record = list.get(i)
    const at = keyspace.at.get(record)
    if (to !== null && at >= to) break
    if (sites !== undefined && !sites.has(keyspace.site.get(record))) continue
    const until = keyspace.until.get(record)
    first = Math.min(first, at)
    last = Math.max(last, until > at ? until : at)
  }
  if (last < first) return false
  keyspace.touched.add(key, first, last, rules)
  return true
}

/** Puts the rows in and says which made a difference, and when. */
function apply(reference: Reference, { table: name, rows }: ReferenceChange): Changed[] {
  // A table of a newer version that this one does not know changes nothing.
  const table = (reference as Partial<Reference>)[name]
  if (table === undefined) return []
  return rows.flatMap((row) => {
    const from = instant(row.validFrom)
    const before = table.spans(row.id).filter((one) => one.from === from)
    if (!table.put(row)) return []
    const to = row.validTo === null ? Infinity : instant(row.validTo)
    return { row, from, to: Math.max(to, ...before.map((one) => one.to)) }
  })
}

/** Sites and lodgings of districts (`Province/District`), whenever they lay there. */
function placesIn(reference: Reference, districts: ReadonlySet<string>): string[] {
  const rows = [...reference.sites.rows(), ...reference.premises.rows()]
  const ids = rows
    .filter((row) => districts.has(`${String(row['province'])}/${String(row['district'])}`))
    .map(({ id }) => id)
  return [...new Set(ids)]
}

const encoder = new TextEncoder()
