import type { Batch } from '../../ingest/feeds/arrow-batch.ts'
import type { Slice } from '../../platform/config.ts'
import { hash64, hashed } from '../../platform/hash.ts'
import {
  directionCode,
  directions,
  documentTypes,
  feedCodes,
  headings,
  modes,
  outcomes,
  packCrossing,
  packRegistration,
  packSighting,
  vehicleClasses,
  WordCodes,
  type Dictionary,
} from './codes.ts'
import type { Incoming, Keyspace } from './keyspace.ts'
import { kindOf, type VolumeLedger } from './volumes.ts'

/** The keyspaces that some rule looks at. */
export interface Keyspaces {
  readonly traveller?: Keyspace
  readonly vehicle?: Keyspace
  readonly premises?: Keyspace
}

/** What the rows of a batch go into. `whole`: keyspaces that are held whole, whatever the slice. */
export interface Stock {
  readonly slice: Slice
  readonly keyspaces: Keyspaces
  readonly whole: ReadonlySet<Keyspace>
  readonly volumes: VolumeLedger | undefined
  readonly dictionary: Dictionary
}

const directionCodes = new WordCodes(directions)
const modeCodes = new WordCodes(modes)
const documentCodes = new WordCodes(documentTypes)
const outcomeCodes = new WordCodes(outcomes)
const classCodes = new WordCodes(vehicleClasses)
const headingCodes = new WordCodes(headings)

/** What a crossing counts as, by the code of its direction. */
const crossingKinds = [-1, kindOf('entry'), kindOf('exit'), kindOf('check')]

/** Whether the slice owns the key. */
export function owns(slice: Slice, keyHi: number): boolean {
  return slice.count === 1 || keyHi % slice.count === slice.index - 1
}

/** Puts the rows [start, end) of a batch into the keyspaces. Rows of keys that are not held here leave at most a ghost. */
export function takeRows(
  batch: Batch,
  start: number,
  end: number,
  { slice, keyspaces, whole, volumes, dictionary }: Stock,
): void {
  const feed = feedCodes.indexOf(batch.feed)
  const held = (keyspace: Keyspace | undefined): Keyspace | undefined =>
    keyspace?.keeps[feed] === 0 ? undefined : keyspace
  const [travellers, vehicles, lodgings] = [keyspaces.traveller, keyspaces.vehicle, keyspaces.premises].map(
    held,
  )
  const counting = volumes?.rulesOf[feed] === 0 ? undefined : volumes
  if (travellers === undefined && vehicles === undefined && lodgings === undefined && counting === undefined)
    return
  const column = {
    event: halves(batch.u64('event_key')),
    version: halves(batch.u64('version')),
    at: halves(batch.ms('at')),
    ingestedAt: halves(batch.ms('ingested_at')),
    cancelled: batch.numbers('cancelled'),
    site: batch.utf8('site'),
    source: batch.utf8('source'),
  }
  const event: Incoming = {
    mine: false,
    keyHi: 0,
    keyLo: 0,
    eventHi: 0,
    eventLo: 0,
    versionHi: 0,
    versionLo: 0,
    cancelled: false,
    at: 0,
    until: NaN,
    codes: 0,
    site: 0,
    people: 1,
    source: 0,
    country: 0,
    place: 0,
    confidence: 255,
    linkHi: 0,
    linkLo: 0,
  }
  const common = (row: number): void => {
    event.eventHi = column.event[row * 2 + 1] as number
    event.eventLo = column.event[row * 2] as number
    event.versionHi = column.version[row * 2 + 1] as number
    event.versionLo = column.version[row * 2] as number
    event.cancelled = column.cancelled[row] !== 0
    event.at = milliseconds(column.at, row)
    // A cancellation may say no time: it is remembered as long as an event of its day would be, since what it takes back may still come.
    if (event.cancelled) event.at = Math.max(event.at, milliseconds(column.ingestedAt, row))
    event.site = numberOf(column.site, row)
    // A supplier's records come together.
    if (row === start || !sameWord(column.source, row - 1, row)) event.source = numberOf(column.source, row)
  }
  const numberOf = (column: ReturnType<Batch['utf8']>, row: number): number =>
    dictionary.number(column.bytes, column.offsets[row] as number, column.offsets[row + 1] as number)
  const give = (
    keyspace: Keyspace | undefined,
    hi: number,
    lo: number,
    linkHi: number,
    linkLo: number,
  ): void => {
    if (keyspace === undefined) return
    event.keyHi = hi
    event.keyLo = lo
    event.linkHi = linkHi
    event.linkLo = linkLo
    event.mine = (hi | lo) !== 0 && (whole.has(keyspace) || owns(slice, hi))
    keyspace.take(event)
  }

  counting?.warm(column.event, start, end)
  if (batch.feed === 'crossings') {
    const [direction, mode, document, outcome] = ['direction', 'mode', 'document_type', 'outcome'].map(
      (name) => batch.utf8(name),
    )
    const traveller = halves(batch.u64('traveller'))
    const vehicle = halves(batch.u64('vehicle'))
    const nationality = batch.utf8('nationality')
    const declared = batch.utf8('declared_province')
    travellers?.warm(column.event, traveller, start, end)
    vehicles?.warm(column.event, vehicle, start, end)
    for (let row = start; row < end; row++) {
      common(row)
      event.country = numberOf(nationality, row)
      event.place = numberOf(declared, row)
      event.codes = packCrossing(
        word(directionCodes, direction, row),
        word(modeCodes, mode, row),
        word(documentCodes, document, row),
        word(outcomeCodes, outcome, row),
      )
      counting?.take(event, crossingKinds[directionCode(event.codes)] as number, feed)
      const [tHi, tLo] = [traveller[row * 2 + 1] as number, traveller[row * 2] as number]
      const [vHi, vLo] = [vehicle[row * 2 + 1] as number, vehicle[row * 2] as number]
      give(travellers, tHi, tLo, vHi, vLo)
      give(vehicles, vHi, vLo, tHi, tLo)
    }
  } else if (batch.feed === 'sightings') {
    const vehicle = halves(batch.u64('vehicle'))
    const confidence = batch.numbers('confidence')
    const [vehicleClass, heading] = [batch.utf8('vehicle_class'), batch.utf8('heading')]
    const [make, colour] = [batch.utf8('make'), batch.utf8('colour')]
    const [province, country] = [batch.utf8('plate_province'), batch.utf8('plate_country')]
    vehicles?.warm(column.event, vehicle, start, end)
    for (let row = start; row < end; row++) {
      common(row)
      event.confidence = Math.round((confidence[row] as number) * 255)
      event.country = numberOf(colour, row)
      event.place = numberOf(make, row)
      event.codes = packSighting(
        word(classCodes, vehicleClass, row),
        word(headingCodes, heading, row),
        province.offsets[row] !== province.offsets[row + 1] || isForeign(country, row),
      )
      counting?.take(event, kindOf('sighting'), feed)
      give(vehicles, vehicle[row * 2 + 1] as number, vehicle[row * 2] as number, 0, 0)
    }
  } else {
    const document = batch.utf8('document_type')
    const people = batch.numbers('party_size')
    const traveller = halves(batch.u64('traveller'))
    const until = halves(batch.ms('check_out_at'))
    const premises = column.site
    const nationality = batch.utf8('nationality')
    const room = batch.utf8('room')
    travellers?.warm(column.event, traveller, start, end)
    for (let row = start; row < end; row++) {
      common(row)
      event.codes = packRegistration(word(documentCodes, document, row))
      event.people = people[row] as number
      event.country = numberOf(nationality, row)
      event.place = numberOf(room, row)
      const leaves = milliseconds(until, row)
      event.until = leaves === 0 ? NaN : leaves
      counting?.take(event, kindOf('registration'), feed)
      const [tHi, tLo] = [traveller[row * 2 + 1] as number, traveller[row * 2] as number]
      hash64(premises.bytes, premises.offsets[row], premises.offsets[row + 1])
      const empty = premises.offsets[row] === premises.offsets[row + 1]
      give(lodgings, empty ? 0 : hashed.hi, empty ? 0 : hashed.lo, tHi, tLo)
      give(travellers, tHi, tLo, 0, 0)
    }
  }
}

function word(codes: WordCodes, column: ReturnType<Batch['utf8']> | undefined, row: number): number {
  if (column === undefined) return 0
  return codes.code(column.bytes, column.offsets[row] as number, column.offsets[row + 1] as number)
}

function sameWord({ bytes, offsets }: ReturnType<Batch['utf8']>, a: number, b: number): boolean {
  const [from, start, end] = [offsets[a] as number, offsets[b] as number, offsets[b + 1] as number]
  if (end - start !== (offsets[a + 1] as number) - from) return false
  for (let i = start; i < end; i++) if (bytes[i] !== bytes[from + i - start]) return false
  return true
}

/** Whether a code of a country is there, and another than Thailand's. */
function isForeign({ bytes, offsets }: ReturnType<Batch['utf8']>, row: number): boolean {
  const [start, end] = [offsets[row] as number, offsets[row + 1] as number]
  const thai =
    end - start === 3 && bytes[start] === 0x54 && bytes[start + 1] === 0x48 && bytes[start + 2] === 0x41
  return end > start && !thai
}

/** A 64-bit column as pairs of 32 bits, low half first: BigInts would be an allocation each. */
function halves(column: BigUint64Array | BigInt64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2)
}

function milliseconds(column: Uint32Array, row: number): number {
  return ((column[row * 2 + 1] as number) | 0) * 4_294_967_296 + (column[row * 2] as number)
}
