/** Rows of one answer of /api/volumes as columns: cell i of each makes row i. */
export interface VolumeColumns {
  readonly length: number
  /** Start of the bucket, ms UTC. */
  readonly time: Float64Array
  readonly site: readonly string[]
  readonly kind: readonly string[]
  readonly feed: readonly string[]
  readonly count: Float64Array
}

export interface Series {
  /** Site or direction; '' is what is left over. */
  readonly id: string
  readonly total: number
}

/** Counts by bucket and series: `values[s][b]`, buckets ascending and without holes. */
export interface Stack {
  readonly times: readonly number[]
  /** End of the last bucket, ms UTC. */
  readonly end: number
  readonly series: readonly Series[]
  readonly values: readonly Float64Array[]
  /** How many sites or directions the left-over holds. */
  readonly restOf: number
  readonly total: number
}

export interface StackOptions {
  readonly split: 'site' | 'kind'
  /** Most series drawn apart from the left-over. */
  readonly top: number
  /** Starts of all buckets of the span, ascending, and the end of the last: empty ones are zeros, not holes. */
  readonly buckets: readonly number[]
  readonly end: number
}

/** The largest `top` series by total (ties by id), the rest added up. Rows outside the buckets are left out. */
export function stackOf(columns: VolumeColumns, { split, top, buckets, end }: StackOptions): Stack {
  const key = split === 'site' ? columns.site : columns.kind
  const at = new Map(buckets.map((time, i) => [time, i]))
  const totals = new Map<string, number>()
  for (let i = 0; i < columns.length; i++)
    if (at.has(columns.time[i] as number))
      totals.set(key[i] as string, (totals.get(key[i] as string) ?? 0) + (columns.count[i] as number))
  const ranked = [...totals]
    .filter(([, total]) => total > 0)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  // One series too many is better drawn than called "other".
  const shown = ranked.slice(0, ranked.length === top + 1 ? top + 1 : top)
  const rest = ranked.slice(shown.length)
  const index = new Map(shown.map(([id], i) => [id, i]))
  const series = shown.map(([id, total]) => ({ id, total }))
  if (rest.length > 0) series.push({ id: '', total: rest.reduce((sum, [, total]) => sum + total, 0) })
  const values = series.map(() => new Float64Array(buckets.length))
  for (let i = 0; i < columns.length; i++) {
    const bucket = at.get(columns.time[i] as number)
    const cells = values[index.get(key[i] as string) ?? shown.length]
    if (bucket !== undefined && cells !== undefined)
      cells[bucket] = (cells[bucket] as number) + (columns.count[i] as number)
  }
  const total = series.reduce((sum, { total }) => sum + total, 0)
  return { times: buckets, end, series, values, restOf: rest.length, total }
}
