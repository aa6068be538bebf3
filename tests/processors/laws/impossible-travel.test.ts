import fc from 'fast-check'
import { describe } from 'vitest'
import impossibleTravel from '../../../processors/detectors/impossible-travel.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour, minute, monday } from '../../support/events.ts'
import { testSites } from '../../support/places.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { crossings } from './random-events.ts'

const sites = testSites.map((row, i) => ({ ...row, positionConfidence: ['A', 'B', 'C', ''][i % 4] ?? '' }))

describe('the law of impossible travel', () => {
  holdsTheLaw({
    detector: impossibleTravel,
    params: {
      airKmh: 900,
      landKmh: 130,
      flightMs: hour,
      skewMs: 10 * minute,
      minKm: 50,
      withinMs: 6 * hour,
      documentTypes: ['passport', 'border-pass'],
    },
    event: fc
      .tuple(crossings(hour, 0, [...testSites.map(({ id }) => id), 'NOWHERE']), fc.nat({ max: 200 }))
      .map(([event, n]) => ({ ...event, at: monday + n * 13 * minute })),
    twin: (events, params) => oracle.impossibleTravel(events, params, sites),
    reference: { sites },
  })
})
