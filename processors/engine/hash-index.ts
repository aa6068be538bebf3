/**
 * Open addressing from a 64-bit key (two halves) to a slot number. The keys live with the slots, in arrays that the owner
 * passes; the index holds only slot numbers, 4 bytes each at a load of at most 0.6.
 */
export class HashIndex {
  #table: Int32Array
  #mask: number
  #used = 0
  #filled = 0

  constructor(capacity = 1 << 10) {
    this.#table = new Int32Array(capacity).fill(empty)
    this.#mask = capacity - 1
  }

  /** Slot of the key, or -1. */
  find(hi: number, lo: number, his: Uint32Array, los: Uint32Array): number {
    let i = mix(hi, lo) & this.#mask
    for (;;) {
      const slot = this.#table[i] as number
      if (slot === empty) return -1
      if (slot >= 0 && los[slot] === lo && his[slot] === hi) return slot
      i = (i + 1) & this.#mask
    }
  }

  /** Adds a slot whose key (already in the arrays) is not in the index. */
  add(slot: number, his: Uint32Array, los: Uint32Array): void {
    if ((this.#filled + 1) * 5 > this.#table.length * 3) this.#rebuild(his, los)
    let i = mix(his[slot] as number, los[slot] as number) & this.#mask
    while ((this.#table[i] as number) >= 0) i = (i + 1) & this.#mask
    if (this.#table[i] === empty) this.#filled++
    this.#table[i] = slot
    this.#used++
  }

  /** Takes a slot out; its key must still be in the arrays. */
  remove(slot: number, his: Uint32Array, los: Uint32Array): void {
    let i = mix(his[slot] as number, los[slot] as number) & this.#mask
    while (this.#table[i] !== slot) {
      if (this.#table[i] === empty) return
      i = (i + 1) & this.#mask
    }
    this.#table[i] = deleted
    this.#used--
  }

  get size(): number {
    return this.#used
  }

  get bytes(): number {
    return this.#table.byteLength
  }

  #rebuild(his: Uint32Array, los: Uint32Array): void {
    const old = this.#table
    // Many deletions: the same size again is enough to get rid of the marks.
    const length = this.#used * 3 > old.length ? old.length * 2 : old.length
    this.#table = new Int32Array(length).fill(empty)
    this.#mask = length - 1
    this.#used = 0
    this.#filled = 0
    for (const slot of old) if (slot >= 0) this.add(slot, his, los)
  }
}

const empty = -1
const deleted = -2

function mix(hi: number, lo: number): number {
  const h = Math.imul(hi ^ (lo >>> 16) ^ (lo << 16), 0x9e3779b1)
  return (h ^ (h >>> 15)) >>> 0
}
