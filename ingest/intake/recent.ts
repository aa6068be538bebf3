/** A map that keeps what was asked for lately: two generations, each of at most `entries`; the older one is dropped whole. */
export class Recent<V> {
  readonly #entries: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()

  constructor(entries: number) {
    this.#entries = entries
  }

  /** At most 2 × entries. */
  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(key: string): V | undefined {
    const value = this.#young.get(key)
    if (value !== undefined) return value
    const older = this.#old.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: string, value: V): void {
    if (this.#young.size >= this.#entries) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
