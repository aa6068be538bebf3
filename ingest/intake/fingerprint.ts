import { hash64 } from '../../platform/hash.ts'
import type { Cell } from '../feeds/arrow-batch.ts'
import { layouts, type FeedName, type Layout } from '../feeds/layout.ts'

/**
 * The fingerprint of a row: 32 bits, never 0, over its content in layout order: site and time, then everything from `cancelled`
 * on; so not over id, source, batch or time of intake. It sees the cells, that is after normalising and pseudonymising:
 * another formatting or key order of the JSON gives the same, and nobody can try document numbers against it without the key.
 *
 * It is put together of words of 32 bits with {@link mix}: a text gives one ({@link textStart}, {@link textByte},
 * {@link textEnd}), a u64 or a time its upper and its lower half, a number one. The scanner does the same from bytes.
 */
export function fingerprintOf(feed: FeedName, cells: readonly Cell[]): number {
  const layout: Layout = layouts[feed]
  let state = mixStart
  for (let i = 4; i < layout.length; i = i === 5 ? 8 : i + 1) {
    const cell = cells[i] ?? null
    switch (layout[i]?.[1]) {
      case 'utf8':
        state = mix(state, textHash(cell as string))
        break
      case 'u64':
        state = mix(state, Number((cell as bigint) >> 32n))
        state = mix(state, Number((cell as bigint) & 0xffff_ffffn))
        break
      case 'ms':
      case 'ms?':
        state = mixTime(state, cell === null ? NaN : (cell as number))
        break
      case 'f32':
        state = mix(state, floatBits(cell as number))
        break
      default:
        state = mix(state, cell as number)
    }
  }
  return mixEnd(state)
}

export const mixStart = 0x9e3779b9 | 0

export function mix(state: number, word: number): number {
  const mixed = Math.imul(state ^ word, 0x9e3779b1)
  return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) + 0x165667b1
}

/** A time in ms UTC; NaN: none. */
export function mixTime(state: number, ms: number): number {
  if (Number.isNaN(ms)) return mix(mix(state, 0x8000_0000), 0)
  return mix(mix(state, Math.floor(ms / 2 ** 32)), ms)
}

export function mixEnd(state: number): number {
  const mixed = Math.imul(state ^ (state >>> 16), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 13)) >>> 0 || 1
}

const floats = new Float32Array(1)
const bitsOfFloat = new Uint32Array(floats.buffer)

/** Bits of a number as it will lie in an f32 column; -0 is 0. */
export function floatBits(value: number): number {
  floats[0] = value + 0
  return bitsOfFloat[0] as number
}

export const textStart = 0x811c9dc5 | 0

export function textByte(state: number, byte: number): number {
  return Math.imul(state ^ byte, 0x9e3779b1)
}

/** `length` in bytes. */
export function textEnd(state: number, length: number): number {
  const mixed = Math.imul(state ^ (state >>> 15) ^ length, 0x85ebca6b)
  return (mixed ^ (mixed >>> 13)) | 0
}

/** The word of UTF-8 text. */
export function bytesHash(bytes: Uint8Array, start: number, end: number): number {
  let state = textStart
  for (let i = start; i < end; i++) state = textByte(state, bytes[i] as number)
  return textEnd(state, end - start)
}

const scratch = new Uint8Array(64 * 1024)
const encoder = new TextEncoder()

function textHash(text: string): number {
  const { written } = encoder.encodeInto(text, scratch)
  return bytesHash(scratch, 0, written)
}

/** Hash of an event id, left in `hashed` (platform/hash.ts): the same 64 bits as `hash64Of(eventId)`. */
export function hashEventId(eventId: string): void {
  const { written } = encoder.encodeInto(eventId, scratch)
  hash64(scratch, 0, written)
}
