import type { ReferenceRow } from '../feeds/log-subjects.ts'
import type { Reference } from './reference.ts'

/** Where a site or premises is. zone: `border`, `transit`, `tourist`, `interior`, or empty; kind: `premises` for a lodging. */
export interface Place {
  readonly lat: number
  readonly lon: number
  readonly province: string
  readonly district: string
  readonly zone: string
  readonly kind: string
  readonly class: string
}

/** A point on the earth, degrees. */
export interface Position {
  readonly lat: number
  readonly lon: number
}

const day = 86_400_000
const hour = 3_600_000
/** Thailand keeps one time all year. */
const localOffset = 7 * hour

/** Where a site or premises was at `at` (ms UTC); undefined when no row with a position held then. */
export function placeAt(reference: Reference, id: string, at: number): Place | undefined {
  const row = rowOf(reference, id, at)
  const [lat, lon] = [row?.['lat'], row?.['lon']]
  if (row === undefined || typeof lat !== 'number' || typeof lon !== 'number') return undefined
  return {
    lat,
    lon,
    province: text(row, 'province'),
    district: text(row, 'district'),
    zone: zoneOf(reference, id, at),
    kind: reference.sites.at(id, at) === undefined ? 'premises' : text(row, 'kind'),
    class: text(row, 'class'),
  }
}

/** Position alone of a site or premises at `at` (ms UTC), for what is asked for every record. */
export function positionAt(reference: Reference, id: string, at: number): Position | undefined {
  const row = rowOf(reference, id, at)
  const [lat, lon] = [row?.['lat'], row?.['lon']]
  return typeof lat === 'number' && typeof lon === 'number' ? { lat, lon } : undefined
}

/** Great-circle distance, km (haversine, mean radius 6,371 km). */
export function distanceKm(a: Position, b: Position): number {
  const rad = Math.PI / 180
  const dLat = (b.lat - a.lat) * rad
  const dLon = (b.lon - a.lon) * rad
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2
  return 12_742 * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** Whether a site or premises lay in a high-risk district at `at` (ms UTC). */
export function highRisk(reference: Reference, id: string, at: number): boolean {
  return districtAt(reference, id, at)?.['highRisk'] === true
}

/** Zone of a site or premises: its own, else that of its district; empty when neither is known. */
export function zoneOf(reference: Reference, id: string, at: number): string {
  const row = rowOf(reference, id, at)
  return (row && text(row, 'zone')) || text(districtAt(reference, id, at), 'zone')
}

/**
 * Days that a holder may stay who enters at `at` (ms UTC): the row for the nationality, else the pass rule of a
 * neighbour, else the row for the document whatever the nationality. undefined: no rule is known.
 */
export function permittedDays(
  reference: Reference,
  nationality: string,
  documentType: string,
  at: number,
): number | undefined {
  const row =
    reference.stays.at(`${nationality}:${documentType}`, at) ??
    reference.passRules.at(`${nationality}:${documentType}`, at) ??
    reference.stays.at(`*:${documentType}`, at)
  const days = row?.['days']
  return typeof days === 'number' ? days : undefined
}

/** Whether a site is open at `at` (ms UTC); one without known hours counts as open. */
export function isOpen(reference: Reference, site: string, at: number): boolean {
  const span = openHours(reference.hours.at(site, at))
  if (span === undefined) return true
  const time = (at + localOffset) % day
  return span.from < span.to
    ? span.from <= time && time < span.to
    : span.from !== span.to && (time >= span.from || time < span.to)
}

/** Whether a site is closed at `at` (ms UTC) because it was ordered, and not as every night. */
export function closedByOrder(reference: Reference, site: string, at: number): boolean {
  return reference.hours.at(site, at)?.['reason'] === 'ordered' && !isOpen(reference, site, at)
}

/** The holiday on a local day (YYYY-MM-DD), if there is one. */
export function holidayOf(reference: Reference, localDay: string): ReferenceRow | undefined {
  const rows = reference.holidays.spans(localDay)
  const start = Date.parse(`${localDay}T00:00:00Z`) - localOffset
  return rows.findLast(({ from, to }) => from <= start && start < to)?.row
}

/** The local day of an instant (ms UTC), YYYY-MM-DD. */
export function localDayOf(at: number): string {
  return new Date(at + localOffset).toISOString().slice(0, 10)
}

/** Usual vehicles an hour past a camera at that time of day; undefined when it is not known. */
export function flowOf(reference: Reference, camera: string, at: number): number | undefined {
  const row = reference.cameras.at(camera, at)
  const time = (at + localOffset) % day
  const flow = row?.[time >= 6 * hour && time < 22 * hour ? 'flowDay' : 'flowNight']
  return typeof flow === 'number' ? flow : undefined
}

function rowOf(reference: Reference, id: string, at: number): ReferenceRow | undefined {
  return reference.sites.at(id, at) ?? reference.premises.at(id, at)
}

function districtAt(reference: Reference, id: string, at: number): ReferenceRow | undefined {
  const row = rowOf(reference, id, at)
  return row && reference.districts.at(`${text(row, 'province')}/${text(row, 'district')}`, at)
}

function text(row: ReferenceRow | undefined, field: string): string {
  const value = row?.[field]
  return typeof value === 'string' ? value : ''
}

/** Opening and closing time of a row of `hours`, ms of the local day; equal when closed; undefined when not known. */
function openHours(row: ReferenceRow | undefined): { from: number; to: number } | undefined {
  const hours = text(row, 'hours')
  if (hours === '24h') return { from: 0, to: day }
  if (hours === 'closed') return { from: 0, to: 0 }
  const [, h1, m1, h2, m2] = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(hours) ?? []
  if (h1 === undefined) return undefined
  const ms = (h: string | undefined, m: string | undefined): number => Number(h) * hour + Number(m) * 60_000
  return { from: ms(h1, m1), to: ms(h2, m2) }
}
