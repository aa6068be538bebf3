import { Plate, Province } from '../../feeds/vocabulary.ts'
import type { Pseudonyms } from '../pseudonyms.ts'
import { documentNumber, phoneDigits, plateText, tidy } from '../text.ts'
import { RecentBytes } from './recent-bytes.ts'

/** Tokens and normal texts of values that came lately, by their bytes as they came: the same bytes mean the same. */
export class TokenCache {
  /** The token of the last answer, as unsigned halves. */
  hi = 0
  lo = 0
  /** The text of the last answer: `bytes[start, end)`, until the next question of its kind. */
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0
  readonly #pseudonyms: Pseudonyms
  readonly #documents: RecentBytes
  readonly #plates: RecentBytes
  readonly #phones: RecentBytes
  readonly #texts = new Map<number, RecentBytes>()

  /** `megabytes`: what recent plates may take in all; documents and phones have half and a sixteenth of it. */
  constructor(pseudonyms: Pseudonyms, megabytes = 96) {
    this.#pseudonyms = pseudonyms
    this.#plates = new RecentBytes((megabytes / 2) * 2 ** 20)
    this.#documents = new RecentBytes((megabytes / 4) * 2 ** 20)
    this.#phones = new RecentBytes((megabytes / 32) * 2 ** 20)
  }

  /** Token of a document's holder, from bytes that joined by U+001F lie in `from[start, end)`. False: ask the judge. */
  traveller(from: Uint8Array, start: number, end: number): boolean {
    if (!this.#documents.find(from, start, end)) {
      const [type = '', nationality = '', printed = ''] = decode(from, start, end).split(separator)
      const number = documentNumber(printed)
      if (number === '') return false
      this.#keep(this.#documents, from, start, end, this.#pseudonyms.traveller(type, nationality, number), '')
    }
    this.#token(this.#documents)
    return true
  }

  /** Token and sealed text of country, province and plate, joined in the same way. */
  vehicle(from: Uint8Array, start: number, end: number): boolean {
    if (!this.#plates.find(from, start, end)) {
      const parts = decode(from, start, end)
      const [country = '', province = '', printed = ''] = parts.split(separator)
      const plate = plateText(printed)
      if (parts.includes(unreadable) || plate === '') return false
      if (printed.length > most(Plate) || province.length > most(Province)) return false
      const { token, sealed } = this.#pseudonyms.vehicle(country, tidy(province), plate)
      if (sealed.length > longestText - 8) return false
      this.#keep(this.#plates, from, start, end, token, sealed)
    }
    this.#token(this.#plates)
    return true
  }

  phone(from: Uint8Array, start: number, end: number): boolean {
    if (!this.#phones.find(from, start, end)) {
      const digits = phoneDigits(decode(from, start, end))
      if (digits === '') return false
      this.#keep(this.#phones, from, start, end, this.#pseudonyms.phone(digits), '')
    }
    this.#token(this.#phones)
    return true
  }

  /** `tidy` of the text of a field with at most `most` characters. */
  text(field: number, most: number, from: Uint8Array, start: number, end: number): boolean {
    let known = this.#texts.get(field)
    if (known === undefined) this.#texts.set(field, (known = new RecentBytes(2 ** 18)))
    if (!known.find(from, start, end)) {
      const text = decode(from, start, end)
      // No longer in UTF-16 than allowed, so no longer by any count.
      if (text.length > most || text.includes(unreadable) || end - start > longestText) return false
      const normal = encoder.encode(tidy(text))
      if (normal.length > longestText) return false
      known.set(from, start, end, normal, 0, normal.length)
    }
    this.bytes = known.bytes
    this.start = known.start
    this.end = known.end
    return true
  }

  #keep(cache: RecentBytes, from: Uint8Array, start: number, end: number, token: bigint, text: string): void {
    view.setBigUint64(0, token)
    const { written } = encoder.encodeInto(text, scratch.subarray(8))
    cache.set(from, start, end, scratch, 0, 8 + written)
  }

  #token({ bytes, start, end }: RecentBytes): void {
    this.hi = word(bytes, start)
    this.lo = word(bytes, start + 4)
    this.bytes = bytes
    this.start = start + 8
    this.end = end
  }
}

/** Between the parts of a key: no JSON text holds it unescaped. */
export const separatorByte = 0x1f
const separator = '\u001f'
const longestText = 255
/** What bytes that are no UTF-8 become; a record may hold it by right, but then the judge says so. */
const unreadable = '\ufffd'
const scratch = new Uint8Array(512)
const view = new DataView(scratch.buffer)
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const most = (schema: object): number => ('maxLength' in schema ? Number(schema.maxLength) : 0)

const decode = (bytes: Uint8Array, start: number, end: number): string =>
  decoder.decode(bytes.subarray(start, end))

function word(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  )
}
