import type { Measure } from '../../../api/explore-measures.ts'

/** One row of /api/explore/series. */
export interface SeriesRow {
  /** Start of the bucket, ms UTC. */
  readonly time: number
  /** 0: the span; 1: what it is compared with. */
  readonly period: number
  readonly rank: number
  readonly label: string
  readonly value: number
  readonly base: number
  readonly labels: number
}

export interface ExploreSeries {
  /** Value of the dimension; null: the whole, or what is left over. */
  readonly id: string | null
  readonly rest: boolean
  readonly total: number
  /** By bucket; NaN where a share has no records or the bucket lies ahead. */
  readonly values: Float64Array
}

/** What the chart, its table and its tip show. Buckets ascend without holes. */
export interface ExploreData {
  readonly times: readonly number[]
  readonly end: number
  readonly kind: Measure['kind']
  readonly series: readonly ExploreSeries[]
  /** The compared span bucket by bucket, null where there is none. */
  readonly before: Float64Array | null
  readonly beforeTimes: readonly number[]
  /** How many values the left-over holds. */
  readonly restOf: number
  /** Of the whole span: sum, share, or last level. */
  readonly total: number
  /** Over the buckets that can be compared: not under way, without a gap or a time before the first record on either side. null: none. */
  readonly compared: { readonly now: number; readonly before: number; readonly buckets: number } | null
}

export interface ExploreLayout {
  readonly starts: readonly number[]
  readonly end: number
  readonly beforeStarts: readonly number[]
  readonly beforeEnd: number
  readonly kind: Measure['kind']
  /** Values told apart; 0: not split. The rank of that number is what is left over. */
  readonly top: number
  readonly now: number
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
  /** When the youngest feed began: a bucket that began before it is compared with nothing. null: unknown. */
  readonly since: number | null
}

/** Rows put on the buckets of a span. */
export function exploreData(rows: readonly SeriesRow[], layout: ExploreLayout): ExploreData {
  const { starts, end, beforeStarts, kind, top, now } = layout
  const ranks = [...new Set(rows.filter(({ period }) => period === 0).map(({ rank }) => rank))].sort(
    (a, b) => a - b,
  )
  const most = Math.max(0, ...rows.filter(({ period }) => period === 0).map(({ labels }) => labels))
  const onBuckets = (own: readonly SeriesRow[], at: readonly number[]) => {
    const index = new Map(at.map((time, i) => [time, i]))
    const values = new Float64Array(at.length)
    const bases = new Float64Array(at.length)
    const seen = new Uint8Array(at.length)
    for (const { time, value, base } of own) {
      const i = index.get(time)
      if (i === undefined) continue
      values[i] = value
      bases[i] = base
      seen[i] = 1
    }
    if (kind === 'level') carry(values, seen)
    if (kind === 'share') values.forEach((value, i) => (values[i] = share(value, bases[i] as number)))
    if (kind === 'share' || kind === 'level')
      for (let i = 0; i < at.length; i++) if ((at[i] as number) > now) values[i] = NaN
    return { values, bases }
  }
  const series = ranks.map((rank): ExploreSeries => {
    const own = rows.filter((row) => row.period === 0 && row.rank === rank)
    const label = own[0]?.label ?? ''
    const { values } = onBuckets(own, starts)
    const rest = top > 0 && rank >= top
    return {
      id: top > 0 && !rest ? label : null,
      rest,
      total: totalOf(own, values, kind),
      values,
    }
  })
  const old = rows.filter(({ period }) => period === 1)
  const before = beforeStarts.length === 0 ? null : onBuckets(old, beforeStarts).values
  // Before the first record nothing is known, which is not zero.
  const { since } = layout
  if (since !== null) before?.forEach((_, i) => ((beforeStarts[i] as number) < since ? (before[i] = NaN) : 0))
  const whole = rows.filter(({ period }) => period === 0)
  const rest = series.find((one) => one.rest)
  return {
    times: starts,
    end,
    kind,
    series,
    before,
    beforeTimes: beforeStarts,
    restOf: rest === undefined ? 0 : most - top,
    total:
      kind === 'share'
        ? share(sum(whole, 'value'), sum(whole, 'base'))
        : series.reduce((all, one) => all + one.total, 0),
    compared: before === null ? null : compare(rows, layout),
  }
}

function compare(rows: readonly SeriesRow[], layout: ExploreLayout): ExploreData['compared'] {
  const { starts, end, beforeStarts, beforeEnd, now, gaps, since, kind } = layout
  const cut = (from: number, to: number): boolean => gaps.some((gap) => gap.from < to && gap.to > from)
  const by = (period: number) => {
    const cells = new Map<number, { value: number; base: number }>()
    for (const row of rows)
      if (row.period === period) {
        const cell = cells.get(row.time) ?? { value: 0, base: 0 }
        cell.value += row.value
        cell.base += row.base
        cells.set(row.time, cell)
      }
    return cells
  }
  const [own, old] = [by(0), by(1)]
  const nothing = { value: 0, base: 0 }
  const a = { value: 0, base: 0 }
  const b = { value: 0, base: 0 }
  let buckets = 0
  for (let i = 0; i < Math.min(starts.length, beforeStarts.length); i++) {
    const [from, before] = [starts[i] as number, beforeStarts[i] as number]
    const to = starts[i + 1] ?? end
    if (since !== null && Math.min(from, before) < since) continue
    if (to > now || cut(from, to) || cut(before, beforeStarts[i + 1] ?? beforeEnd)) continue
    buckets++
    for (const [all, one] of [
      [a, own.get(from) ?? nothing],
      [b, old.get(before) ?? nothing],
    ] as const) {
      all.value += one.value
      all.base += one.base
    }
  }
  if (buckets === 0) return null
  if (kind === 'share') return { now: share(a.value, a.base), before: share(b.value, b.base), buckets }
  return { now: a.value, before: b.value, buckets }
}

function carry(values: Float64Array, seen: Uint8Array): void {
  for (let i = 1; i < values.length; i++) if (seen[i] === 0) values[i] = values[i - 1] as number
}

function totalOf(own: readonly SeriesRow[], values: Float64Array, kind: Measure['kind']): number {
  if (kind === 'share') return share(sum(own, 'value'), sum(own, 'base'))
  if (kind === 'level') return values.findLast((value) => !Number.isNaN(value)) ?? 0
  return sum(own, 'value')
}

function sum(rows: readonly SeriesRow[], field: 'value' | 'base'): number {
  return rows.reduce((all, row) => all + row[field], 0)
}

function share(value: number, base: number): number {
  return base > 0 ? value / base : NaN
}
