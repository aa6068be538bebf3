import type { ReferenceRow } from '../../ingest/feeds/log-subjects.ts'
import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { settled, type OracleFinding } from './oracle.ts'

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
  map: AirportToBorderPlaces,
  params: AirportToBorderParams,
  now: number,
): OracleFinding[] {
  const all = settled(events)
  const placeOf = (e: TestEvent): ReferenceRow | undefined =>
    [...map.sites, ...map.premises].find(({ id }) => id === (e.site ?? 'S1'))
  const provinceOf = (e: TestEvent): string => String(placeOf(e)?.['province'])
  const risky = (e: TestEvent): boolean => {
    const district = `${provinceOf(e)}/${String(placeOf(e)?.['district'])}`
    return map.districts.some(({ id, highRisk }) => id === district && highRisk === true)
  }
  const crossed = (e: TestEvent): boolean =>
    e.feed === 'crossings' && e.direction !== 'check' && !['refused', 'referred'].includes(e.outcome ?? '')
  return all.flatMap((arrival, i) => {
    const traveller = arrival.traveller ?? 0n
    const landed =
      traveller !== 0n &&
      arrival.feed === 'crossings' &&
      (arrival.direction ?? 'entry') === 'entry' &&
      arrival.mode === 'air' &&
      arrival.outcome !== 'refused' &&
      params.documentTypes.includes(arrival.documentType ?? 'passport')
    if (!landed) return []
    const own = (e: TestEvent): boolean => e.traveller === traveller
    const confirmAt = arrival.at + Math.max(params.confirmMs, params.withinMs)
    const next = all.slice(i + 1).find((e) => own(e) && crossed(e))
    if (next?.direction === 'exit' && next.at <= confirmAt) return []
    const before = (e: TestEvent): boolean => next === undefined || all.indexOf(e) < all.indexOf(next)
    const carries = all.filter(
      (e) => e.feed === 'crossings' && own(e) && all.indexOf(e) >= i && before(e) && e.at <= confirmAt,
    )
    const inCar = (e: TestEvent): boolean =>
      e.feed === 'sightings' &&
      (e.vehicle ?? 0n) !== 0n &&
      (e.confidence ?? 1) >= params.minConfidence &&
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
        own(e) &&
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
  })
}
