/** Where an index finds halves of keys by slot. */
export interface Halves {
  get(slot: number): number
}

/**
 * Open addressing from a 64-bit key (two halves) to a slot number. The keys lie with the slots, in columns that the owner passes; an entry
 * holds the slot and a hash of 32 bits beside it, so that a probe hardly ever looks at another's key, and growing looks at none. Pages of
 * 16,384 entries split by the next bit of the hash when they are full (extendible hashing): growing touches one page, never all.
 */
export class HashIndex {
  /** Page of each value of the hash's first `depth` bits, and its entries: a look-up needs these only. */
  #directory: Page[]
  #entries: Uint32Array[]
  #depth = 1
  #used = 0
  #bytes = 0

  constructor() {
    const page = this.#page(smallest, 0)
    this.#directory = [page, page]
    this.#entries = [page.entries, page.entries]
  }

  /** Slot of the key, or -1. */
  find(hi: number, lo: number, his: Halves, los: Halves): number {
    const hash = mix(hi, lo)
    const entries = this.#entries[hash >>> (32 - this.#depth)] as Uint32Array
    const mask = entries.length - 2
    for (let i = (hash << 1) & mask; ; i = (i + 2) & mask) {
      const entry = entries[i] as number
      if (entry === empty) return -1
      if (entries[i + 1] !== hash || entry === deleted) continue
      const slot = entry - 1
      if (los.get(slot) === lo && his.get(slot) === hi) return slot
    }
  }

  /** Reads the entry where the search for a key begins, so that its line of memory is near when it does. */
  peek(hi: number, lo: number): number {
    const hash = mix(hi, lo)
    const entries = this.#entries[hash >>> (32 - this.#depth)] as Uint32Array
    return entries[(hash << 1) & (entries.length - 2)] as number
  }

  /** Adds a slot whose key (already in the columns) is not in the index. */
  add(slot: number, his: Halves, los: Halves): void {
    const hash = mix(his.get(slot), los.get(slot))
    let page = this.#directory[hash >>> (32 - this.#depth)] as Page
    while ((page.filled + 1) * 20 > page.entries.length * 7) {
      this.#makeRoom(page)
      page = this.#directory[hash >>> (32 - this.#depth)] as Page
    }
    put(page, hash, slot + 1)
    this.#used++
  }

  /** Takes a slot out; its key must still be in the columns. */
  remove(slot: number, his: Halves, los: Halves): void {
    const hash = mix(his.get(slot), los.get(slot))
    const { entries } = this.#directory[hash >>> (32 - this.#depth)] as Page
    const mask = entries.length - 2
    for (let i = (hash << 1) & mask; entries[i] !== empty; i = (i + 2) & mask)
      if (entries[i] === slot + 1) {
        entries[i] = deleted
        this.#used--
        return
      }
  }

  get size(): number {
    return this.#used
  }

  get bytes(): number {
    return this.#bytes + this.#directory.length * 16
  }

  #page(length: number, depth: number): Page {
    this.#bytes += length * 8
    return { entries: new Uint32Array(length * 2), filled: 0, depth }
  }

  #makeRoom(page: Page): void {
    const old = page.entries
    const length = old.length / 2
    let used = 0
    for (let i = 0; i < old.length; i += 2) if (old[i] !== empty && old[i] !== deleted) used++
    // Many deletions: the same size again is enough to get rid of the marks.
    const crowded = used * 2 > length
    const parts =
      crowded && length === largest
        ? [this.#page(length, page.depth + 1), this.#page(length, page.depth + 1)]
        : [this.#page(crowded ? length * 2 : length, page.depth)]
    this.#bytes -= length * 8
    for (let i = 0; i < old.length; i += 2) {
      const [entry, hash] = [old[i] as number, old[i + 1] as number]
      if (entry === empty || entry === deleted) continue
      put(parts[parts.length === 1 ? 0 : (hash >>> (31 - page.depth)) & 1] as Page, hash, entry)
    }
    if (parts.length > 1 && page.depth === this.#depth) {
      this.#directory = this.#directory.flatMap((one) => [one, one])
      this.#depth++
    }
    // Neighbours in the directory share a page: the first half of them takes the half whose next bit is 0.
    const first = this.#directory.indexOf(page)
    const shared = 1 << (this.#depth - page.depth)
    for (let i = 0; i < shared; i++)
      this.#directory[first + i] = parts[Math.floor((i * parts.length) / shared)] as Page
    this.#entries = this.#directory.map(({ entries }) => entries)
  }
}

/** Entries in pairs: slot + 1, hash. */
interface Page {
  readonly entries: Uint32Array
  /** Entries that are not empty. */
  filled: number
  /** Bits of the hash that all of its slots share. */
  readonly depth: number
}

const smallest = 64
const largest = 1 << 14
const empty = 0
const deleted = 0xffff_ffff

function put(page: Page, hash: number, entry: number): void {
  const { entries } = page
  const mask = entries.length - 2
  let i = (hash << 1) & mask
  while (entries[i] !== empty && entries[i] !== deleted) i = (i + 2) & mask
  if (entries[i] === empty) page.filled++
  entries[i] = entry
  entries[i + 1] = hash
}

function mix(hi: number, lo: number): number {
  let h = Math.imul(hi ^ (lo >>> 16) ^ (lo << 16), 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  return (h ^ (h >>> 13)) >>> 0
}
