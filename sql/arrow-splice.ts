import * as arrow from 'apache-arrow'

/** Several IPC streams of one schema, as the parts of one stream, with what an INSERT has to know of them. */
export interface Spliced {
  /** Byte ranges which written one after the other are one valid IPC stream; views, nothing is copied. */
  readonly parts: readonly Uint8Array[]
  readonly columns: readonly string[]
  readonly rows: number
}

const endOfStream = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])

/**
 * Joins IPC streams so that each run of one schema becomes one stream: a schema, all record batches, one end. Streams whose
 * schema differs (the log may hold batches from before a column was added) come out as separate entries, in order.
 * Throws RangeError when bytes are no IPC stream, hold dictionaries or name a column that is no plain identifier.
 */
export function spliceStreams(streams: readonly Uint8Array[]): Spliced[] {
  const spliced: { schema: Uint8Array; parts: Uint8Array[]; columns: readonly string[]; rows: number }[] = []
  for (const stream of streams) {
    const schema = stream.subarray(0, messageLength(stream, 0))
    let last = spliced.at(-1)
    if (last === undefined || Buffer.compare(last.schema, schema) !== 0) {
      last = { schema, parts: [schema], columns: columnNames(stream), rows: 0 }
      spliced.push(last)
    }
    const { end, rows } = recordBatches(stream, schema.length)
    last.parts.push(stream.subarray(schema.length, end))
    last.rows += rows
  }
  return spliced.map(({ parts, columns, rows }) => ({ parts: [...parts, endOfStream], columns, rows }))
}

/** The bytes of a stream's schema, as text to compare by. Throws RangeError like {@link spliceStreams}. */
export function schemaKey(stream: Uint8Array): string {
  return Buffer.from(stream.buffer, stream.byteOffset, messageLength(stream, 0)).toString('latin1')
}

/** Rows and columns of one IPC stream, from its metadata alone. Throws RangeError like {@link spliceStreams}. */
export function describeStream(stream: Uint8Array): { rows: number; columns: readonly string[] } {
  return { rows: recordBatches(stream, messageLength(stream, 0)).rows, columns: columnNames(stream) }
}

/** Length of the framed metadata at `offset`: continuation mark, size, flatbuffer (padding included in the size). */
function messageLength(stream: Uint8Array, offset: number): number {
  if (offset + 8 > stream.length) throw new RangeError('The bytes are cut short: no Arrow IPC stream.')
  const view = new DataView(stream.buffer, stream.byteOffset + offset, 8)
  const size = view.getInt32(4, true)
  if (view.getUint32(0, true) !== 0xffffffff || size < 0 || offset + 8 + size > stream.length)
    throw new RangeError('The bytes are no Arrow IPC stream.')
  return 8 + size
}

function recordBatches(stream: Uint8Array, start: number): { end: number; rows: number } {
  let offset = start
  let rows = 0
  while (offset < stream.length) {
    const length = messageLength(stream, offset)
    if (length === 8) break
    const message = decode(stream.subarray(offset + 8, offset + length))
    if (!message.isRecordBatch())
      throw new RangeError('The Arrow stream holds more than plain record batches.')
    rows += message.header().length
    offset += length + message.bodyLength
    if (offset > stream.length) throw new RangeError('The Arrow stream is cut short.')
  }
  return { end: offset, rows }
}

function decode(metadata: Uint8Array): arrow.Message {
  try {
    return arrow.Message.decode(metadata)
  } catch (cause) {
    throw new RangeError('The metadata of the Arrow stream cannot be read.', { cause })
  }
}

function columnNames(stream: Uint8Array): readonly string[] {
  const message = decode(stream.subarray(8, messageLength(stream, 0)))
  if (!message.isSchema()) throw new RangeError('The Arrow stream does not open with a schema.')
  const names = message.header().fields.map((field) => field.name)
  if (!names.every((name) => /^[a-z_][a-z0-9_]*$/.test(name)))
    throw new RangeError('The Arrow stream names a column that is no plain identifier.')
  return names
}
