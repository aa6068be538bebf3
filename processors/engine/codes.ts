import { hash64, hashed } from '../../platform/hash.ts'
import { Words } from './columns.ts'
import { HashIndex } from './hash-index.ts'

/** Words of the feeds as small numbers, so that a record of history holds no strings. */

/** Number of a word in one of the short lists below; 0 when it is empty or unknown. */
export type Code = number

export const directions = ['', 'entry', 'exit', 'check'] as const
export const modes = ['', 'air', 'land', 'sea', 'rail'] as const
export const documentTypes = [
  '',
  'passport',
  'border-pass',
  'temporary-border-pass',
  'work-pass',
  'crew',
] as const
export const outcomes = ['', 'admitted', 'refused', 'referred'] as const
export const vehicleClasses = ['', 'car', 'pickup', 'van', 'bus', 'truck', 'motorcycle', 'unknown'] as const
export const headings = ['', 'to-border', 'from-border', 'unknown'] as const
export const feedCodes = ['', 'crossings', 'sightings', 'registrations'] as const

/** Looks a word of a list up by its bytes: length and first letter tell the words of each list apart. */
export class WordCodes {
  readonly #codes = new Uint8Array(1 << 13)

  /** Throws when two words of the list begin alike and are of one length. */
  constructor(list: readonly string[]) {
    for (const [code, word] of list.entries()) {
      if (word === '') continue
      const place = (word.length << 8) | word.charCodeAt(0)
      if (this.#codes[place] !== 0)
        throw new RangeError(`${word} cannot be told from ${list[this.#codes[place] as number]}.`)
      this.#codes[place] = code
    }
  }

  code(bytes: Uint8Array, start: number, end: number): Code {
    const length = end - start
    return length === 0 || length > 31 ? 0 : (this.#codes[(length << 8) | (bytes[start] as number)] as number)
  }
}

/** A crossing in bits: feed 2, direction 2, mode 3, document type 3, outcome 2. */
export function packCrossing(direction: Code, mode: Code, documentType: Code, outcome: Code): number {
  return 1 | (direction << 2) | (mode << 4) | (documentType << 7) | (outcome << 10)
}

/** A sighting: feed 2 bits, then from the 13th class of vehicle 3, heading 2, issuer known 1. */
export function packSighting(vehicleClass: Code, heading: Code, issuerKnown: boolean): number {
  return 2 | (vehicleClass << 12) | (heading << 15) | (issuerKnown ? 1 << 17 : 0)
}

/** A registration: feed 2 bits, document type at its place. */
export function packRegistration(documentType: Code): number {
  return 3 | (documentType << 7)
}

/** Set on the record of an unmatched entry, see unmatched.ts. */
export const unmatchedBit = 1 << 18

export const feedCode = (codes: number): Code => codes & 3
export const directionCode = (codes: number): Code => (codes >> 2) & 3
export const modeCode = (codes: number): Code => (codes >> 4) & 7
export const documentTypeCode = (codes: number): Code => (codes >> 7) & 7
export const outcomeCode = (codes: number): Code => (codes >> 10) & 3
export const vehicleClassCode = (codes: number): Code => (codes >> 12) & 7
export const headingCode = (codes: number): Code => (codes >> 15) & 3
export const issuerKnown = (codes: number): boolean => (codes & (1 << 17)) !== 0

/** Strings that recur (sites), each given a number for the life of the process; found by their bytes, without decoding. */
export class Dictionary {
  readonly #words: string[] = ['']
  readonly #index = new HashIndex()
  readonly #his = new Words()
  readonly #los = new Words()

  number(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return 0
    hash64(bytes, start, end)
    const { hi, lo } = hashed
    const found = this.#index.find(hi, lo, this.#his, this.#los)
    if (found >= 0) return found
    const number = this.#words.length
    this.#his.reserve(number + 1)
    this.#los.reserve(number + 1)
    this.#his.set(number, hi)
    this.#los.set(number, lo)
    this.#words.push(decoder.decode(bytes.subarray(start, end)))
    this.#index.add(number, this.#his, this.#los)
    return number
  }

  /** Number of a word; -1 when it never came. */
  find(word: string): number {
    const bytes = encoder.encode(word)
    hash64(bytes)
    return bytes.length === 0 ? 0 : this.#index.find(hashed.hi, hashed.lo, this.#his, this.#los)
  }

  word(number: number): string {
    return this.#words[number] ?? ''
  }

  /** All words by number. */
  words(): readonly string[] {
    return this.#words
  }

  /** Gives the words the numbers that they had. */
  restore(words: readonly string[]): void {
    for (const word of words) {
      const bytes = encoder.encode(word)
      this.number(bytes, 0, bytes.length)
    }
  }
}

const decoder = new TextDecoder()
const encoder = new TextEncoder()
