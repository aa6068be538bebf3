/** What a byte of a JSON text may break, as bits; the bits of a text are those of all its bytes. */
export const breaks = {
  id: 1,
  site: 2,
  document: 4,
  capitals: 8,
  phone: 16,
  /** Text that `tidy` may change: spaces at an end or two in a row do. */
  spaceless: 32,
  /** Text that is no printable ASCII. */
  ascii: 64,
} as const

/** Ends a text, or makes it one that only JSON.parse reads right: quote, backslash, control characters. */
export const stop = 128

/** Bits of each byte. */
export const byteClasses = new Uint8Array(256)

const sets: readonly (readonly [bit: number, allowed: RegExp])[] = [
  [breaks.id, /[A-Za-z0-9._:/-]/],
  [breaks.site, /[A-Za-z0-9._-]/],
  [breaks.document, /[A-Za-z0-9<-]/],
  [breaks.capitals, /[A-Z]/],
  [breaks.phone, /[0-9+() -]/],
  [breaks.spaceless, /[^ ]/],
  [breaks.ascii, /[ -~]/],
]
for (let byte = 0; byte < 256; byte++) {
  const character = String.fromCharCode(byte)
  for (const [bit, allowed] of sets)
    if (!allowed.test(character)) byteClasses[byte] = (byteClasses[byte] as number) | bit
  if (byte < 0x20 || character === '"' || character === '\\') byteClasses[byte] = stop
}

/** The bit that a schema's pattern forbids; undefined for a pattern that is not among these. */
export function bitOfPattern(pattern: string): number | undefined {
  return bits.get(pattern)
}

const bits = new Map<string, number>([
  ['^[A-Za-z0-9._:/-]+$', breaks.id],
  ['^[A-Za-z0-9._-]+$', breaks.site],
  ['^[A-Za-z0-9<-]+$', breaks.document],
  ['^[A-Z]{1,3}$', breaks.capitals],
  ['^[0-9+() -]+$', breaks.phone],
])
