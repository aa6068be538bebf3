import type { ReferenceRow } from '../../ingest/feeds/log-subjects.ts'
import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { byTraveller, settled, type OracleFinding } from './oracle.ts'

export type ImpossibleTravelParams = {
  readonly airKmh: number
  readonly landKmh: number
  readonly flightMs: number
  readonly skewMs: number
  readonly minKm: number
  readonly withinMs: number
  readonly documentTypes: readonly string[]
}

/** Impossible travel: every pair of neighbours, with distances over the chord of the sphere, then the pairs that touch. */
export function impossibleTravel(
  events: readonly TestEvent[],
  params: ImpossibleTravelParams,
  sites: readonly ReferenceRow[],
): OracleFinding[] {
  const rows = new Map(sites.map((row) => [row.id, row]))
  const rowOf = (e: TestEvent): ReferenceRow | undefined => rows.get(e.site ?? 'S1')
  const shown = settled(events).filter(
    (e) =>
      e.feed === 'crossings' &&
      params.documentTypes.includes(e.documentType ?? 'passport') &&
      rowOf(e) !== undefined,
  )
  return [...byTraveller(shown)].flatMap(([traveller, own]) => {
    const runs: TestEvent[][] = []
    own.slice(1).forEach((b, i) => {
      const a = own[i] as TestEvent
      if (!outOfReach(a, b)) return
      const run = runs.find((one) => one.at(-1) === a)
      if (run === undefined) runs.push([a, b])
      else run.push(b)
    })
    return runs.map((run) => ({
      rule: 'impossible-travel',
      key: hex64(traveller),
      start: (run[0] as TestEvent).at,
      end: (run.at(-1) as TestEvent).at,
      events: run.map((e) => hex64(eventKeyOf(e))),
    }))
  })

  function outOfReach(a: TestEvent, b: TestEvent): boolean {
    if (b.at - a.at > params.withinMs) return false
    const [from, to] = [rowOf(a) as ReferenceRow, rowOf(b) as ReferenceRow]
    const km = chordKm(from, to)
    if (km < params.minKm) return false
    const error = (row: ReferenceRow): number => ({ A: 5, B: 3 })[String(row['positionConfidence'])] ?? 10
    const sure = Math.max(0, km - error(from) - error(to))
    const hours = (b.at - a.at + params.skewMs) / 3_600_000
    const flown =
      a.mode === 'air' || b.mode === 'air' || from['kind'] === 'airport' || to['kind'] === 'airport'
    if (flown) return hours * params.airKmh < sure
    return hours * params.landKmh < sure && (hours - params.flightMs / 3_600_000) * params.airKmh < sure
  }
}

/** Distance over the straight line through the earth (radius 6,371 km) between two points on it. */
function chordKm(a: ReferenceRow, b: ReferenceRow): number {
  const point = (row: ReferenceRow): [number, number, number] => {
    const [lat, lon] = [(Number(row['lat']) * Math.PI) / 180, (Number(row['lon']) * Math.PI) / 180]
    return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)]
  }
  const [p, q] = [point(a), point(b)]
  return 2 * 6371 * Math.asin(Math.min(1, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) / 2))
}
