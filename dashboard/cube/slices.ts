import { tableFromIPC, type RecordBatch } from 'apache-arrow'
import type { Hashed } from './hashed.ts'

/** An hour of a feed, a row for each site and kind. A number beyond 65,535 is told in several rows: they add up. */
export interface Slice {
  readonly length: number
  /** All counts together. */
  records: number
  readonly site: Uint32Array
  readonly kind: Uint16Array
  readonly count: Uint16Array
  readonly refused: Uint16Array
  readonly late: Uint16Array
  /** Of registrations only. */
  readonly people: Uint16Array | null
  /** Hours from check-in to check-out. */
  readonly stay: Uint16Array | null
  /** The last hour in which somebody of it is still there, hours since 1970. */
  lastOut: number
}

/** Which sites and kinds the hashes of the rows stand for. */
export interface Hashes {
  readonly sites: Hashed
  readonly kinds: Hashed
}

const most = 65_535
const hourS = 3_600

/** Columns of a batch of cube-hours.sql; hashes as pairs of low and high half. */
interface Columns {
  readonly length: number
  readonly hour: Uint32Array
  readonly place: Uint32Array
  readonly kind: Uint32Array
  readonly out: Uint32Array
  readonly count: Uint32Array
  readonly people: Uint32Array
  readonly refused: Uint32Array
  readonly late: Uint32Array
}

/**
 * The slices of an answer of cube-hours.sql about the hours from `from` until `to` (since 1970) by hour; null when a hash stands for nothing
 * known. Throws RangeError when a column is missing.
 */
export function slicesOf(
  ipc: Uint8Array,
  { from, to, stays }: { readonly from: number; readonly to: number; readonly stays: boolean },
  hashes: Hashes,
): Map<number, Slice> | null {
  const batches = tableFromIPC(ipc).batches.map((batch) => columnsOf(batch))
  const lengths = new Uint32Array(to - from)
  for (const columns of batches)
    for (let i = 0; i < columns.length; i++) {
      const at = (columns.hour[i] as number) / hourS - from
      lengths[at] = (lengths[at] as number) + partsOf(columns, i)
    }
  const slices = Array.from(lengths, (length) => (length === 0 ? null : emptySlice(length, stays)))
  const filled = new Uint32Array(to - from)
  for (const columns of batches)
    for (let i = 0; i < columns.length; i++) {
      const hour = (columns.hour[i] as number) / hourS
      const site = hashes.sites.get(columns.place[2 * i] as number, columns.place[2 * i + 1] as number)
      const kind = hashes.kinds.get(columns.kind[2 * i] as number, columns.kind[2 * i + 1] as number)
      if (site < 0 || kind < 0) return null
      const at = filled[hour - from] as number
      filled[hour - from] = at + put(slices[hour - from] as Slice, at, { hour, site, kind }, columns, i)
    }
  return new Map(slices.flatMap((slice, i) => (slice === null ? [] : [[from + i, slice] as const])))
}

function columnsOf(batch: RecordBatch): Columns {
  const column = (name: string): Uint32Array => {
    const values: unknown = batch.getChild(name)?.data[0]?.values
    if (values instanceof Uint32Array) return values
    if (values instanceof BigUint64Array)
      return new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
    throw new RangeError(`The answer has no column ${name} of unsigned numbers.`)
  }
  return {
    length: batch.numRows,
    hour: column('hour_s'),
    place: column('place_hash'),
    kind: column('kind_hash'),
    out: column('out_s'),
    count: column('records'),
    people: column('persons'),
    refused: column('refusals'),
    late: column('lates'),
  }
}

/** How many rows tell a row. */
function partsOf({ count, people, refused, late }: Columns, i: number): number {
  const greatest = Math.max(count[i] as number, people[i] as number, refused[i] as number, late[i] as number)
  return greatest <= most ? 1 : Math.ceil(greatest / most)
}

function emptySlice(length: number, stays: boolean): Slice {
  return {
    length,
    records: 0,
    site: new Uint32Array(length),
    kind: new Uint16Array(length),
    count: new Uint16Array(length),
    refused: new Uint16Array(length),
    late: new Uint16Array(length),
    people: stays ? new Uint16Array(length) : null,
    stay: stays ? new Uint16Array(length) : null,
    lastOut: 0,
  }
}

/** Writes a row at `at`; gives how many it became. */
function put(
  slice: Slice,
  at: number,
  { hour, site, kind }: { readonly hour: number; readonly site: number; readonly kind: number },
  columns: Columns,
  i: number,
): number {
  const parts = partsOf(columns, i)
  slice.records += columns.count[i] as number
  const stay = Math.min(most, Math.max(0, (columns.out[i] as number) / hourS - hour))
  for (let part = 0; part < parts; part++) {
    const before = part * most
    const cut = (all: number): number => Math.min(most, Math.max(0, all - before))
    slice.site[at + part] = site
    slice.kind[at + part] = kind
    slice.count[at + part] = cut(columns.count[i] as number)
    slice.refused[at + part] = cut(columns.refused[i] as number)
    slice.late[at + part] = cut(columns.late[i] as number)
    if (slice.people === null || slice.stay === null) continue
    slice.people[at + part] = cut(columns.people[i] as number)
    slice.stay[at + part] = stay
    slice.lastOut = Math.max(slice.lastOut, hour + stay)
  }
  return parts
}
