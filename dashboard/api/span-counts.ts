import minutesOfHours from '../../sql/queries/minutes-of-hours.ts'
import totals from '../../sql/queries/totals.ts'
import type { Instants } from './explore-reading.ts'
import type { Reader } from './reader.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
/** How long the minutes of an hour that has passed are kept: late records and corrections then count. */
const minutesFreshMs = 60_000

export interface SpanCount {
  readonly count: number
  readonly people: number
}

/** By feed, the minutes that have records; at_ms: start of the minute, ms UTC. */
type Minutes = ReadonlyMap<string, readonly (SpanCount & { readonly at_ms: number })[]>

/**
 * Counts the records of each feed in spans that begin and end anywhere, exact to the minute: whole hours from the rollup, and of the hours that a
 * span cuts the minutes, which are read from the records once a minute and not with every question. The hour of `now` counts whole: nothing
 * of it has come that is not in the span.
 */
export class SpanCounter {
  readonly #reader: Reader
  readonly #hours = new Map<number, { readonly readAt: number; readonly minutes: Minutes }>()

  constructor(reader: Reader) {
    this.#reader = reader
  }

  /** By feed, a count for each of the spans (ms UTC), of which at most five hours before that of `now` are cut. */
  async count(
    feeds: readonly string[],
    spans: readonly Instants[],
    now: number,
  ): Promise<ReadonlyMap<string, readonly SpanCount[]>> {
    const running = Math.floor(now / hourMs) * hourMs
    const whole = spans.map(({ from, to }) => ({
      from: Math.ceil(from / hourMs) * hourMs,
      to: to > running ? running + hourMs : Math.floor(to / hourMs) * hourMs,
    }))
    const cut = [
      ...new Set(spans.flatMap(({ from, to }) => [from, to]).map((at) => at - (at % hourMs))),
    ].filter((hour) => hour < running && spans.some(({ from, to }) => isCut(hour, from) || isCut(hour, to)))
    const [rows] = await Promise.all([
      this.#reader.rows(totals, { froms: whole.map(({ from }) => from), tos: whole.map(({ to }) => to) }),
      this.#readMinutes(cut),
    ])
    const countOf = (feed: string, { from, to }: Instants, place: number): SpanCount => {
      const hours = rows.find((row) => row.feed === feed && row.span === place + 1)
      let { count, people } = hours ?? { count: 0, people: 0 }
      const [first, end] = [from - (from % minuteMs), to - (to % minuteMs)]
      for (const hour of cut)
        if (isCut(hour, from) || isCut(hour, to))
          for (const minute of this.#hours.get(hour)?.minutes.get(feed) ?? [])
            if (minute.at_ms >= first && minute.at_ms < end) {
              count += minute.count
              people += minute.people
            }
      return { count, people }
    }
    return new Map(feeds.map((feed) => [feed, spans.map((span, place) => countOf(feed, span, place))]))
  }

  async #readMinutes(hours: readonly number[]): Promise<void> {
    const askedAt = performance.now()
    for (const known of this.#hours.keys()) if (!hours.includes(known)) this.#hours.delete(known)
    const stale = hours.filter(
      (hour) => askedAt - (this.#hours.get(hour)?.readAt ?? -Infinity) > minutesFreshMs,
    )
    if (stale.length === 0) return
    const [hour_1 = 0, hour_2 = 0, hour_3 = 0, hour_4 = 0, hour_5 = 0] = stale
    const rows = await this.#reader.rows(minutesOfHours, { hour_1, hour_2, hour_3, hour_4, hour_5 })
    for (const hour of stale) {
      const own = rows.filter(({ at_ms }) => at_ms >= hour && at_ms < hour + hourMs)
      this.#hours.set(hour, { readAt: askedAt, minutes: Map.groupBy(own, ({ feed }) => feed) })
    }
  }
}

/** Whether an instant lies within an hour, not at its start. */
const isCut = (hour: number, at: number): boolean => at > hour && at < hour + hourMs
