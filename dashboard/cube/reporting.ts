import { Buckets, type Width } from './buckets.ts'
import type { Cube } from './cube.ts'
import { onHour, wantedOf, type CubeQuestion } from './question.ts'

/** Records of a feed that came in a bucket. */
export interface Reported {
  readonly feed: string
  /** Start of the bucket, ms UTC. */
  readonly at_ms: number
  readonly count: number
}

/** How many records of each feed came from some places in each hour or local day that had any: the rows of explore-reporting.sql. */
export async function reportingOf(
  cube: Cube,
  question: Pick<CubeQuestion, 'feeds' | 'from' | 'to' | 'filter'>,
  width: Width,
): Promise<Reported[]> {
  const { feeds, from, to } = question
  const buckets = new Buckets(from, to, width)
  const { sites, all } = wantedOf(cube.keys, question)
  const rows: Reported[] = []
  for (const feed of feeds) {
    const counts = new Float64Array(buckets.times.length)
    for await (const [hour, { length, records, site, count }] of cube.slices(
      feed,
      onHour(from),
      onHour(to),
    )) {
      let sum = all ? records : 0
      if (!all) for (let i = 0; i < length; i++) if (sites[site[i] as number] === 1) sum += count[i] as number
      const bucket = buckets.indexOf(hour)
      counts[bucket] = (counts[bucket] as number) + sum
    }
    buckets.times.forEach((at_ms, i) => {
      const sum = counts[i] as number
      if (sum > 0) rows.push({ feed, at_ms, count: sum })
    })
  }
  return rows
}
