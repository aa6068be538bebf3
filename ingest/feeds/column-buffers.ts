import * as arrow from 'apache-arrow'
import type { ColumnType } from './layout.ts'

/** A cell as a column takes it: bigint for u64, milliseconds for times, null only for 'ms?'. */
export type Cell = bigint | number | string | null

/** The Arrow type of each column type. */
export const arrowTypes: Record<ColumnType, () => arrow.DataType> = {
  u64: () => new arrow.Uint64(),
  u16: () => new arrow.Uint16(),
  u8: () => new arrow.Uint8(),
  f32: () => new arrow.Float32(),
  ms: () => new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, 'UTC'),
  'ms?': () => new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, 'UTC'),
  utf8: () => new arrow.Utf8(),
}

const startRows = 64
const encoder = new TextEncoder()
const two32 = 2 ** 32

/** Text, as it will lie in Arrow: bytes and where each cell ends. Rows are set in order. */
export class TextBuffer {
  #bytes = new Uint8Array(startRows * 12)
  #offsets = new Int32Array(startRows + 1)
  #used = 0

  append(row: number, cell: Cell): void {
    const text = cell as string
    this.#room(text.length * 3)
    this.#used += encoder.encodeInto(text, this.#bytes.subarray(this.#used)).written
    this.#end(row)
  }

  /** Takes `from[start, end)`, which is UTF-8. */
  set(row: number, from: Uint8Array, start: number, end: number): void {
    this.#room(end - start)
    const bytes = this.#bytes
    let used = this.#used
    // Cells are short: a loop beats a call that copies.
    for (let i = start; i < end; i++) bytes[used++] = from[i] as number
    this.#used = used
    this.#end(row)
  }

  #end(row: number): void {
    if (row + 2 > this.#offsets.length) {
      const more = new Int32Array(this.#offsets.length * 2)
      more.set(this.#offsets)
      this.#offsets = more
    }
    this.#offsets[row + 1] = this.#used
  }

  #room(bytes: number): void {
    const atLeast = this.#used + bytes
    if (atLeast <= this.#bytes.length) return
    const more = new Uint8Array(Math.max(this.#bytes.length * 2, atLeast))
    more.set(this.#bytes)
    this.#bytes = more
  }

  /** Starts afresh in the same memory: nothing of `data` may be in use any more. */
  reset(): void {
    this.#used = 0
  }

  data(rows: number): arrow.Data {
    return arrow.makeData({
      type: new arrow.Utf8(),
      length: rows,
      nullCount: 0,
      valueOffsets: this.#offsets.subarray(0, rows + 1),
      data: this.#bytes.subarray(0, this.#used),
    })
  }
}

/** 64-bit cells, set as two halves of 32 bits so that no BigInt is made on the hot path. */
export class WideBuffer {
  readonly #type: 'u64' | 'ms' | 'ms?'
  #words = new Uint32Array(startRows * 2)
  #longs = new BigUint64Array(this.#words.buffer)
  #valid: Uint8Array | undefined
  #nulls = 0

  constructor(type: 'u64' | 'ms' | 'ms?') {
    this.#type = type
    if (type === 'ms?') this.#valid = new Uint8Array(startRows / 8 + 1)
  }

  append(row: number, cell: Cell): void {
    if (cell === null) return this.setNull(row)
    if (typeof cell === 'number' && Number.isSafeInteger(cell)) return this.setNumber(row, cell)
    this.set(row, 0, 0)
    this.#longs[row] = BigInt(cell)
  }

  set(row: number, hi: number, lo: number): void {
    if (row * 2 >= this.#words.length) this.#grow()
    this.#words[row * 2] = lo
    this.#words[row * 2 + 1] = hi
    if (this.#valid !== undefined) (this.#bits(row)[row >> 3] as number) |= 1 << (row & 7)
  }

  /** A whole number within ±2^53. */
  setNumber(row: number, value: number): void {
    this.set(row, Math.floor(value / two32) >>> 0, value >>> 0)
  }

  setNull(row: number): void {
    if (row * 2 >= this.#words.length) this.#grow()
    this.#words[row * 2] = 0
    this.#words[row * 2 + 1] = 0
    if (this.#valid !== undefined) this.#bits(row)
    this.#nulls++
  }

  reset(): void {
    this.#valid?.fill(0)
    this.#nulls = 0
  }

  #grow(): void {
    const more = new Uint32Array(this.#words.length * 2)
    more.set(this.#words)
    this.#words = more
    this.#longs = new BigUint64Array(more.buffer)
  }

  /** A bit for each row so far. */
  #bits(row: number): Uint8Array {
    let valid = this.#valid as Uint8Array
    if (row >> 3 >= valid.length) {
      const more = new Uint8Array(valid.length * 2)
      more.set(valid)
      this.#valid = valid = more
    }
    return valid
  }

  data(rows: number): arrow.Data {
    const data =
      this.#type === 'u64'
        ? this.#longs.subarray(0, rows)
        : (new BigInt64Array(this.#words.buffer, 0, rows) as unknown as BigUint64Array)
    return arrow.makeData({
      type: arrowTypes[this.#type]() as arrow.Uint64,
      length: rows,
      nullCount: this.#nulls,
      nullBitmap: this.#nulls > 0 ? this.#valid : undefined,
      data,
    })
  }
}

const arrays = { u16: Uint16Array, u8: Uint8Array, f32: Float32Array } as const

/** Numbers of up to 32 bits. */
export class NumberBuffer {
  readonly #type: 'u16' | 'u8' | 'f32'
  #values: Uint16Array | Uint8Array | Float32Array

  constructor(type: 'u16' | 'u8' | 'f32') {
    this.#type = type
    this.#values = new arrays[type](startRows)
  }

  append(row: number, cell: Cell): void {
    this.set(row, cell as number)
  }

  set(row: number, value: number): void {
    if (row >= this.#values.length) {
      const more = new arrays[this.#type](this.#values.length * 2)
      more.set(this.#values)
      this.#values = more
    }
    this.#values[row] = value
  }

  reset(): void {}

  data(rows: number): arrow.Data {
    return arrow.makeData({
      type: arrowTypes[this.#type]() as arrow.Uint8,
      length: rows,
      nullCount: 0,
      nullBitmap: undefined,
      data: this.#values.subarray(0, rows) as Uint8Array,
    })
  }
}

export type ColumnBuffer = TextBuffer | WideBuffer | NumberBuffer

/** An empty column of this type. */
export function columnBuffer(type: ColumnType): ColumnBuffer {
  if (type === 'utf8') return new TextBuffer()
  if (type === 'u64' || type === 'ms' || type === 'ms?') return new WideBuffer(type)
  return new NumberBuffer(type)
}
