import { addDays, dateOf, startOf } from '../api/local-day.ts'
import { onHour } from './question.ts'

const hourMs = 3_600_000

/** How wide the buckets are, and where their days begin. */
export interface Width {
  readonly grain: 'hour' | 'day' | 'week' | 'month'
  readonly zone: string
}

/** The buckets of some hours since 1970: local days, weeks from Monday, months; hours as they are. */
export class Buckets {
  /** Their starts, ms UTC, ascending. */
  readonly times: number[] = []
  readonly #first: number
  readonly #index: Uint32Array

  /** Of the hours from an instant until another, ms UTC. */
  constructor(from: number, to: number, { grain, zone }: Width) {
    this.#first = Math.floor(from / hourMs)
    this.#index = new Uint32Array(Math.max(0, onHour(to) - this.#first))
    let end = -Infinity
    for (let hour = this.#first; hour < onHour(to); hour++) {
      const at = hour * hourMs
      if (at >= end) {
        const start = grain === 'hour' ? at : startOf(firstDay(dateOf(at, zone), grain), zone)
        this.times.push(start)
        end = grain === 'hour' ? at + hourMs : startOf(firstDay(nextOf(dateOf(at, zone), grain), grain), zone)
      }
      this.#index[hour - this.#first] = this.times.length - 1
    }
  }

  indexOf(hour: number): number {
    return this.#index[hour - this.#first] as number
  }
}

/** The first local day of the bucket that a day lies in. */
function firstDay(date: string, grain: Width['grain']): string {
  if (grain === 'month') return `${date.slice(0, 7)}-01`
  return grain === 'week' ? addDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7)) : date
}

/** A day of the next bucket. */
function nextOf(date: string, grain: Width['grain']): string {
  if (grain === 'month') return addDays(`${date.slice(0, 7)}-01`, 32)
  return addDays(date, grain === 'week' ? 7 : 1)
}
