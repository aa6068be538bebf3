import type { Numbers } from './columns.ts'

/**
 * Keys that changed, each once, with the span of event time in which it did and the rules that it concerns (a bit each). Entry i:
 * keys[i], from[i], to[i], rules[i].
 */
export class Touched {
  keys: number[] = []
  from: number[] = []
  to: number[] = []
  rules: number[] = []
  /** Entry of each key, from 1; 0: none. */
  #place = new Int32Array(256)

  get size(): number {
    return this.keys.length
  }

  add(key: number, from: number, to: number, rules: number): void {
    if (rules === 0) return
    if (key >= this.#place.length) this.#grow(key)
    const place = this.#place[key] as number
    if (place === 0) {
      this.keys.push(key)
      this.from.push(from)
      this.to.push(to)
      this.rules.push(rules)
      this.#place[key] = this.keys.length
      return
    }
    if (from < (this.from[place - 1] as number)) this.from[place - 1] = from
    if (to > (this.to[place - 1] as number)) this.to[place - 1] = to
    this.rules[place - 1] = (this.rules[place - 1] as number) | rules
  }

  clear(): void {
    for (const key of this.keys) this.#place[key] = 0
    this.keys = []
    this.from = []
    this.to = []
    this.rules = []
  }

  /** Takes the entries that `due` says yes to out, in their order, and calls `visit` with each. */
  takeWhere(
    due: (key: number) => boolean,
    visit: (key: number, from: number, to: number, rules: number) => void,
  ): void {
    const { keys, from, to, rules } = this
    this.clear()
    for (let i = 0; i < keys.length; i++) {
      const entry = [keys[i], from[i], to[i], rules[i]] as [number, number, number, number]
      if (due(entry[0])) visit(...entry)
      else this.add(...entry)
    }
  }

  image(): Numbers[] {
    return [
      Uint32Array.from(this.keys),
      Float64Array.from(this.from),
      Float64Array.from(this.to),
      Uint32Array.from(this.rules),
    ]
  }

  restore([keys, from, to, rules]: readonly Numbers[]): void {
    for (let i = 0; i < (keys?.length ?? 0); i++)
      this.add(keys?.[i] as number, from?.[i] as number, to?.[i] as number, rules?.[i] as number)
  }

  #grow(key: number): void {
    const more = new Int32Array(Math.max(this.#place.length * 2, key + 1))
    more.set(this.#place)
    this.#place = more
  }
}
