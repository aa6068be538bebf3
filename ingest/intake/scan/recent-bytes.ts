/**
 * Short byte strings to short byte strings, those that were asked for lately: two generations, the older dropped whole when the
 * younger has filled its bytes. Everything lies in a few typed arrays: no object and no string an entry.
 */
export class RecentBytes {
  /** Where the value of the last hit lies: `bytes[start, end)`. Holds until the next call. */
  bytes: Uint8Array
  start = 0
  end = 0
  readonly #limit: number
  #young: Generation
  #old: Generation | undefined

  /** Holds at most twice `limitBytes` of entries, and a third as much for finding them. */
  constructor(limitBytes: number) {
    this.#limit = limitBytes
    this.#young = new Generation(limitBytes)
    this.bytes = this.#young.bytes
  }

  /** Whether `from[start, end)` is known; then its value is in `bytes`. */
  find(from: Uint8Array, start: number, end: number): boolean {
    const hash = hashOf(from, start, end)
    const young = this.#young
    const entry = young.find(hash, from, start, end)
    if (entry !== 0) {
      this.bytes = young.bytes
      this.start = young.valueOf(entry)
      this.end = young.endOf(entry)
      return true
    }
    const old = this.#old
    const before = old?.find(hash, from, start, end) ?? 0
    if (old === undefined || before === 0) return false
    this.set(from, start, end, old.bytes, old.valueOf(before), old.endOf(before))
    return true
  }

  /** Keeps a value for a key that is not known; both are at most 255 bytes. Afterwards the value is in `bytes`. */
  set(
    from: Uint8Array,
    start: number,
    end: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    if (end - start > 255 || valueEnd - valueStart > 255)
      throw new RangeError('Keys and values are at most 255 bytes.')
    if (this.#young.used + headBytes + (end - start) + (valueEnd - valueStart) > this.#limit) {
      this.#old = this.#young
      this.#young = new Generation(this.#limit)
    }
    const young = this.#young
    const entry = young.add(hashOf(from, start, end), from, start, end, value, valueStart, valueEnd)
    this.bytes = young.bytes
    this.start = young.valueOf(entry)
    this.end = young.endOf(entry)
  }
}

/** hash (4, little-endian), lengths of key and value (1 each) | key | value */
const headBytes = 6
const firstSlots = 1024

class Generation {
  bytes: Uint8Array
  used = 1
  readonly #limit: number
  /** Offsets of entries in `bytes`; 0: free. At most half of them are taken. */
  #slots = new Uint32Array(firstSlots)
  #count = 0

  constructor(limit: number) {
    this.#limit = limit
    this.bytes = new Uint8Array(Math.min(limit, 1 << 14))
  }

  find(hash: number, from: Uint8Array, start: number, end: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    const { bytes } = this
    const length = end - start
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot] as number
      if (entry === 0) return 0
      if (bytes[entry + 4] !== length || this.#hashAt(entry) !== hash) continue
      let i = 0
      while (i < length && bytes[entry + headBytes + i] === from[start + i]) i++
      if (i === length) return entry
    }
  }

  add(
    hash: number,
    from: Uint8Array,
    start: number,
    end: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): number {
    const entry = this.used
    const size = headBytes + (end - start) + (valueEnd - valueStart)
    if (entry + size > this.bytes.length) {
      const more = new Uint8Array(Math.max(entry + size, Math.min(this.#limit, this.bytes.length * 2)))
      more.set(this.bytes)
      this.bytes = more
    }
    const { bytes } = this
    for (let i = 0; i < 4; i++) bytes[entry + i] = hash >>> (8 * i)
    bytes[entry + 4] = end - start
    bytes[entry + 5] = valueEnd - valueStart
    let at = entry + headBytes
    for (let i = start; i < end; i++) bytes[at++] = from[i] as number
    for (let i = valueStart; i < valueEnd; i++) bytes[at++] = value[i] as number
    this.used = at
    if (++this.#count * 2 > this.#slots.length) this.#grow()
    this.#place(entry, hash)
    return entry
  }

  valueOf(entry: number): number {
    return entry + headBytes + (this.bytes[entry + 4] as number)
  }

  endOf(entry: number): number {
    return this.valueOf(entry) + (this.bytes[entry + 5] as number)
  }

  #hashAt(entry: number): number {
    const { bytes } = this
    return (
      (bytes[entry] as number) |
      ((bytes[entry + 1] as number) << 8) |
      ((bytes[entry + 2] as number) << 16) |
      ((bytes[entry + 3] as number) << 24)
    )
  }

  #place(entry: number, hash: number): void {
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = entry
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Uint32Array(before.length * 2)
    for (const entry of before) if (entry !== 0) this.#place(entry, this.#hashAt(entry))
  }
}

/** 32 bits, signed. Whether two keys are one is decided by their bytes. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 ^ (end - start)
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
