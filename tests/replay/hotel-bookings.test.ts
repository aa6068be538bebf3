import { Readable } from 'node:stream'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { Registration } from '../../ingest/feeds/registrations.ts'
import { findFile, hotelBookings, openData } from '../../ingest/replay/data-folder.ts'
import { parseCapacities, premisesRows, readBookings } from '../../ingest/replay/hotel-bookings.ts'
import { recount } from './recount.ts'

const columns =
  'hotel,is_canceled,arrival_date_year,arrival_date_month,arrival_date_day_of_month,stays_in_weekend_nights,stays_in_week_nights,adults,children,babies'
const csv = (...rows: string[]) => Readable.from([[columns, ...rows, ''].join('\n')])
const read = (...rows: string[]) => readBookings(csv(...rows), 'Asia/Bangkok')

describe('reading the hotel bookings', () => {
  test('a booking becomes a stay from noon to noon, named by its row', async () => {
    expect(await read('City Hotel,0,2016,February,28,2,1,2,1,1')).toEqual([
      {
        id: '1',
        premises: 'city-hotel',
        checkInAt: '2016-02-28T05:00:00.000Z',
        checkOutAt: '2016-03-02T05:00:00.000Z',
        partySize: 4,
      },
    ])
  })

  test('leaves out what was cancelled and what has no guest, and keeps counting rows', async () => {
    const bookings = await read(
      'Resort Hotel,1,2015,July,1,0,1,2,0,0',
      'Resort Hotel,0,2015,July,1,0,1,0,0,0',
      'Resort Hotel,0,2015,July,1,0,1,0,2,0',
    )
    expect(bookings.map(({ id }) => id)).toEqual(['3'])
  })

  test('takes NA children as none, and a stay of no nights', async () => {
    const [booking] = await read('Resort Hotel,0,2015,July,1,0,0,2,NA,0')
    expect(booking?.partySize).toBe(2)
    expect(booking?.checkOutAt).toBe(booking?.checkInAt)
  })

  test('goes by day of arrival, then by row', async () => {
    const bookings = await read(
      'City Hotel,0,2015,July,3,0,1,1,0,0',
      'City Hotel,0,2015,July,1,0,1,1,0,0',
      'Resort Hotel,0,2015,July,3,0,1,1,0,0',
      'City Hotel,0,2015,June,30,0,1,1,0,0',
    )
    expect(bookings.map(({ id }) => id)).toEqual(['4', '2', '1', '3'])
  })

  test.each([
    ['City Hotel,0,2015,Juli,3,0,1,1,0,0', 'no day'],
    ['City Hotel,0,2015,June,31,0,1,1,0,0', 'no day'],
    ['City Hotel,0,2015,June,3,0,1,one,0,0', 'column adults'],
    ['Motel,0,2015,June,3,0,1,1,0,0', '"Motel"'],
  ])('says what is wrong with %s', async (row, words) => {
    await expect(read(row)).rejects.toThrow(words)
  })
})

describe('capacities on the command line', () => {
  test('go by name or id; a hotel that is not named keeps its default', () => {
    expect(parseCapacities(['City Hotel=200'])).toEqual({ 'city-hotel': 200, 'resort-hotel': 400 })
    expect(parseCapacities(['resort-hotel=1', 'city hotel=2'])).toEqual({
      'resort-hotel': 1,
      'city-hotel': 2,
    })
  })

  test.each(['Motel=3', 'City Hotel', 'City Hotel=0', 'City Hotel=many'])(
    '%s is refused with an example',
    (text) => {
      expect(() => parseCapacities([text])).toThrow('--capacity "City Hotel=200"')
    },
  )

  test('become rows of reference data', () => {
    expect(premisesRows({ 'city-hotel': 7, 'resort-hotel': 8 })).toMatchObject([
      { id: 'resort-hotel', capacity: 8, validTo: null },
      { id: 'city-hotel', capacity: 7 },
    ])
  })
})

test('data that is not there is named, with where to get it and where to put it', () => {
  expect(() => openData(hotelBookings, '/nowhere')).toThrow(
    /no folder \/nowhere[\s\S]*doi\.org[\s\S]*REAL_DATA/,
  )
})

const file = findFile(hotelBookings)
describe.skipIf(file === undefined)(
  `the real hotel bookings${file ? '' : ' (skipped: no REAL_DATA folder)'}`,
  () => {
    test('come to as many registrations as the recount, each one that intake takes', async () => {
      const bookings = await readBookings(openData(hotelBookings), 'Asia/Bangkok')
      const check = Compile(Registration)
      expect(bookings.filter((booking) => !check.Check(booking))).toEqual([])
      expect(bookings.length).toBe(recount(file as string, {}).kept)
      expect(new Set(bookings.map(({ id }) => id)).size).toBe(bookings.length)
    })
  },
)
