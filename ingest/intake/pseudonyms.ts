import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { PlateSeal, sealMark } from './plate-seal.ts'
import { plateToken } from './plate-token.ts'
import { isThai, plateMarks } from './text.ts'
import { ShortHmac } from './hmac.ts'

/**
 * Keyed tokens in the place of people and vehicles. A token is the first 8 bytes of HMAC-SHA256, big-endian, never 0 (0 means
 * absent). Parts are joined by U+001F, which normalised text cannot hold. Each purpose has a key of its own (HKDF).
 */
export interface Pseudonyms {
  /** All three in normal form. */
  traveller(documentType: string, nationality: string, number: string): bigint
  /** `plate` in normal form; province and country empty when unknown, which is a value of its own. */
  vehicle(country: string, province: string, plate: string): Vehicle
  /** Digits in international form. */
  phone(digits: string): bigint
  /** Plate in the clear, also of the older form (AES-256-GCM). Throws when the text was not sealed with this key. */
  openPlate(sealed: string): string
  /** A rejected record, base64; each call gives another text. */
  sealRecord(bytes: Uint8Array): string
  /** The record again. Throws when it was not sealed with this key. */
  openRecord(sealed: string): Buffer
  /** A keyed id of bytes that may hold personal data, 32 hexadecimal digits: equal for equal parts. */
  idOf(...parts: readonly (string | Uint8Array)[]): string
}

export interface Vehicle {
  /** Of another kind when one or two characters are unread (see ingest/feeds/partial-token.ts), 0 when more are. */
  readonly token: bigint
  /** Encrypted and authenticated (plate-seal.ts); equal plates give equal texts. */
  readonly sealed: string
}

const nonceBytes = 12
const tagBytes = 16
const separator = '\u001f'

/** Pseudonyms under `secret` (32 bytes or more). */
export function createPseudonyms(secret: Buffer): Pseudonyms {
  const derived = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `daan/${purpose}`, 32))
  const derive = (purpose: string): KeyObject => createSecretKey(derived(purpose))
  const keys = {
    plate: derive('plate'),
    record: derive('record'),
    id: derive('id'),
  }
  const tokens = {
    traveller: tokens64(derived('traveller')),
    vehicle: tokens64(derived('vehicle')),
    phone: tokens64(derived('phone')),
  }

  const plates = new PlateSeal(derived('plate-seal'), derived('plate-iv'))

  return {
    traveller: (documentType, nationality, number) =>
      tokens.traveller(documentType + separator + nationality + separator + number),
    vehicle: (country, province, plate) => {
      // A Thai plate without country is Thai; provinces are written in capitals here and not there.
      const home = country === '' && (province !== '' || isThai(plate)) ? 'THA' : country
      const marks = plateMarks(plate)
      const identity = home + separator + province.toLowerCase() + separator + marks
      return { token: plateToken(marks, () => tokens.vehicle(identity)), sealed: plates.seal(plate) }
    },
    phone: (digits) => tokens.phone(digits),
    openPlate: (sealed) =>
      sealed.startsWith(sealMark)
        ? plates.open(sealed)
        : open(keys.plate, Buffer.from(sealed, 'base64url')).toString(),
    sealRecord: (bytes) => seal(keys.record, randomBytes(nonceBytes), bytes).toString('base64'),
    openRecord: (sealed) => open(keys.record, Buffer.from(sealed, 'base64')),
    idOf: (...parts) => {
      const hmac = createHmac('sha256', keys.id)
      for (const part of parts) hmac.update(part).update(separator)
      return hmac.digest('hex').slice(0, 32)
    },
  }
}

/** Tokens under one key. */
function tokens64(key: Buffer): (text: string) => bigint {
  const hmac = new ShortHmac(key)
  const scratch = new Uint8Array(4_096)
  const encoder = new TextEncoder()
  return (text) => {
    // Texts are fields of a record: none is a tenth as long.
    const { written } = encoder.encodeInto(text, scratch)
    hmac.digest(scratch, 0, written)
    return (BigInt(hmac.hi) << 32n) | BigInt(hmac.lo) || 1n
  }
}

/** nonce | ciphertext | tag */
function seal(key: KeyObject, nonce: Buffer, bytes: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

function open(key: KeyObject, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
}
