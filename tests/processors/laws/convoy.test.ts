import fc from 'fast-check'
import { describe } from 'vitest'
import convoy from '../../../processors/detectors/convoy.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { kmOf, rowsOf, type Cameras } from './random-sightings.ts'
import { lodging } from './random-stays.ts'

const cameras: Cameras = {
  A: { lat: 14, lon: 100, zone: 'interior' },
  B: { lat: 15, lon: 100, zone: 'interior' },
}

/** Two vehicles that drive every three hours, one mostly ahead, and a third that does so now and then. */
const drives = fc
  .record({
    trip: fc.nat({ max: 4 }),
    site: fc.constantFrom('A', 'B'),
    vehicle: fc.constantFrom(0x1_0000_0001n, 0x2_0000_0002n, 0x1_0000_0001n, 0x2_0000_0002n, 0x3_0000_0007n),
    late: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 25),
    confidence: fc.constantFrom(0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.95, 0.5),
    vehicleClass: fc.constantFrom('car', 'car', 'car', 'car', 'car', 'bus', ''),
  })
  .map(({ trip, site, vehicle, late, ...rest }): Omit<TestEvent, 'id'> => {
    const behind = vehicle === 0x2_0000_0002n ? (trip % 5 === 3 ? -8 : 8) : 0
    const at = monday + trip * 3 * hour + ((site === 'A' ? 0 : 30) + behind + late) * minute
    return { ...rest, feed: 'sightings', at, site, vehicle }
  })

describe.each([
  ['a trip ends as soon as they part', { tripMs: hour, apartMs: hour }],
  ['a trip may last beyond the next', { tripMs: 5 * hour, apartMs: 2 * hour }],
])('the law of convoy: %s', (_, trips) => {
  holdsTheLaw({
    detector: convoy,
    params: {
      windowMs: 4 * hour,
      atLeast: 2,
      cameras: 2,
      km: 100,
      gapFromMs: minute,
      gapToMs: 20 * minute,
      ...trips,
      habitMs: 3.5 * hour,
      otherOrder: 0.4,
      regularAtLeast: 3,
      regularMs: 3 * hour,
      everyMs: 6 * hour,
      aboutMs: 10 * minute,
      flow: 90,
      usersHours: 10,
      stay: 0.7,
      maxChance: 1.333,
      leftOut: ['bus'],
      minConfidence: 0.75,
      passageMs: 10 * minute,
    },
    event: drives,
    twin: (events, params) =>
      oracle.convoy(events, params, {
        km: kmOf(cameras),
        flow: (camera) => (camera === 'A' ? 60 : undefined),
      }),
    most: 180,
    reference: {
      sites: rowsOf(cameras),
      cameras: [lodging('A', { flowDay: 60, flowNight: 60 })],
    },
  })
}) // prettier-ignore
