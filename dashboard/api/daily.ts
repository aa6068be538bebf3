import { feeds, type Daily, type DailySite, type Feed } from './shapes.ts'
import type { Named } from './alert-item.ts'

/** Volumes and alerts of one day (`day` 1) and of the same weekday of the four weeks before it (2 to 5), as SQL gives them. */
export interface DailyRows {
  readonly hours: readonly {
    day: number
    feed: string
    kind: string
    time: number
    /** 1: counted by the day, no matter in which hour. */
    of_day: number
    count: number
    people: number
  }[]
  readonly sites: readonly { day: number; feed: string; site: string; count: number }[]
  readonly alerts: readonly { day: number; rule: string; class: string; count: number }[]
  /** First hour with anything in it, by feed. */
  readonly firsts: readonly { feed: string; first_at: number }[]
}

export interface Day {
  readonly date: string
  readonly from: number
  readonly to: number
}

/** A number of the day beside the same weekday of the last four weeks. */
type Usual = Pick<DailySite, 'count' | 'sameWeekday' | 'usual' | 'ratio'>

const hourMs = 3_600_000
const listed = 10
/** Below this, a doubled count is a handful of people and no change. */
const worthComparing = 20

/** The numbers of a daily summary: `days` has the day itself first, then one to four weeks before. Pure. */
export function summarise(
  rows: DailyRows,
  days: readonly [Day, ...Day[]],
  words: { nameOf: (site: string) => Named; titleOf: (rule: string) => Named },
): Pick<Daily, 'totals' | 'alertsByRule' | 'busiestSites' | 'mostChangedSites' | 'hourly'> {
  const firstOf = (feed: string): number =>
    rows.firsts.find((first) => first.feed === feed)?.first_at ?? Infinity
  const firstOfAny = Math.min(Infinity, ...rows.firsts.map(({ first_at }) => first_at))

  const beside = (counts: ReadonlyMap<number, number>, first: number): Usual => {
    const count = counts.get(1) ?? 0
    // The day on which records began holds a part of a day only: it says as little about what is usual as those before it.
    const sameWeekday = days.slice(1).map(({ date, from }, i) => ({
      date,
      count: from < first ? null : (counts.get(i + 2) ?? 0),
    }))
    const usual = mean(sameWeekday.map((past) => past.count))
    return { count, sameWeekday, usual, ratio: usual ? count / usual : null }
  }

  const totals = feeds.flatMap((feed) => {
    const own = rows.hours.filter((row) => row.feed === feed)
    const kinds = [...new Set(own.map(({ kind }) => kind))].filter((kind) => kind !== '').sort()
    return ['', ...kinds].map((kind) => {
      const some = kind === '' ? own : own.filter((row) => row.kind === kind)
      const people = some.filter(({ day }) => day === 1).reduce((sum, row) => sum + row.people, 0)
      return {
        feed,
        kind,
        people,
        ...beside(
          sumBy(some, ({ day }) => day),
          firstOf(feed),
        ),
      }
    })
  })

  const alertsByRule = [...Map.groupBy(rows.alerts, ({ rule }) => rule)]
    .map(([rule, own]) => ({
      rule,
      title: words.titleOf(rule),
      class: (own[0]?.class ?? '') as Daily['alertsByRule'][number]['class'],
      ...beside(
        sumBy(own, ({ day }) => day),
        firstOfAny,
      ),
    }))
    .sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1))

  const sites: DailySite[] = [...Map.groupBy(rows.sites, ({ feed, site }) => `${feed} ${site}`).values()].map(
    (own) => {
      const { feed, site } = own[0] as (typeof own)[number]
      return {
        feed: feed as Feed,
        site,
        siteName: words.nameOf(site),
        ...beside(
          sumBy(own, ({ day }) => day),
          firstOf(feed),
        ),
      }
    },
  )

  return {
    totals,
    alertsByRule,
    busiestSites: sites
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || byName(a, b))
      .slice(0, listed),
    mostChangedSites: sites
      .filter(
        ({ count, usual, ratio }) =>
          ratio !== null && ratio !== 1 && Math.max(count, usual ?? 0) >= worthComparing,
      )
      .sort((a, b) => change(b) - change(a) || byName(a, b))
      .slice(0, listed),
    hourly: feeds.flatMap((feed) => hoursOf(feed)),
  }

  function hoursOf(feed: Feed): Daily['hourly'] {
    const own = rows.hours.filter((row) => row.feed === feed && row.of_day === 0)
    const [today, ...past] = days
    const first = firstOf(feed)
    const counts = sumBy(own, ({ time }) => time)
    const hours = Math.round((today.to - today.from) / hourMs)
    return Array.from({ length: hours }, (_, hour) => ({
      feed,
      hour,
      time: today.from + hour * hourMs,
      count: counts.get(today.from + hour * hourMs) ?? 0,
      usual: mean(
        past
          .map((day) => day.from + hour * hourMs)
          .map((time) => (time < first ? null : (counts.get(time) ?? 0))),
      ),
    }))
  }
}

const byName = (a: DailySite, b: DailySite): number => (a.site < b.site ? -1 : 1)

/** How far a ratio is from 1, as a factor either way: half and double are alike; nothing at all is furthest. */
const change = ({ ratio, usual }: DailySite): number =>
  ratio === 0 ? Math.log(2 * (usual ?? 1)) : Math.abs(Math.log(ratio ?? 1))

function sumBy<T extends { count: number }>(
  rows: readonly T[],
  keyOf: (row: T) => number,
): Map<number, number> {
  const sums = new Map<number, number>()
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.count)
  return sums
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
