import fc from 'fast-check'
import { describe } from 'vitest'
import unregisteredStay from '../../../processors/detectors/unregistered-stay.ts'
import * as oracle from '../../oracle/oracle.ts'
import { day, hour, monday } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { crossings, oneDocument, stays } from './random-events.ts'

describe('the law of unregistered stays', () => {
  holdsTheLaw({
    detector: unregisteredStay,
    params: {
      dueMs: 24 * hour,
      graceMs: 12 * hour,
      assumedNights: 1,
      documentTypes: ['passport'],
    },
    event: fc
      .oneof(
        { weight: 2, arbitrary: crossings(6 * hour, 80, ['A', 'B']) },
        { weight: 1, arbitrary: stays(6 * hour, 80, ['A', 'B']) },
      )
      .map(oneDocument),
    twin: (events, params, now) => oracle.unregisteredStay(events, params, now),
    now: monday + 20 * day,
  })
})
