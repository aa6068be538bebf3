import { describe } from 'vitest'
import relayLodging from '../../../processors/detectors/relay-lodging.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { lodging, registrations } from './random-stays.ts'

const places = {
  P1: { zone: 'border', licensed: false },
  P2: { zone: 'transit', licensed: true },
  P3: { zone: 'interior', licensed: false },
}

describe('the law of relay lodging', () => {
  holdsTheLaw({
    detector: relayLodging,
    params: {
      windowNights: 2,
      atLeast: 2,
      share: 0.6,
      oneNightMs: 20 * hour,
      baselineNights: 3,
      factor: 1.5,
      knownNights: 2,
      movedShare: 0.6,
      movedFromHour: 1,
      movedToHour: 8,
      occupancy: 0.05,
      zones: ['border', 'transit'],
    },
    event: registrations(6 * hour, 80, {
      sites: ['P1', 'P1', 'P2', 'P3'],
      stays: [6 * hour, 20 * hour, 20 * hour, 44 * hour, null],
      people: 3,
    }),
    twin: (events, params) => oracle.relayLodging(events, params, places),
    reference: { premises: Object.entries(places).map(([id, place]) => lodging(id, place)) },
  })
})
