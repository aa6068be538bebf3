import type { TableName } from '../../ingest/feeds/log-subjects.ts'
import type { Reference } from '../../ingest/reference/reference.ts'
import { hash64, hashed } from '../../platform/hash.ts'
import type { Keyspace as KeyspaceName } from '../alert.ts'
import type { Dictionary } from './codes.ts'
import type { Keyspace } from './keyspace.ts'
import type { VolumeLedger } from './volumes.ts'
import type { Watch } from './watch.ts'

/** What a change of reference data may touch. `followed`: the bit of what follows vehicles. */
export interface Touchable {
  readonly reference: Reference
  readonly dictionary: Dictionary
  readonly watches: readonly Watch[]
  readonly keyspaces: Readonly<Partial<Record<Exclude<KeyspaceName, 'site'>, Keyspace>>>
  readonly volumes: VolumeLedger | undefined
  readonly followed: number
}

/**
 * Has the keys looked at again that rows of a table touch, as far back as their histories are whole: those with records at the
 * places that the rows are about, the holders of listed tokens, or all where a rule is for everybody. Only for rules
 * whose detectors use the table.
 */
export function touchReference(table: TableName, ids: readonly string[], all: Touchable): void {
  if (ids.length === 0) return
  const { watches, keyspaces, volumes } = all
  const using = watches.filter(({ rule }) => rule.detector.uses?.includes(table) === true)
  const bitsOf = (name: KeyspaceName): number =>
    using.filter((watch) => watch.name === name).reduce((bits, { bit }) => bits | bit, 0)
  const places = placesOf(table, ids, all.reference)
  for (const [name, keyspace] of Object.entries(keyspaces) as [Exclude<KeyspaceName, 'site'>, Keyspace][]) {
    const follows = name === 'vehicle' && using.some(({ followsVehicles }) => followsVehicles)
    const bits = bitsOf(name) | (follows ? all.followed : 0)
    if (bits === 0) continue
    const touch = (key: number): void => {
      if (key >= 0) keyspace.touched.add(key, keyspace.oldest, Infinity, bits)
    }
    if (table === 'watchlists') for (const id of ids) touch(keyspace.findKey(...halves(id)))
    else if (places === 'all') keyspace.eachKey(touch)
    else if (name === 'premises') for (const id of places) touch(keyspace.findKey(...hashOf(id)))
    else keyspace.eachKeyAt(wordsOf(places, all.dictionary), touch)
  }
  const bits = bitsOf('site')
  if (volumes === undefined || bits === 0) return
  for (let key = 0; key < volumes.keys; key++)
    if (places === 'all' || places.has(volumes.name(key))) volumes.touched.add(key, -Infinity, Infinity, bits)
}

/** Sites and premises that rows of a table are about. */
function placesOf(
  table: TableName,
  ids: readonly string[],
  reference: Reference,
): ReadonlySet<string> | 'all' {
  if (table === 'sites' || table === 'premises' || table === 'hours' || table === 'cameras')
    return new Set(ids)
  if (table !== 'districts') return 'all'
  const districts = new Set(ids)
  return new Set(
    [...reference.sites.rows(), ...reference.premises.rows()]
      .filter((row) => districts.has(`${row['province']}/${row['district']}`))
      .map(({ id }) => id),
  )
}

/** Which numbers of the dictionary are among the words. */
function wordsOf(words: ReadonlySet<string>, dictionary: Dictionary): Uint8Array {
  return Uint8Array.from(dictionary.words(), (word) => (words.has(word) ? 1 : 0))
}

const halves = (hex: string): [hi: number, lo: number] => [
  Number.parseInt(hex.slice(0, 8), 16),
  Number.parseInt(hex.slice(8), 16),
]

const encoder = new TextEncoder()

function hashOf(id: string): [hi: number, lo: number] {
  hash64(encoder.encode(id))
  return [hashed.hi, hashed.lo]
}
