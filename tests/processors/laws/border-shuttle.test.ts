import fc from 'fast-check'
import { describe } from 'vitest'
import borderShuttle from '../../../processors/detectors/border-shuttle.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { kmOf, rowsOf, type Cameras } from './random-sightings.ts'

const cameras: Cameras = {
  B1: { lat: 16.7, lon: 98.5, zone: 'border' },
  B2: { lat: 20.4, lon: 99.9, zone: 'border' },
  N: { lat: 16.8, lon: 98.7, zone: 'transit' },
  I1: { lat: 16.9, lon: 99.1, zone: 'transit' },
  I2: { lat: 14, lon: 100.6, zone: 'interior' },
  I3: { lat: 14.2, lon: 100.5, zone: 'interior' },
}

/** Mostly one vehicle, that drives to the border and back every four hours, with reads that are missing, late or of elsewhere. */
const drives = fc
  .record({
    trip: fc.nat({ max: 7 }),
    leg: fc.nat({ max: 3 }),
    elsewhere: fc.constantFrom('', '', '', '', '', '', '', '', '', 'B2', 'N', 'I2'),
    late: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 20, 110),
    vehicle: fc.constantFrom(...Array<bigint>(24).fill(0x1_0000_0001n), 0x2_0000_0002n, 0n),
    confidence: fc.constantFrom(...Array<number>(9).fill(0.9), 0.5),
    vehicleClass: fc.constantFrom('car', 'car', 'car', 'car', 'car', 'bus', ''),
  })
  .map(({ trip, leg, elsewhere, late, ...rest }): Omit<TestEvent, 'id'> => ({
    ...rest,
    feed: 'sightings',
    at: monday + trip * 4 * hour + (leg * 50 + late) * minute,
    site: elsewhere || (['I1', 'B1', 'B1', 'I1'][leg] as string),
  }))

describe('the law of border shuttle', () => {
  holdsTheLaw({
    detector: borderShuttle,
    params: {
      windowMs: 8 * hour,
      atLeast: 2,
      fromHour: 18,
      toHour: 10,
      turnMs: 2 * hour,
      visitMs: 3 * hour,
      awayKm: 50,
      legMs: 2 * hour,
      zones: ['border'],
      leftOut: ['bus'],
      minConfidence: 0.75,
    },
    event: drives,
    twin: (events, params) =>
      oracle.borderShuttle(events, params, {
        near: (site) => cameras[site]?.zone === 'border',
        km: kmOf(cameras),
      }),
    most: 140,
    reference: { sites: rowsOf(cameras) },
  })
})
