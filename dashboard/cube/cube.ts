import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises'
import { feedNames, type FeedName } from '../../ingest/feeds/layout.ts'
import type { Log } from '../../platform/log.ts'
import cubeChanges from '../../sql/queries/cube-changes.ts'
import cubeHeldDays from '../../sql/queries/cube-held-days.ts'
import cubeHours from '../../sql/queries/cube-hours.ts'
import cubeNames from '../../sql/queries/cube-names.ts'
import type { Reader } from '../api/reader.ts'
import { Keys } from './codes.ts'
import { Hashed } from './hashed.ts'
import { slicesOf, type Hashes, type Slice } from './slices.ts'

const hourMs = 3_600_000
/** It fills by the day. */
const dayHours = 24
/** How long it waits before it goes on where it failed, ms. */
const retryMs = 30_000
/** How often rows are read until all of their hashes have names. */
const maxTurns = 4
/** Rows that are walked without a break, some milliseconds. */
const rowsAtOnce = 2_000_000
/** What two bytes can name. */
const mostKinds = 65_535

export interface CubeOptions {
  /** Rows that are kept at most, about 14 bytes each; the newest hours stay. */
  readonly mostRows?: number | undefined
  /** How old an answer may be before the store is asked for changes, ms. */
  readonly freshMs?: number | undefined
}

/**
 * `cube_hours` in memory, so that a question is a walk over typed arrays and no statement: those cost the store tens of milliseconds before they
 * read a row. Filled from the newest hour backwards while the store answers in its place; hours that the rollup has written since are read
 * again before an answer.
 */
export class Cube {
  readonly keys = new Keys()
  readonly #slices = new Map<string, Map<number, Slice>>(feedNames.map((feed) => [feed, new Map()]))
  readonly #hashes = new Map(feedNames.map((feed) => [feed, { sites: new Hashed(), kinds: new Hashed() }]))
  readonly #mostRows: number
  readonly #freshMs: number
  readonly #deps: { reader: Reader; log: Log }
  #rows = 0
  /** First hour since 1970 that is here with all after it. */
  #since = Infinity
  #version = 0
  /** What was written with the latest version when it was last read, by feed and hour. */
  #written = new Map<string, number>()
  #refreshedAt = -Infinity
  #refreshing: Promise<void> | undefined
  /** Reads and answers one after the other: what is written while an hour is read is a change for the next. */
  #turns: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: CubeOptions, deps: { reader: Reader; log: Log }) {
    this.#mostRows = options.mostRows ?? 24_000_000
    this.#freshMs = options.freshMs ?? 2_000
    this.#deps = deps
  }

  /** Fills the cube, half of the time. Whatever goes wrong, the store goes on answering, and it is tried again. */
  async fill(): Promise<void> {
    while (!this.#stopped)
      try {
        return await this.#fillOn()
      } catch (error) {
        this.#deps.log.warn(
          { reason: (error as Error).name },
          'the cube could not be filled; the store answers',
        )
        await sleep(retryMs, undefined, { ref: false })
      }
  }

  async #fillOn(): Promise<void> {
    const days = await this.#deps.reader.rows(cubeHeldDays, {})
    if (this.#since === Infinity) this.#version = Math.max(0, ...days.map(({ latest }) => latest))
    const missing = days.map(({ day_s }) => day_s / 3600).filter((from) => from < this.#since)
    for (const from of missing) {
      if (this.#stopped || this.#rows >= this.#mostRows) break
      const startedAt = performance.now()
      await this.#inTurn(async () => {
        for (const feed of feedNames) {
          await this.#read(feed, from, from + dayHours, [])
          await breathe()
        }
        this.#since = from
      })
      // Whoever opens a page meanwhile is answered by the store.
      await sleep(performance.now() - startedAt, undefined, { ref: false })
    }
    if (this.#stopped) return
    // What was written meanwhile is read now, and not while somebody waits for a first answer.
    await this.#refresh()
    if (this.#since <= (missing.at(-1) ?? Infinity)) this.#since = -Infinity
    this.#deps.log.info({ rows: this.#rows, whole: this.whole }, 'the cube is in memory')
  }

  stop(): void {
    this.#stopped = true
  }

  get rows(): number {
    return this.#rows
  }

  get whole(): boolean {
    return this.#since === -Infinity
  }

  /** Whether everything at or after an instant (ms UTC) is here. */
  covers(from: number): boolean {
    return Math.floor(from / hourMs) >= this.#since
  }

  /** Reads again what the rollup has written since the last time, at most once in `freshMs`. */
  async #refresh(): Promise<void> {
    if (performance.now() - this.#refreshedAt <= this.#freshMs) return
    this.#refreshing ??= this.#inTurn(() => this.#readChanges()).finally(() => (this.#refreshing = undefined))
    await this.#refreshing
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(work)
    this.#turns = turn.then(
      () => {},
      () => {},
    )
    return turn
  }

  /** Answers a question when what the rollup has written is read; while it does, nothing changes. */
  async ask<T>(answer: () => Promise<T>): Promise<T> {
    await this.#refresh()
    return await this.#inTurn(answer)
  }

  /**
   * The slices of the hours from `from` until `to` (hours since 1970), the hours ascending. A long walk lets others have the thread in
   * between. Within {@link ask} only.
   */
  async *slices(feed: string, from: number, to: number): AsyncGenerator<readonly [number, Slice]> {
    const own = this.#slices.get(feed) ?? new Map<number, Slice>()
    const few = to - from <= own.size
    const hours = few
      ? Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
      : [...own.keys()].filter((hour) => hour >= from && hour < to).sort((a, b) => a - b)
    let rows = 0
    for (const hour of hours) {
      const slice = own.get(hour)
      if (slice === undefined) continue
      if ((rows += slice.length) > rowsAtOnce) {
        await breathe()
        rows = 0
      }
      yield [hour, slice]
    }
  }

  async #readChanges(): Promise<void> {
    const askedAt = performance.now()
    const changes = await this.#deps.reader.rows(cubeChanges, { since: this.#version })
    const written = new Map<string, number>()
    const latest = Math.max(this.#version, ...changes.map((change) => change.latest))
    for (const feed of feedNames) {
      const hours: number[] = []
      for (const change of changes) {
        if (change.feed !== feed) continue
        const key = `${feed} ${change.hour_s}`
        // Of the latest version there may have been more to come when it was read.
        if (change.latest === latest) written.set(key, change.written)
        const known = change.latest === this.#version && this.#written.get(key) === change.written
        if (!known && change.hour_s / 3600 >= this.#since) hours.push(change.hour_s)
      }
      if (hours.length === 0) continue
      const numbers = hours.map((hour) => hour / 3600)
      await this.#read(feed, Math.min(...numbers), Math.max(...numbers) + 1, hours)
    }
    this.#version = latest
    this.#written = written
    this.#refreshedAt = askedAt
    this.#forgetOldest()
  }

  /** Leaves out the oldest hours while there are more rows than may be kept, but never those of the last day. */
  #forgetOldest(): void {
    if (this.#rows <= this.#mostRows) return
    const hours = [...new Set([...this.#slices.values()].flatMap((own) => [...own.keys()]))].sort(
      (a, b) => a - b,
    )
    const last = hours.at(-1) ?? 0
    for (const hour of hours) {
      if (this.#rows <= this.#mostRows || hour > last - dayHours) break
      for (const own of this.#slices.values()) {
        this.#rows -= own.get(hour)?.length ?? 0
        own.delete(hour)
      }
      this.#since = hour + 1
    }
  }

  /** Reads the hours of a feed in a span of hours since 1970: all, or those of `only` (seconds), which may have emptied. */
  async #read(feed: FeedName, from: number, to: number, only: readonly number[]): Promise<void> {
    const span = { from, to, stays: feed === 'registrations' }
    let read: Map<number, Slice> | null = null
    for (let turn = 0; read === null; turn++) {
      if (turn === maxTurns) throw new Error(`The cube's names of ${feed} do not fit its rows.`)
      if (turn > 0) await this.#readNames(feed, from, to)
      const asked = { feed, from: from * hourMs, to: to * hourMs, hours: [...only] }
      read = slicesOf(await this.#deps.reader.arrow(cubeHours, asked), span, this.#hashesOf(feed))
    }
    const own = this.#slices.get(feed) as Map<number, Slice>
    const put = (hour: number, slice: Slice | undefined): void => {
      this.#rows += (slice?.length ?? 0) - (own.get(hour)?.length ?? 0)
      if (slice === undefined) own.delete(hour)
      else own.set(hour, slice)
    }
    for (const second of only) if (!read.has(second / 3600)) put(second / 3600, undefined)
    for (const [hour, slice] of read) put(hour, slice)
  }

  #hashesOf(feed: FeedName): Hashes {
    return this.#hashes.get(feed) as Hashes
  }

  /** Learns what the hashes of a feed and span stand for. */
  async #readNames(feed: FeedName, from: number, to: number): Promise<void> {
    const { sites, kinds } = this.#hashesOf(feed)
    for (const { is_place, hash, names } of await this.#deps.reader.rows(cubeNames, {
      feed,
      from: from * hourMs,
      to: to * hourMs,
    })) {
      if (this.keys.kinds > mostKinds)
        throw new RangeError(`A row of the cube names one of ${mostKinds} kinds.`)
      const [high, low] = [Number.parseInt(hash.slice(0, 8), 16), Number.parseInt(hash.slice(8), 16)]
      const [a = '', b = '', c = '', d = ''] = names
      if (is_place === 1) sites.set(low, high, this.keys.site({ site: a, province: b, zone: c }))
      else
        kinds.set(
          low,
          high,
          this.keys.kind({ feed, source: a, direction: b, documentType: c, vehicleClass: d }),
        )
    }
  }
}
