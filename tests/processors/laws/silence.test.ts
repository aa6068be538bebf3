import fc from 'fast-check'
import { describe } from 'vitest'
import silence from '../../../processors/detectors/silence.ts'
import * as oracle from '../../oracle/oracle.ts'
import { day, hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'

const week = 7 * day
/** Events in the first hours of two Mondays: so many that an empty hour says something. Counts take nothing older than ten days. */
const at = fc
  .tuple(fc.nat({ max: 1 }), fc.nat({ max: 8 }), fc.nat({ max: 59 }))
  .map(([w, h, m]) => monday + w * week + h * hour + m * minute)

describe('the law of silence', () => {
  holdsTheLaw({
    detector: silence,
    params: {
      weeks: 1,
      weeksAtLeast: 1,
      expectedAtLeast: 2,
      silentMs: 2 * hour,
      countedMs: 48 * hour,
      longestMs: day,
    },
    event: fc.record<Omit<TestEvent, 'id'>>({
      feed: fc.constantFrom('crossings', 'sightings', 'registrations'),
      at,
      site: fc.constantFrom('A', 'A', 'B'),
      source: fc.constantFrom('X', 'Y'),
      direction: fc.constantFrom('entry', 'exit', 'check'),
    }),
    twin: oracle.silence,
    now: monday + week + 12 * hour,
  })
})
