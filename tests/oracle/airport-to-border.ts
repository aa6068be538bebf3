import type { ReferenceRow } from '../../ingest/feeds/log-subjects.ts'
import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { byTraveller, crossed, settled, type OracleFinding } from './oracle.ts'

export type AirportToBorderParams = {
  readonly withinMs: number
  readonly confirmMs: number
  readonly minConfidence: number
  readonly assumedNights: number
  readonly documentTypes: readonly string[]
}

/** Rows by table, each valid for ever. */
export interface AirportToBorderPlaces {
  readonly sites: readonly ReferenceRow[]
  readonly premises: readonly ReferenceRow[]
  readonly districts: readonly ReferenceRow[]
}

/** From the airport to the border: every arrival against every record there is, by asking each of them whether it counts. */
export function airportToBorder(
  events: readonly TestEvent[],
  params: AirportToBorderParams,
  places: AirportToBorderPlaces,
  now: number,
  forGood: (entry: TestEvent) => boolean = () => false,
): OracleFinding[] {
  const every = settled(events)
  const reads = new Map<bigint, TestEvent[]>()
  for (const e of every) {
    if (e.feed !== 'sightings' || e.vehicle === undefined || e.vehicle === 0n) continue
    const known = reads.get(e.vehicle)
    if (known === undefined) reads.set(e.vehicle, [e])
    else known.push(e)
  }
  const rows = new Map([...places.premises, ...places.sites].map((row) => [row.id, row]))
  const risks = new Set(places.districts.filter(({ highRisk }) => highRisk === true).map(({ id }) => id))
  const placeOf = (e: TestEvent): ReferenceRow | undefined => rows.get(e.site ?? 'S1')
  const provinceOf = (e: TestEvent): string => String(placeOf(e)?.['province'])
  const risky = (e: TestEvent): boolean => risks.has(`${provinceOf(e)}/${String(placeOf(e)?.['district'])}`)
  return [...byTraveller(every)].flatMap(([traveller, own]) => {
    if (!own.some(landed)) return []
    const cars = new Set(own.map(({ vehicle }) => vehicle ?? 0n))
    const sightings = [...cars].flatMap((car) => reads.get(car) ?? [])
    const all = ordered([...own, ...sightings])
    return all.flatMap((arrival, i) => (landed(arrival) ? lost(traveller, all, i) : []))
  })

  function landed(e: TestEvent): boolean {
    return (
      e.feed === 'crossings' &&
      (e.direction ?? 'entry') === 'entry' &&
      e.mode === 'air' &&
      e.outcome !== 'refused' &&
      !forGood(e) &&
      params.documentTypes.includes(e.documentType ?? 'passport')
    )
  }

  function lost(traveller: bigint, all: readonly TestEvent[], i: number): OracleFinding[] {
    const arrival = all[i] as TestEvent
    const isOwn = (e: TestEvent): boolean => e.feed !== 'sightings'
    const confirmAt = arrival.at + Math.max(params.confirmMs, params.withinMs)
    const next = all.slice(i + 1).find((e) => isOwn(e) && crossed(e))
    if (next?.direction === 'exit' && next.at <= confirmAt) return []
    const before = (e: TestEvent): boolean => next === undefined || all.indexOf(e) < all.indexOf(next)
    const carries = all.filter(
      (e) => e.feed === 'crossings' && isOwn(e) && all.indexOf(e) >= i && before(e) && e.at <= confirmAt,
    )
    const inCar = (e: TestEvent): boolean =>
      e.feed === 'sightings' &&
      (e.vehicle ?? 0n) !== 0n &&
      Math.round((e.confidence ?? 1) * 255) / 255 >= params.minConfidence &&
      e.vehicleClass !== 'bus' &&
      (next === undefined || e.at <= next.at) &&
      carries.some((one) => one.vehicle === e.vehicle && one.at <= e.at)
    const seen = all.filter(
      (e) =>
        e.at <= confirmAt &&
        placeOf(e) !== undefined &&
        (inCar(e) || (e !== arrival && e.direction === 'check' && carries.includes(e))),
    )
    const stays = all.filter(
      (e) =>
        e.feed === 'registrations' &&
        isOwn(e) &&
        e.at <= confirmAt &&
        (e.until ?? e.at + params.assumedNights * 86_400_000) >= arrival.at,
    )
    const signs = seen.filter(
      (e) =>
        risky(e) &&
        e.at <= arrival.at + params.withinMs &&
        provinceOf(e) !== (arrival.declaredProvince ?? '') &&
        !stays.some((stay) => provinceOf(stay) === provinceOf(e)),
    )
    const [last] = signs.slice(-1)
    if (last === undefined) return []
    const missing = now >= confirmAt && stays.length === 0 && risky(seen.at(-1) as TestEvent)
    return [
      {
        rule: 'airport-to-border',
        key: hex64(traveller),
        start: arrival.at,
        end: missing ? confirmAt : last.at,
        events: [arrival, ...signs].map((e) => hex64(eventKeyOf(e))),
      },
    ]
  }
}

function ordered(events: readonly TestEvent[]): TestEvent[] {
  return [...events].sort((a, b) => a.at - b.at || (eventKeyOf(a) < eventKeyOf(b) ? -1 : 1))
}
