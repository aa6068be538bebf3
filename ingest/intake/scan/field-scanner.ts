import { parseInstantBytes } from '../instants.ts'
import { byteClasses, stop } from './byte-classes.ts'
import type { Field } from './fields.ts'

/**
 * Finds the fields of one JSON object in its bytes and checks each value against the schema, without making a string or an
 * object. It knows plain records only: flat, every field known and once, no escapes. To whatever else it says no, and JSON.parse decides.
 */
export class FieldScanner {
  /** Of a text: `bytes[starts[f], ends[f])`, and the bits that its bytes break. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly broken: Uint8Array
  /** Of a number its value, of an instant ms UTC. */
  readonly values: Float64Array
  /** A bit for each field that was there. */
  seen = 0
  readonly #fields: readonly Field[]
  /** Records of one supplier have their fields in one order: which field came after which, the last place for the first. */
  readonly #follows: Uint8Array

  constructor(fields: readonly Field[]) {
    if (fields.length > 31) throw new RangeError('A feed has at most 31 fields.')
    this.#fields = fields
    this.starts = new Int32Array(fields.length)
    this.ends = new Int32Array(fields.length)
    this.broken = new Uint8Array(fields.length)
    this.values = new Float64Array(fields.length)
    this.#follows = new Uint8Array(fields.length + 1)
  }

  /** False: not a plain record, or one that breaks the schema. */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    const follows = this.#follows
    let at = start
    let seen = 0
    let previous = this.#fields.length
    if (bytes[at++] !== openBrace) return false
    for (;;) {
      while (bytes[at] === space) at++
      if (bytes[at++] !== quote) return false
      let index = follows[previous] as number
      if (!isNamed(bytes, at, this.#fields[index] as Field)) {
        index = this.#fields.findIndex((field) => isNamed(bytes, at, field))
        if (index < 0) return false
        follows[previous] = index
      }
      const field = this.#fields[index] as Field
      if ((seen & (1 << index)) !== 0) return false
      seen |= 1 << index
      previous = index
      at += field.nameBytes.length + 1
      while (bytes[at] === space) at++
      if (bytes[at++] !== colon) return false
      while (bytes[at] === space) at++
      at = bytes[at] === quote ? this.#text(field, index, bytes, at + 1) : this.#bare(field, index, bytes, at)
      if (at < 0) return false
      while (bytes[at] === space) at++
      if (bytes[at] === comma) at++
      else {
        this.seen = seen
        return bytes[at] === closeBrace && at + 1 === end
      }
    }
  }

  /** Offset after the text that starts at `start`; -1: it does not do. */
  #text(field: Field, index: number, bytes: Uint8Array, start: number): number {
    let at = start
    let broken = 0
    for (;;) {
      const bits = byteClasses[bytes[at] as number]
      // Past the end of the bytes this is undefined, and no less than `stop` either.
      if (!((bits as number) < stop)) break
      broken |= bits as number
      at++
    }
    if (bytes[at] !== quote) return -1
    this.starts[index] = start
    this.ends[index] = at
    this.broken[index] = broken
    const length = at - start
    switch (field.kind) {
      case 'text':
        return (broken & field.forbidden) === 0 && length >= field.minimum && length <= field.maximum
          ? at + 1
          : -1
      case 'word':
        return isWord(field.words, bytes, start, length) ? at + 1 : -1
      case 'instant': {
        const ms = parseInstantBytes(bytes, start, at)
        this.values[index] = ms
        return Number.isNaN(ms) ? -1 : at + 1
      }
      case 'free':
        // UTF-8 takes up to three bytes for what the schema counts as one.
        return length >= field.minimum && length <= field.maximum * 3 ? at + 1 : -1
      default:
        return -1
    }
  }

  /** Offset after a number or `false`; -1: it does not do, or is written in an unusual way. */
  #bare(field: Field, index: number, bytes: Uint8Array, start: number): number {
    if (field.kind === 'flag') {
      // `true` has other rules: it is rare and left to the judge.
      for (let i = 0; i < no.length; i++) if (bytes[start + i] !== no[i]) return -1
      return start + no.length
    }
    if (field.kind !== 'integer' && field.kind !== 'number') return -1
    let at = start
    let value = 0
    while (isDigit(bytes[at])) value = value * 10 + (bytes[at++] as number) - zero
    const whole = at - start
    if (whole === 0 || (whole > 1 && bytes[start] === zero)) return -1
    if (bytes[at] === dot) {
      if (field.kind === 'integer') return -1
      const point = at++
      while (isDigit(bytes[at])) value = value * 10 + (bytes[at++] as number) - zero
      const digits = at - point - 1
      if (digits === 0) return -1
      // Both are exact below 2^53 and 10^22, so that the quotient is what JSON.parse gives.
      value /= powers[digits] ?? NaN
    }
    if (at - start > 15 || bytes[at] === letterE || bytes[at] === capitalE) return -1
    this.values[index] = value
    return value >= field.minimum && value <= field.maximum ? at : -1
  }
}

const openBrace = 0x7b
const closeBrace = 0x7d
const quote = 0x22
const colon = 0x3a
const comma = 0x2c
const space = 0x20
const dot = 0x2e
const zero = 0x30
const letterE = 0x65
const capitalE = 0x45
const no = new TextEncoder().encode('false')
const powers = Array.from({ length: 16 }, (_, digits) => 10 ** digits)

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= zero && byte <= zero + 9

function isNamed(bytes: Uint8Array, start: number, { nameBytes }: Field): boolean {
  const { length } = nameBytes
  if (bytes[start + length] !== quote) return false
  for (let i = 0; i < length; i++) if (bytes[start + i] !== nameBytes[i]) return false
  return true
}

function isWord(words: readonly Uint8Array[], bytes: Uint8Array, start: number, length: number): boolean {
  for (const word of words) {
    if (word.length !== length) continue
    let i = 0
    while (i < length && bytes[start + i] === word[i]) i++
    if (i === length) return true
  }
  return false
}
