/** What the ledger says of a record: take it (first, correction), or it is known (same, older), or its id means another. */
export type Claim = 'first' | 'correction' | 'same' | 'older' | 'reused'

const slotWords = 4
const forgotten = 0xffff_ffff

/**
 * The newest version of each recent event, by event key: two generations of open addressing, 16 bytes a slot, the older
 * dropped whole when the younger is full. It remembers between `entries` and 2 × `entries` events; what it has forgotten
 * is still told apart downstream, by key and version.
 */
export class Ledger {
  readonly #entries: number
  #young: Table
  #old: Table | undefined

  constructor(options: { entries: number }) {
    this.#entries = options.entries
    this.#young = new Table(options.entries)
  }

  /** Events remembered. An event in both generations counts twice. */
  get size(): number {
    return this.#young.used + (this.#old?.used ?? 0)
  }

  /** Judges a version and, when it is to be taken, remembers it. */
  claim(keyHi: number, keyLo: number, revision: number, fingerprint: number): Claim {
    const slot = this.#slot(keyHi, keyLo)
    const words = this.#young.words
    const stored = words[slot + 2] as number
    if (stored === 0 || stored === forgotten) {
      words[slot + 2] = revision + 1
      words[slot + 3] = fingerprint
      return 'first'
    }
    if (revision + 1 < stored) return 'older'
    if (revision + 1 === stored) return words[slot + 3] === fingerprint ? 'same' : 'reused'
    words[slot + 2] = revision + 1
    words[slot + 3] = fingerprint
    return 'correction'
  }

  /** Takes a claim back, since the record was not stored. Does nothing when a later version has been claimed since. */
  forget(keyHi: number, keyLo: number, revision: number, fingerprint: number): void {
    const slot = this.#slot(keyHi, keyLo)
    const words = this.#young.words
    if (words[slot + 2] === revision + 1 && words[slot + 3] === fingerprint) words[slot + 2] = forgotten
  }

  /** Remembers a version that stands in the log; of two, the higher. */
  learn(keyHi: number, keyLo: number, revision: number, fingerprint: number): void {
    const slot = this.#slot(keyHi, keyLo)
    const words = this.#young.words
    const stored = words[slot + 2] as number
    const newer =
      stored === 0 ||
      stored === forgotten ||
      revision + 1 > stored ||
      (revision + 1 === stored && fingerprint > (words[slot + 3] as number))
    if (!newer) return
    words[slot + 2] = revision + 1
    words[slot + 3] = fingerprint
  }

  /** The slot of the key in the young generation, made (with what the old one knew) when it is not there. */
  #slot(keyHi: number, keyLo: number): number {
    const young = this.#young
    const found = young.find(keyHi, keyLo)
    if (young.isTaken(found)) return found
    let slot = found
    if (young.used >= this.#entries) {
      this.#old = young
      this.#young = new Table(this.#entries)
      slot = this.#young.find(keyHi, keyLo)
    }
    slot = this.#young.take(slot, keyHi, keyLo)
    if (this.#old !== undefined) {
      const older = this.#old.find(keyHi, keyLo)
      if (this.#old.isTaken(older)) {
        this.#young.words[slot + 2] = this.#old.words[older + 2] as number
        this.#young.words[slot + 3] = this.#old.words[older + 3] as number
      }
    }
    return slot
  }
}

/**
 * Words of a slot: key high, key low, revision + 1 (0: free), fingerprint. Doubles until it holds `most` half full. A byte a slot,
 * apart from the words, says whether it is taken and what part of the key's hash it has: most questions are about events that are not
 * there, and end in these few megabytes, which stay in the processor's cache, instead of in the memory behind it.
 */
class Table {
  words: Uint32Array
  used = 0
  #tags: Uint8Array
  readonly #most: number

  constructor(most: number) {
    this.#most = most
    const slots = Math.min(4096, slotsFor(most))
    this.words = new Uint32Array(slotWords * slots)
    this.#tags = new Uint8Array(slots)
  }

  /** Offset of the key's slot, or of the free one where it would go. */
  find(keyHi: number, keyLo: number): number {
    const tags = this.#tags
    const { words } = this
    const mask = tags.length - 1
    const tag = tagOf(keyHi)
    for (let slot = slotHash(keyHi, keyLo) & mask; ; slot = (slot + 1) & mask) {
      const found = tags[slot]
      if (found === 0) return slot * slotWords
      if (found === tag && words[slot * slotWords] === keyHi && words[slot * slotWords + 1] === keyLo)
        return slot * slotWords
    }
  }

  isTaken(at: number): boolean {
    return this.#tags[at / slotWords] !== 0
  }

  /** Puts the key into the free slot at `slot`, as one that nothing is known of; gives where it ended up. */
  take(slot: number, keyHi: number, keyLo: number): number {
    let at = slot
    if ((this.used + 1) * 2 > this.#tags.length && this.#tags.length < slotsFor(this.#most)) {
      this.#grow()
      at = this.find(keyHi, keyLo)
    }
    this.#tags[at / slotWords] = tagOf(keyHi)
    this.words[at] = keyHi
    this.words[at + 1] = keyLo
    this.words[at + 2] = forgotten
    this.used++
    return at
  }

  #grow(): void {
    const before = this.words
    const taken = this.#tags
    this.words = new Uint32Array(before.length * 2)
    this.#tags = new Uint8Array(taken.length * 2)
    for (let slot = 0; slot < taken.length; slot++) {
      if (taken[slot] === 0) continue
      const from = slot * slotWords
      const at = this.find(before[from] as number, before[from + 1] as number)
      this.#tags[at / slotWords] = taken[slot] as number
      for (let word = 0; word < slotWords; word++) this.words[at + word] = before[from + word] as number
    }
  }
}

const slotHash = (keyHi: number, keyLo: number): number => Math.imul(keyLo ^ (keyHi >>> 7), 0x9e3779b1) >>> 2
/** 1–255; of other bits than the slot mostly is. */
const tagOf = (keyHi: number): number => keyHi & 0xff || 0xff

/** A power of two with room for `entries` at half load. */
function slotsFor(entries: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(entries, 8) * 2))
}
