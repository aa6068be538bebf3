import fc from 'fast-check'
import { describe } from 'vitest'
import clonedPlate from '../../../processors/detectors/cloned-plate.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour, minute } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { kmOf, rowsOf, sightings, type Cameras } from './random-sightings.ts'

const cameras: Cameras = {
  A: { lat: 14, lon: 100, zone: 'interior' },
  B: { lat: 14.3, lon: 100, zone: 'interior' },
  C: { lat: 16, lon: 100, zone: 'interior' },
}

describe('the law of cloned plate', () => {
  holdsTheLaw({
    detector: clonedPlate,
    params: {
      kmh: 180,
      minConfidence: 0.9,
      withinMs: 3 * hour,
      clockMs: 5 * minute,
      slackKm: 10,
      passageMs: 10 * minute,
      looksAtLeast: 2,
      looksWithinMs: 4 * hour,
      alike: [['white', 'silver'], ['silver', 'black']],
      episodeMs: 2 * hour,
    },
    event: sightings(10 * minute, 200, cameras, {
      // Histories hold it in steps of 1/255: 0.897 counts for 0.9, 0.895 does not.
      confidence: fc.constantFrom(0.5, 0.895, 0.897, 0.9, 0.95),
      plateProvince: fc.constantFrom('Tak', 'Tak', 'Tak', ''),
      plateCountry: fc.constantFrom('THA', 'THA', 'LAO'),
      make: fc.constantFrom('Isuzu', 'Isuzu', 'Isuzu', 'Toyota', ''),
      colour: fc.constantFrom('white', 'white', 'silver', 'black', 'teal', ''),
    }),
    twin: (events, params) => oracle.clonedPlate(events, params, kmOf(cameras)),
    reference: { sites: rowsOf(cameras) },
  })
}) // prettier-ignore
