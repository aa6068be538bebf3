import type { Numbers } from './columns.ts'

/** Hours of a block. */
const week = 168

/** Counts by key, kind (below 8) and hour since 1970: blocks of a week, made where something is counted. */
export class HourCounts {
  readonly #blocks: Map<number, Uint32Array>[] = []
  /** Last block used of each key: most events are of the present. */
  readonly #lastId: number[] = []
  readonly #last: (Uint32Array | undefined)[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  add(key: number, kind: number, hour: number, by: number): void {
    const id = Math.floor(hour / week) * 8 + kind
    let block = this.#block(key, id)
    if (block === undefined) {
      block = new Uint32Array(week)
      this.#blocksOf(key).set(id, block)
      this.#bytes += block.byteLength
      this.#lastId[key] = id
      this.#last[key] = block
    }
    block[hour % week] = (block[hour % week] as number) + by
  }

  get(key: number, kind: number, hour: number): number {
    return this.#block(key, Math.floor(hour / week) * 8 + kind)?.[hour % week] ?? 0
  }

  /** First and last hour in which anything of the key is counted; undefined when nothing is. */
  span(key: number): { first: number; last: number } | undefined {
    let [first, last] = [Infinity, -Infinity]
    for (const [id, block] of this.#blocks[key] ?? []) {
      const start = Math.floor(id / 8) * week
      if (start < first) {
        const place = block.findIndex((count) => count > 0)
        if (place >= 0) first = Math.min(first, start + place)
      }
      if (start + week - 1 > last) {
        const place = block.findLastIndex((count) => count > 0)
        if (place >= 0) last = Math.max(last, start + place)
      }
    }
    return first === Infinity ? undefined : { first, last }
  }

  /** Forgets whole weeks before `hour`. */
  dropBefore(hour: number): void {
    for (const [key, blocks] of this.#blocks.entries()) {
      for (const [id, block] of blocks ?? [])
        if ((Math.floor(id / 8) + 1) * week <= hour) {
          blocks.delete(id)
          this.#bytes -= block.byteLength
        }
      this.#lastId[key] = -1
      this.#last[key] = undefined
    }
  }

  image(): Numbers[] {
    const [keys, ids]: [number[], number[]] = [[], []]
    for (const [key, blocks] of this.#blocks.entries())
      for (const id of [...(blocks?.keys() ?? [])].sort((a, b) => a - b)) {
        keys.push(key)
        ids.push(id)
      }
    const data = new Uint32Array(ids.length * week)
    for (const [i, id] of ids.entries())
      data.set(this.#blocks[keys[i] as number]?.get(id) as Uint32Array, i * week)
    return [Uint32Array.from(keys), Uint32Array.from(ids), data]
  }

  restore([keys, ids, data]: readonly Numbers[]): void {
    for (let i = 0; i < (ids?.length ?? 0); i++) {
      const block = (data as Uint32Array).slice(i * week, (i + 1) * week)
      this.#blocksOf(keys?.[i] as number).set(ids?.[i] as number, block)
      this.#bytes += block.byteLength
    }
  }

  #block(key: number, id: number): Uint32Array | undefined {
    if (this.#lastId[key] === id) return this.#last[key]
    const block = this.#blocks[key]?.get(id)
    if (block !== undefined) {
      this.#lastId[key] = id
      this.#last[key] = block
    }
    return block
  }

  #blocksOf(key: number): Map<number, Uint32Array> {
    return (this.#blocks[key] ??= new Map())
  }
}
