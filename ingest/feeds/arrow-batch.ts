import * as arrow from 'apache-arrow'
import {
  arrowTypes,
  columnBuffer,
  type Cell,
  type ColumnBuffer,
  type NumberBuffer,
  type TextBuffer,
  type WideBuffer,
} from './column-buffers.ts'
import { layouts, type FeedName, type Layout } from './layout.ts'

export type { Cell }

/**
 * Arrow IPC batches: one stream (schema, one record batch, end) a message. The writer fills typed arrays directly; the
 * reader hands out views on the message's own bytes. Neither makes an object a row.
 */

/** The Arrow schema of a feed; 'ms?' alone is nullable. */
export function arrowSchema(feed: FeedName): arrow.Schema {
  return schemas[feed]
}

const schemas = Object.fromEntries(
  Object.entries(layouts).map(([feed, layout]) => [
    feed,
    new arrow.Schema(
      (layout as Layout).map(([name, type]) => new arrow.Field(name, arrowTypes[type](), type === 'ms?')),
      new Map([['daan.feed', feed]]),
    ),
  ]),
) as unknown as Record<FeedName, arrow.Schema>

/**
 * Growing columns of one feed. Rows come whole (`append`) or cell by cell, by place in the layout, each cell of a row once and
 * `endRow` after the last. `finish` gives the IPC bytes and starts afresh, in the memory that it has.
 */
export class BatchWriter {
  readonly feed: FeedName
  readonly #columns: readonly ColumnBuffer[]
  #rows = 0

  constructor(feed: FeedName) {
    this.feed = feed
    this.#columns = layouts[feed].map(([, type]) => columnBuffer(type))
  }

  get rows(): number {
    return this.#rows
  }

  /** Cells in layout order. */
  append(cells: readonly Cell[]): void {
    for (let i = 0; i < this.#columns.length; i++)
      (this.#columns[i] as ColumnBuffer).append(this.#rows, cells[i] ?? null)
    this.#rows++
  }

  /** A cell of a utf8 column: `bytes[start, end)`, which must be UTF-8. */
  text(column: number, bytes: Uint8Array, start: number, end: number): void {
    ;(this.#columns[column] as TextBuffer).set(this.#rows, bytes, start, end)
  }

  /** A cell of a u64 column, as unsigned halves. */
  pair(column: number, hi: number, lo: number): void {
    ;(this.#columns[column] as WideBuffer).set(this.#rows, hi, lo)
  }

  /** A cell of a time column, ms UTC; NaN: null. */
  ms(column: number, value: number): void {
    const buffer = this.#columns[column] as WideBuffer
    if (Number.isNaN(value)) buffer.setNull(this.#rows)
    else buffer.setNumber(this.#rows, value)
  }

  /** A cell of a u8, u16 or f32 column. */
  number(column: number, value: number): void {
    ;(this.#columns[column] as NumberBuffer).set(this.#rows, value)
  }

  endRow(): void {
    this.#rows++
  }

  /** IPC stream bytes of the rows so far. Throws RangeError when there are none: an empty batch is never sent. */
  finish(): Uint8Array {
    const rows = this.#rows
    if (rows === 0) throw new RangeError('A batch has at least one row.')
    const schema = schemas[this.feed]
    const children = this.#columns.map((column) => column.data(rows))
    const data = arrow.makeData({
      type: new arrow.Struct(schema.fields),
      length: rows,
      nullCount: 0,
      children,
    })
    const bytes = arrow.RecordBatchStreamWriter.writeAll([new arrow.RecordBatch(schema, data)]).toUint8Array(
      true,
    )
    for (const column of this.#columns) column.reset()
    this.#rows = 0
    return bytes
  }
}

/** A decoded batch: columns by name, as views. Text stays bytes until a cell is asked for. */
export interface Batch {
  readonly feed: FeedName
  readonly rows: number
  /** Values of a u64 column. */
  u64(column: string): BigUint64Array
  /** Values of a time column in ms, as they lie; the entries of null cells are 0. */
  ms(column: string): BigInt64Array
  /** Values of a u8, u16 or f32 column. */
  numbers(column: string): Uint8Array | Uint16Array | Float32Array
  /** Bytes and offsets of a text column: cell i is bytes[offsets[i], offsets[i + 1]). */
  utf8(column: string): TextColumn
}

export interface TextColumn {
  readonly bytes: Uint8Array
  readonly offsets: Int32Array
  text(row: number): string
}

const decoder = new TextDecoder()

/** Reads one IPC stream of one record batch. Throws when the bytes are not such a stream or the feed is unknown. */
export function readBatch(bytes: Uint8Array): Batch {
  const { done, value } = recordBatches(bytes).next()
  if (done === true) throw new RangeError('The message holds no record batch.')
  return viewOf(value, value.schema.metadata.get('daan.feed') as FeedName)
}

/** Reads an IPC stream of any number of record batches whose columns are those of `feed`, as ClickHouse writes them. */
export function* readBatches(bytes: Uint8Array, feed: FeedName): Generator<Batch> {
  for (const batch of recordBatches(bytes)) yield viewOf(batch, feed)
}

function recordBatches(bytes: Uint8Array): IterableIterator<arrow.RecordBatch> {
  // A message may start anywhere in the buffer it was read into; 64-bit views need their own alignment.
  return arrow.RecordBatchReader.from(bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)).open()
}

function viewOf(batch: arrow.RecordBatch, feed: FeedName): Batch {
  const layout = layouts[feed] as Layout | undefined
  if (layout === undefined) throw new RangeError('The batch names no known feed (schema metadata daan.feed).')
  const index = new Map(batch.schema.fields.map((field, i) => [field.name, i]))
  const child = (column: string): arrow.Data => {
    const found = batch.data.children[index.get(column) ?? -1]
    if (found === undefined) throw new RangeError(`The batch of ${feed} has no column ${column}.`)
    return found
  }
  return {
    feed,
    rows: batch.numRows,
    u64: (column) => child(column).values as BigUint64Array,
    ms: (column) => child(column).values as BigInt64Array,
    numbers: (column) => child(column).values as Uint8Array,
    utf8: (column) => {
      const data = child(column)
      const bytes = data.values as Uint8Array
      const offsets = data.valueOffsets as Int32Array
      return { bytes, offsets, text: (row) => decoder.decode(bytes.subarray(offsets[row], offsets[row + 1])) }
    },
  }
}
