import { createCipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PlateSeal, sealMark } from '../../../ingest/intake/plate-seal.ts'
import { createPseudonyms } from '../../../ingest/intake/pseudonyms.ts'

const [key, ivKey] = [randomBytes(32), randomBytes(32)]
const plates = new PlateSeal(key, ivKey)
const text = fc.string({ unit: 'binary', maxLength: 60 })

describe('a sealed plate', () => {
  it('is HMAC-SHA256, then AES-256-CTR from it on, as node:crypto has them', () => {
    fc.assert(
      fc.property(text, (plate) => {
        const sealed = Buffer.from(plates.seal(plate).slice(sealMark.length), 'base64url')
        const iv = createHmac('sha256', ivKey).update(plate).digest().subarray(0, 16)
        const counter = Buffer.from(iv)
        counter.writeUInt8(counter.readUInt8(12) & 0x7f, 12)
        const cipher = createCipheriv('aes-256-ctr', key, counter)
        expect(sealed).toEqual(Buffer.concat([iv, cipher.update(plate), cipher.final()]))
      }),
    )
  })

  it('opens to what was sealed, equal for equal plates, and for no other', () => {
    fc.assert(
      fc.property(text, text, (plate, other) => {
        const sealed = plates.seal(plate)
        expect(plates.open(sealed)).toBe(plate)
        expect(plates.seal(plate)).toBe(sealed)
        expect(plates.seal(other) === sealed).toBe(other === plate)
      }),
    )
  })

  it('does not open when a bit was changed, it was cut, or the key is another', () => {
    const sealed = plates.seal('1กข 1234')
    const bytes = Buffer.from(sealed.slice(1), 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      expect(() => plates.open(sealMark + changed.toString('base64url'))).toThrow(RangeError)
    }
    expect(() => plates.open(sealMark + bytes.subarray(0, 20).toString('base64url'))).toThrow(RangeError)
    expect(() => plates.open(sealMark)).toThrow(RangeError)
    expect(() => new PlateSeal(randomBytes(32), ivKey).open(sealed)).toThrow(RangeError)
  })

  it('says that a text is too long', () => {
    expect(plates.open(plates.seal('x'.repeat(240)))).toBe('x'.repeat(240))
    for (const length of [241, 5_000]) expect(() => plates.seal('x'.repeat(length))).toThrow(/240 bytes/)
  })

  it('of the older form opens still', () => {
    const secret = randomBytes(32)
    const nonce = randomBytes(12)
    const old = Buffer.from(hkdfSync('sha256', secret, '', 'daan/plate', 32))
    const cipher = createCipheriv('aes-256-gcm', old, nonce)
    const sealed = Buffer.concat([nonce, cipher.update('AB 12'), cipher.final(), cipher.getAuthTag()])
    expect(createPseudonyms(secret).openPlate(sealed.toString('base64url'))).toBe('AB 12')
  })
})
