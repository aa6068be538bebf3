import type { Words } from './columns.ts'

/**
 * Open addressing from a 64-bit key (two halves) to a slot number below 2^27. The keys lie with the slots, in columns that the owner
 * passes; an entry holds the slot and five bits of the hash, so that a probe seldom looks at another's key. Pages of 4,096 entries split by
 * the next bit of the hash when they are full (extendible hashing): growing touches one page, never all.
 */
export class HashIndex {
  /** Page of each value of the hash's first `depth` bits. */
  #directory: Page[]
  #depth = 1
  #used = 0
  #bytes = 0

  constructor() {
    const page = this.#page(smallest, 0)
    this.#directory = [page, page]
  }

  /** Slot of the key, or -1. */
  find(hi: number, lo: number, his: Words, los: Words): number {
    const hash = mix(hi, lo)
    const { entries } = this.#directory[hash >>> (32 - this.#depth)] as Page
    const mask = entries.length - 1
    const tag = (hash >>> 12) & 31
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const entry = entries[i] as number
      if (entry === empty) return -1
      if (entry >>> slotBits !== tag || entry === deleted) continue
      const slot = (entry & slotMask) - 1
      if (los.get(slot) === lo && his.get(slot) === hi) return slot
    }
  }

  /** Adds a slot whose key (already in the columns) is not in the index. Throws RangeError when there are too many. */
  add(slot: number, his: Words, los: Words): void {
    if (slot >= slotMask - 1)
      throw new RangeError('A slice holds more records than it can: run more slices (SLICE=i/n).')
    const hash = mix(his.get(slot), los.get(slot))
    let page = this.#directory[hash >>> (32 - this.#depth)] as Page
    while ((page.filled + 1) * 10 > page.entries.length * 7) {
      this.#makeRoom(page, his, los)
      page = this.#directory[hash >>> (32 - this.#depth)] as Page
    }
    put(page, hash, slot)
    this.#used++
  }

  /** Takes a slot out; its key must still be in the columns. */
  remove(slot: number, his: Words, los: Words): void {
    const hash = mix(his.get(slot), los.get(slot))
    const page = this.#directory[hash >>> (32 - this.#depth)] as Page
    const mask = page.entries.length - 1
    const wanted = entryOf(hash, slot)
    for (let i = hash & mask; page.entries[i] !== empty; i = (i + 1) & mask)
      if (page.entries[i] === wanted) {
        page.entries[i] = deleted
        page.used--
        this.#used--
        return
      }
  }

  get size(): number {
    return this.#used
  }

  get bytes(): number {
    return this.#bytes + this.#directory.length * 8
  }

  #page(length: number, depth: number): Page {
    this.#bytes += length * 4
    return { entries: new Uint32Array(length), used: 0, filled: 0, depth }
  }

  #makeRoom(page: Page, his: Words, los: Words): void {
    const { length } = page.entries
    const slots: number[] = []
    for (const entry of page.entries)
      if (entry !== empty && entry !== deleted) slots.push((entry & slotMask) - 1)
    // Many deletions: the same size again is enough to get rid of the marks.
    const crowded = slots.length * 2 > length
    if (!crowded || length < largest) {
      page.entries = new Uint32Array(crowded ? length * 2 : length)
      this.#bytes += (page.entries.length - length) * 4
      page.used = 0
      page.filled = 0
      for (const slot of slots) put(page, mix(his.get(slot), los.get(slot)), slot)
      return
    }
    const halves = [this.#page(length, page.depth + 1), this.#page(length, page.depth + 1)] as const
    this.#bytes -= length * 4
    for (const slot of slots) {
      const hash = mix(his.get(slot), los.get(slot))
      put(halves[(hash >>> (31 - page.depth)) & 1] as Page, hash, slot)
    }
    if (page.depth === this.#depth) {
      this.#directory = this.#directory.flatMap((one) => [one, one])
      this.#depth++
    }
    // Neighbours in the directory share a page: the first half of them takes the half whose next bit is 0.
    const first = this.#directory.indexOf(page)
    const shared = 1 << (this.#depth - page.depth)
    for (let i = 0; i < shared; i++) this.#directory[first + i] = halves[i < shared / 2 ? 0 : 1]
  }
}

interface Page {
  entries: Uint32Array
  /** Entries with a slot, and those that are not empty. */
  used: number
  filled: number
  /** Bits of the hash that all of its slots share. */
  readonly depth: number
}

const smallest = 64
const largest = 1 << 12
const empty = 0
const deleted = 0xffff_ffff
const slotBits = 27
const slotMask = (1 << slotBits) - 1

function entryOf(hash: number, slot: number): number {
  return ((((hash >>> 12) & 31) << slotBits) | (slot + 1)) >>> 0
}

function put(page: Page, hash: number, slot: number): void {
  const mask = page.entries.length - 1
  let i = hash & mask
  while (page.entries[i] !== empty && page.entries[i] !== deleted) i = (i + 1) & mask
  if (page.entries[i] === empty) page.filled++
  page.entries[i] = entryOf(hash, slot)
  page.used++
}

function mix(hi: number, lo: number): number {
  let h = Math.imul(hi ^ (lo >>> 16) ^ (lo << 16), 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  return (h ^ (h >>> 13)) >>> 0
}
