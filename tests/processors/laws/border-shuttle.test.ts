import fc from 'fast-check'
import { describe } from 'vitest'
import borderShuttle from '../../../processors/detectors/border-shuttle.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { kmOf, rowsOf, sightings, type Cameras } from './random-sightings.ts'

const cameras: Cameras = {
  B1: { lat: 16.7, lon: 98.5, zone: 'border' },
  B2: { lat: 20.4, lon: 99.9, zone: 'border' },
  N: { lat: 16.8, lon: 98.7, zone: 'transit' },
  I1: { lat: 16.9, lon: 99.1, zone: 'transit' },
  I2: { lat: 14, lon: 100.6, zone: 'interior' },
  I3: { lat: 14.2, lon: 100.5, zone: 'interior' },
}

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
    event: sightings(hour, 60, cameras, {
      confidence: fc.constantFrom(0.9, 0.9, 0.9, 0.5),
      vehicleClass: fc.constantFrom('car', 'car', 'bus', ''),
    }),
    twin: (events, params) =>
      oracle.borderShuttle(events, params, {
        near: (site) => cameras[site]?.zone === 'border',
        km: kmOf(cameras),
      }),
    most: 160,
    reference: { sites: rowsOf(cameras) },
  })
})
