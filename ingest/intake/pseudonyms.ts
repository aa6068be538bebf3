import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { plateToken } from './plate-token.ts'
import { isThai, plateMarks } from './text.ts'
import { Recent } from './recent.ts'

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
  /** Plate in the clear. Throws when the text was not sealed with this key. */
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
  /** AES-256-GCM, base64url; equal plates give equal texts. */
  readonly sealed: string
}

const nonceBytes = 12
const tagBytes = 16
const separator = '\u001f'

/** Pseudonyms under `secret` (32 bytes or more). Keeps up to 2 × `cacheEntries` recent tokens of each kind in memory. */
export function createPseudonyms(secret: Buffer, cacheEntries = 100_000): Pseudonyms {
  const derive = (purpose: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `daan/${purpose}`, 32)))
  const keys = {
    traveller: derive('traveller'),
    vehicle: derive('vehicle'),
    phone: derive('phone'),
    plate: derive('plate'),
    plateNonce: derive('plate-nonce'),
    record: derive('record'),
    id: derive('id'),
  }
  const travellers = new Recent<bigint>(cacheEntries)
  const vehicles = new Recent<Vehicle>(cacheEntries)
  const phones = new Recent<bigint>(cacheEntries)

  const sealPlate = (plate: string): string => {
    const nonce = createHmac('sha256', keys.plateNonce).update(plate).digest().subarray(0, nonceBytes)
    return seal(keys.plate, nonce, Buffer.from(plate)).toString('base64url')
  }

  return {
    traveller: (documentType, nationality, number) => {
      const text = documentType + separator + nationality + separator + number
      const known = travellers.get(text)
      if (known !== undefined) return known
      const token = tokenOf(keys.traveller, text)
      travellers.set(text, token)
      return token
    },
    vehicle: (country, province, plate) => {
      const text = country + separator + province + separator + plate
      const known = vehicles.get(text)
      if (known !== undefined) return known
      // A Thai plate without country is Thai; provinces are written in capitals here and not there.
      const home = country === '' && (province !== '' || isThai(plate)) ? 'THA' : country
      const marks = plateMarks(plate)
      const identity = home + separator + province.toLowerCase() + separator + marks
      const vehicle = {
        token: plateToken(marks, () => tokenOf(keys.vehicle, identity)),
        sealed: sealPlate(plate),
      }
      vehicles.set(text, vehicle)
      return vehicle
    },
    phone: (digits) => {
      const known = phones.get(digits)
      if (known !== undefined) return known
      const token = tokenOf(keys.phone, digits)
      phones.set(digits, token)
      return token
    },
    openPlate: (sealed) => open(keys.plate, Buffer.from(sealed, 'base64url')).toString(),
    sealRecord: (bytes) => seal(keys.record, randomBytes(nonceBytes), bytes).toString('base64'),
    openRecord: (sealed) => open(keys.record, Buffer.from(sealed, 'base64')),
    idOf: (...parts) => {
      const hmac = createHmac('sha256', keys.id)
      for (const part of parts) hmac.update(part).update(separator)
      return hmac.digest('hex').slice(0, 32)
    },
  }
}

function tokenOf(key: KeyObject, text: string): bigint {
  return createHmac('sha256', key).update(text).digest().readBigUInt64BE(0) || 1n
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
