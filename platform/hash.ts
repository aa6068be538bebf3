/** Hashes of bytes to 64 bits, as two unsigned halves: fast in plain JavaScript, no BigInt on the hot path. */

const encoder = new TextEncoder()

/** The last hash computed: `hash64` leaves its answer here, since a returned pair would be an allocation a call. */
export const hashed = { hi: 0, lo: 0 }

/** Hashes `bytes[start, end)` into {@link hashed}. Two multiply-xor lanes with murmur3's finaliser; not for secrets. */
export function hash64(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0): void {
  let a = 0x9e3779b9 ^ seed
  let b = 0x85ebca6b ^ (end - start)
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    a = Math.imul(a ^ byte, 0x9e3779b1)
    b = Math.imul(b ^ byte, 0x01000193) + ((a >>> 15) | 0)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  hashed.hi = (a ^ (a >>> 16)) >>> 0
  hashed.lo = (b ^ (b >>> 15)) >>> 0
}

/** {@link hash64} of a string's UTF-8, as a bigint, for paths that are not hot. */
export function hash64Of(text: string, seed = 0): bigint {
  hash64(encoder.encode(text), 0, undefined, seed)
  return (BigInt(hashed.hi) << 32n) | BigInt(hashed.lo)
}

/** Every 16 bits as text. */
const hex16 = Array.from({ length: 1 << 16 }, (_, n) => n.toString(16).padStart(4, '0'))

const hexOfHalf = (half: number): string => (hex16[half >>> 16] as string) + (hex16[half & 0xffff] as string)

/** {@link hex64} of a number in two unsigned halves, for the hot path: detectors are asked about a key by its text. */
export function hexOf(hi: number, lo: number): string {
  return hexOfHalf(hi) + hexOfHalf(lo)
}

/** A 64-bit number as 16 hexadecimal digits, as it appears in alerts, URLs of the dashboard and exports. */
export function hex64(value: bigint): string {
  return value.toString(16).padStart(16, '0')
}
