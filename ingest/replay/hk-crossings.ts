import type { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { CountedVolume, ReferenceRow } from '../feeds/log-subjects.ts'
import { DataError } from './hotel-bookings.ts'
import { dayNumber, instantIn } from './local-instant.ts'

const dayMs = 86_400_000

/** A control point of Hong Kong as it is named in the data; one that was renamed is two. */
export interface ControlPoint {
  readonly site: string
  readonly name: string
}

export interface DailyCrossings {
  readonly points: readonly ControlPoint[]
  readonly volumes: readonly CountedVolume[]
  /** First and last day, YYYY-MM-DD. */
  readonly from: string
  readonly to: string
}

/** `Lo Wu` → `HK-lo-wu`. */
export const siteOf = (name: string): string =>
  `HK-${name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}`

/**
 * Passengers a day, control point and direction (arrival = entry), as counted volumes of the feed `crossings`; a volume
 * starts at local midnight of its date in `timeZone`. Throws {@link DataError} naming the row and column.
 */
export async function readDailyCrossings(csv: Readable, timeZone: string): Promise<DailyCrossings> {
  const at = instantIn(timeZone)
  const points = new Map<string, ControlPoint>()
  const volumes: CountedVolume[] = []
  let [first, last] = [Infinity, -Infinity]
  let row = 0
  const parser = csv.pipe(parse({ columns: true, bom: true }))
  csv.on('error', (error) => parser.destroy(error))
  for await (const record of parser as AsyncIterable<Record<string, string>>) {
    row++
    const [, dd, mm, yyyy] = /^(\d\d)-(\d\d)-(\d{4})$/.exec(record['Date'] ?? '') ?? []
    if (yyyy === undefined) throw new DataError(`Row ${row}, column Date: dd-mm-yyyy was expected.`)
    const kind = { Arrival: 'entry', Departure: 'exit' }[record['Arrival / Departure'] ?? '']
    if (kind === undefined)
      throw new DataError(`Row ${row}, column Arrival / Departure: Arrival or Departure was expected.`)
    const count = Number(record['Total'] || Number.NaN)
    if (!Number.isSafeInteger(count) || count < 0)
      throw new DataError(`Row ${row}, column Total: a whole number was expected.`)
    const name = record['Control Point'] ?? ''
    const site = siteOf(name)
    points.set(site, { site, name })
    const day = dayNumber(Number(yyyy), Number(mm), Number(dd))
    first = Math.min(first, day)
    last = Math.max(last, day)
    volumes.push({ feed: 'crossings', site, kind, at: at(day, 0), spanMs: dayMs, count })
  }
  if (row === 0) throw new DataError('The file has no rows.')
  return { points: [...points.values()], volumes, from: date(first), to: date(last) }
}

const date = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

/** The control points as rows of reference data, so that charts show their names. */
export function siteRows(points: readonly ControlPoint[]): ReferenceRow[] {
  return points.map(({ site, name }) => ({
    id: site,
    name: `${name}, Hong Kong`,
    nameTh: '',
    kind: 'checkpoint',
    province: 'Hong Kong',
    district: '',
    neighbour: '',
    lat: null,
    lon: null,
    positionConfidence: '',
    class: 'counted',
    hours: '',
    zone: '',
    validFrom: '2000-01-01',
    validTo: null,
    source: 'hk-crossings',
    owner: 'replay',
  }))
}
