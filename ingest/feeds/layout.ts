/**
 * The columns of each feed, in order: the shape of a batch in the EVENTS log, of its table in ClickHouse, and of what the
 * engine reads. One definition, so that the bytes can go through unchanged.
 */
export type ColumnType =
  /** Unsigned 64 bits (BigUint64Array). */
  | 'u64'
  /** Unsigned 16 bits. */
  | 'u16'
  /** Unsigned 8 bits. */
  | 'u8'
  /** 32-bit float. */
  | 'f32'
  /** Milliseconds UTC as an Arrow timestamp; DateTime64(3, 'UTC') in ClickHouse. */
  | 'ms'
  /** The same, or null. */
  | 'ms?'
  /** UTF-8, empty when absent. */
  | 'utf8'

export type Layout = readonly (readonly [name: string, type: ColumnType])[]

/**
 * event_key: 64-bit hash of event_id. version: revision in the upper half, a fingerprint of the content in the lower, so
 * that of two records with one id the same one wins in any order. event_id: `source:id`. batch: number of the batch, which
 * leads to the log message (table `batches`). cancelled: 1 takes the event back.
 */
const common = [
  ['event_key', 'u64'],
  ['version', 'u64'],
  ['event_id', 'utf8'],
  ['source', 'utf8'],
  ['site', 'utf8'],
  ['at', 'ms'],
  ['ingested_at', 'ms'],
  ['batch', 'u64'],
  ['cancelled', 'u8'],
] as const satisfies Layout

export const layouts = {
  /** A document at a checkpoint, airport or route check. traveller, vehicle: pseudonyms, 0 when absent. */
  crossings: [
    ...common,
    ['direction', 'utf8'],
    ['mode', 'utf8'],
    ['document_type', 'utf8'],
    ['traveller', 'u64'],
    ['nationality', 'utf8'],
    ['birth_year', 'u16'],
    ['sex', 'utf8'],
    ['vehicle', 'u64'],
    ['plate_sealed', 'utf8'],
    ['declared_province', 'utf8'],
    ['outcome', 'utf8'],
  ],
  /** One passage of a plate before a camera. site: the camera. */
  sightings: [
    ...common,
    ['vehicle', 'u64'],
    ['plate_sealed', 'utf8'],
    ['plate_province', 'utf8'],
    ['plate_country', 'utf8'],
    ['vehicle_class', 'utf8'],
    ['confidence', 'f32'],
    ['heading', 'utf8'],
    ['make', 'utf8'],
    ['colour', 'utf8'],
  ],
  /** A stay in a lodging. site: the premises. at: check-in. */
  registrations: [
    ...common,
    ['check_out_at', 'ms?'],
    ['room', 'utf8'],
    ['party_size', 'u16'],
    ['traveller', 'u64'],
    ['document_type', 'utf8'],
    ['nationality', 'utf8'],
    ['birth_year', 'u16'],
    ['sex', 'utf8'],
    ['phone', 'u64'],
    ['coming_from', 'utf8'],
    ['going_to', 'utf8'],
  ],
} as const satisfies Record<string, Layout>

export type FeedName = keyof typeof layouts

export const feedNames = Object.keys(layouts) as readonly FeedName[]

/** Name of a column of a feed. */
export type ColumnName<F extends FeedName> = (typeof layouts)[F][number][0]
