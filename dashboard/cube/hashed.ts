/** Numbers by 64-bit hashes, which come in two halves: a Map would need a bigint for each of millions of rows. */
export class Hashed {
  #low = new Uint32Array(1024)
  #high = new Uint32Array(1024)
  /** The number plus one; 0: free. */
  #numbers = new Uint32Array(1024)
  #size = 0

  /** The number of a hash; -1: unknown. */
  get(low: number, high: number): number {
    const mask = this.#numbers.length - 1
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const number = this.#numbers[at] as number
      if (number === 0 || (this.#low[at] === low && this.#high[at] === high)) return number - 1
    }
  }

  set(low: number, high: number, number: number): void {
    if (this.#size * 2 >= this.#numbers.length) this.#grow()
    const mask = this.#numbers.length - 1
    let at = low & mask
    while (this.#numbers[at] !== 0 && !(this.#low[at] === low && this.#high[at] === high))
      at = (at + 1) & mask
    if (this.#numbers[at] === 0) this.#size++
    this.#low[at] = low
    this.#high[at] = high
    this.#numbers[at] = number + 1
  }

  #grow(): void {
    const [low, high, numbers] = [this.#low, this.#high, this.#numbers]
    const length = numbers.length * 2
    this.#low = new Uint32Array(length)
    this.#high = new Uint32Array(length)
    this.#numbers = new Uint32Array(length)
    this.#size = 0
    numbers.forEach((number, at) => {
      if (number !== 0) this.set(low[at] as number, high[at] as number, number - 1)
    })
  }
}
