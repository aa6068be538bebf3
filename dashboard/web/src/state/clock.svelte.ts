import type { Me } from '../../../api/shapes.ts'

/**
 * What time it is by the clock of the log: the server's wall, or the last time it told of when it replays. Ticks once a
 * second for labels such as "2 min ago".
 */
export class Clock {
  now = $state(0)
  #anchor: number
  #anchoredAt = performance.now()
  readonly #runs: boolean

  constructor({ now, clock }: Pick<Me, 'now' | 'clock'>) {
    this.#runs = clock === 'wall'
    this.#anchor = now
    this.now = now
    setInterval(() => this.#tick(), 1000)
  }

  /** The server said what time it is. */
  tell(now: number): void {
    this.#anchor = now
    this.#anchoredAt = performance.now()
    this.#tick()
  }

  #tick(): void {
    this.now = this.#runs ? this.#anchor + performance.now() - this.#anchoredAt : this.#anchor
  }
}
