import fc from 'fast-check'
import { describe } from 'vitest'
import airportToBorder from '../../../processors/detectors/airport-to-border.ts'
import * as oracle from '../../oracle/oracle.ts'
import { day, hour, monday, type TestEvent } from '../../support/events.ts'
import { testDistricts, testPremises, testSites } from '../../support/places.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { crossings, oneDocument, stays } from './random-events.ts'

const reference = { sites: testSites, premises: testPremises, districts: testDistricts }
const car = fc.constantFrom(0x5_0000_0001n, 0x6_0000_0002n, 0n)
const crossing = fc
  .tuple(
    crossings(2 * hour, 60, ['BKK', 'HKT', 'MAQ', 'HUAIHINFON', 'MAESAI', 'PAKCHONG', 'NOWHERE']),
    car,
    fc.constantFrom('Bangkok', 'Tak', ''),
    fc.constantFrom<('entry' | 'check' | 'exit')[]>('entry', 'check', 'check', 'exit'),
    fc.boolean(),
  )
  .map(([event, vehicle, declaredProvince, direction, lands]): Omit<TestEvent, 'id'> => ({
    ...event,
    vehicle,
    declaredProvince,
    ...(lands ? { direction: 'entry', mode: 'air', site: 'BKK' } : { direction }),
  }))
const sighting = fc.record<Omit<TestEvent, 'id'>>({
  feed: fc.constant('sightings'),
  at: fc.nat({ max: 60 }).map((n) => monday + n * 2 * hour),
  site: fc.constantFrom('CAM-TAK', 'CAM-MAESOT', 'CAM-MAESOT'),
  vehicle: car,
  confidence: fc.constantFrom(0.9, 0.9, 0.9, 0.5),
  vehicleClass: fc.constantFrom('van', 'van', 'bus'),
})

describe('the law of airport to border', () => {
  holdsTheLaw({
    detector: airportToBorder,
    params: {
      withinMs: 20 * hour,
      confirmMs: 30 * hour,
      minConfidence: 0.8,
      assumedNights: 1,
      documentTypes: ['passport'],
    },
    event: fc
      .oneof(
        { weight: 5, arbitrary: crossing },
        { weight: 4, arbitrary: sighting },
        { weight: 1, arbitrary: stays(2 * hour, 60, ['INN-BKK', 'INN-MAESOT', 'INN-TAK']) },
      )
      .map((event) => (event.feed === 'sightings' ? event : oneDocument(event))),
    twin: (events, params, now) => oracle.airportToBorder(events, params, reference, now),
    reference,
    now: monday + 8 * day,
  })
})
