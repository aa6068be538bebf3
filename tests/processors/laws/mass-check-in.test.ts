import { describe } from 'vitest'
import massCheckIn from '../../../processors/detectors/mass-check-in.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour, minute } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { lodging, registrations } from './random-stays.ts'

describe('the law of mass check-in', () => {
  holdsTheLaw({
    detector: massCheckIn,
    params: {
      windowMs: 60 * minute,
      atLeast: 6,
      share: 0.5,
      oddAtLeast: 5,
      oddShare: 0.1,
      oddFromHour: 23,
      oddToHour: 5,
    },
    event: registrations(20 * minute, 60, { sites: ['P1', 'P2'], stays: [3 * hour, null], people: 4 }),
    twin: (events, params) => oracle.massCheckIn(events, params, (key) => (key === 'P1' ? 12 : 30)),
    reference: { premises: [lodging('P1', { capacity: 12 })] },
  })
})
