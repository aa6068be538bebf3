import { describe } from 'vitest'
import overcrowdedLodgings from '../../../processors/detectors/overcrowded-lodgings.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { lodging, registrations } from './random-stays.ts'

const capacity = (premises: string): number => (premises === 'P1' ? 9 : 30)
const roomHolds = (premises: string): number => (premises === 'P1' ? 3 : 5)

describe('the law of overcrowded lodgings', () => {
  holdsTheLaw({
    detector: overcrowdedLodgings,
    params: { factor: 1, assumedNights: 1, roomHolds: 5 },
    event: registrations(3 * hour, 40, {
      sites: ['P1', 'P2'],
      stays: [3 * hour, 12 * hour, 24 * hour, 70 * hour, null],
      people: 6,
      rooms: ['', '1', '1', '2'],
    }),
    twin: (events, params) => [
      ...oracle.overcrowdedLodgings(events, capacity, () => [], params),
      ...oracle.overcrowdedRooms(events, roomHolds, params),
    ],
    reference: { premises: [lodging('P1', { capacity: 9, roomCapacity: 3 })] },
  })
})
