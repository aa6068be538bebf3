import type { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { ReferenceRow } from '../feeds/log-subjects.ts'
import type { Registration } from '../feeds/registrations.ts'
import { dayNumber, instantIn } from './local-instant.ts'

/** The two hotels of the data set as premises; the capacity holds when the command line gives none (an assumption). */
export const hotels = {
  'resort-hotel': { name: 'Resort Hotel', nameTh: 'โรงแรมรีสอร์ต (ข้อมูลจริง)', defaultCapacity: 400 },
  'city-hotel': { name: 'City Hotel', nameTh: 'โรงแรมในเมือง (ข้อมูลจริง)', defaultCapacity: 500 },
} as const
export type HotelId = keyof typeof hotels
export const hotelIds = Object.keys(hotels) as readonly HotelId[]

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] // prettier-ignore

/** The data set is not what it is known to be: which row, which column, what was expected. */
export class DataError extends Error {
  readonly code = 'DATA'
}

/** Id of a hotel by its name in the data set or by the id itself; undefined when it is neither. */
export function hotelId(text: string): HotelId | undefined {
  const slug = text
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
  return hotelIds.find((id) => id === slug)
}

/**
 * The bookings that were kept (not cancelled, at least one guest) as registrations, by day of arrival and then by row. The
 * id is the number of the data row in the file, counted from 1. Present from noon of the arrival to noon of the departure in
 * `timeZone`; a stay of no nights begins and ends at the same noon. Throws {@link DataError}.
 */
export async function readBookings(csv: Readable, timeZone: string): Promise<Registration[]> {
  const at = instantIn(timeZone)
  const kept: { arrival: number; registration: Registration }[] = []
  let row = 0
  const parser = csv.pipe(parse({ columns: true, bom: true }))
  csv.on('error', (error) => parser.destroy(error))
  for await (const record of parser as AsyncIterable<Record<string, string>>) {
    row++
    const count = (column: string): number => countIn(record, column, row)
    if (count('is_canceled') !== 0) continue
    const partySize = count('adults') + count('children') + count('babies')
    if (partySize < 1) continue
    const premises = hotelId(record['hotel'] ?? '')
    if (premises === undefined) throw new DataError(`Row ${row}: hotel "${record['hotel']}" is not known.`)
    const month = months.indexOf(record['arrival_date_month'] ?? '') + 1
    const arrival = dayNumber(count('arrival_date_year'), month, count('arrival_date_day_of_month'))
    const nights = count('stays_in_weekend_nights') + count('stays_in_week_nights')
    kept.push({
      arrival,
      registration: {
        id: String(row),
        premises,
        checkInAt: new Date(at(arrival, 12)).toISOString(),
        checkOutAt: new Date(at(arrival + nights, 12)).toISOString(),
        partySize,
      },
    })
  }
  // Array.sort is stable: rows of one day keep their order.
  return kept.sort((a, b) => a.arrival - b.arrival).map(({ registration }) => registration)
}

/** Capacities as `City Hotel=200` or `city-hotel=200`. Throws RangeError that says how to write one. */
export function parseCapacities(texts: readonly string[]): Record<HotelId, number> {
  const capacities = Object.fromEntries(hotelIds.map((id) => [id, hotels[id].defaultCapacity])) as Record<
    HotelId,
    number
  >
  for (const text of texts) {
    const [, name = '', number = ''] = /^(.*)=(\d{1,6})$/.exec(text) ?? []
    const id = hotelId(name)
    if (id === undefined || Number(number) < 1)
      throw new RangeError(
        `--capacity "${text}" cannot be used; write ${hotelIds.map((one) => `--capacity "${hotels[one].name}=200"`).join(' or ')}.`,
      )
    capacities[id] = Number(number)
  }
  return capacities
}

/** The hotels as rows of reference data. */
export function premisesRows(capacities: Readonly<Record<HotelId, number>>): ReferenceRow[] {
  return hotelIds.map((id) => ({
    id,
    name: hotels[id].name,
    nameTh: hotels[id].nameTh,
    licensed: true,
    capacity: capacities[id],
    validFrom: '2000-01-01',
    validTo: null,
    source: 'hotel-bookings',
    owner: 'replay',
  }))
}

function countIn(record: Readonly<Record<string, string>>, column: string, row: number): number {
  const text = record[column]
  if (column === 'children' && text === 'NA') return 0
  if (text === undefined || !/^\d+(\.0+)?$/.test(text))
    throw new DataError(`Row ${row}, column ${column}: a whole number was expected.`)
  return Number(text)
}
