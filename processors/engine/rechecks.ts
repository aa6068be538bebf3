/**
 * What must be looked at again at a later tick, because then an absence is certain: buckets of one second, and a heap of the seconds
 * that have one. Setting a recheck twice is setting it once.
 */
export class Rechecks {
  readonly #buckets = new Map<number, Map<string, Recheck>>()
  readonly #seconds: number[] = []

  get size(): number {
    let size = 0
    for (const bucket of this.#buckets.values()) size += bucket.size
    return size
  }

  /** Sets a recheck for the first tick at or after `recheck.at`. */
  set(recheck: Recheck): void {
    const second = Math.ceil(recheck.at / 1000)
    let bucket = this.#buckets.get(second)
    if (bucket === undefined) {
      this.#buckets.set(second, (bucket = new Map()))
      this.#push(second)
    }
    bucket.set(`${recheck.keyspace} ${recheck.keyHi} ${recheck.keyLo} ${recheck.about}`, recheck)
  }

  /** Takes out all that are due at `now`, the earliest first. */
  due(now: number): Recheck[] {
    const due: Recheck[] = []
    while (this.#seconds.length > 0 && (this.#seconds[0] as number) * 1000 <= now) {
      const second = this.#pop()
      due.push(...(this.#buckets.get(second)?.values() ?? []))
      this.#buckets.delete(second)
    }
    return due
  }

  /** All of them, for a snapshot. */
  all(): Recheck[] {
    return [...this.#buckets.values()].flatMap((bucket) => [...bucket.values()])
  }

  #push(second: number): void {
    const heap = this.#seconds
    let i = heap.push(second) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if ((heap[parent] as number) <= second) break
      heap[i] = heap[parent] as number
      i = parent
    }
    heap[i] = second
  }

  #pop(): number {
    const heap = this.#seconds
    const least = heap[0] as number
    const last = heap.pop() as number
    if (heap.length === 0) return least
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++
      if ((heap[child] as number) >= last) break
      heap[i] = heap[child] as number
      i = child
    }
    heap[i] = last
    return least
  }
}

/** Key to look at, when, and the event time around which. */
export interface Recheck {
  readonly keyspace: string
  readonly keyHi: number
  readonly keyLo: number
  /** ms UTC. */
  readonly at: number
  readonly about: number
}
