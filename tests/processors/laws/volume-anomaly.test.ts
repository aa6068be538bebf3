import fc from 'fast-check'
import { describe } from 'vitest'
import volumeAnomaly from '../../../processors/detectors/volume-anomaly.ts'
import * as oracle from '../../oracle/oracle.ts'
import { day, hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'

const week = 7 * day
/** Events of two Mondays around local midnight. Counts take nothing older than ten days. */
const at = fc
  .tuple(fc.nat({ max: 1 }), fc.nat({ max: 7 }), fc.nat({ max: 59 }))
  .map(([w, h, m]) => monday + 13 * hour + w * week + h * hour + m * minute)
const params = {
  weeks: 1,
  weeksAtLeast: 1,
  hourAtLeast: 1,
  dayAtLeast: 2,
  ratioAtLeast: 0.5,
  spreadsAtLeast: 6,
  hoursAtLeast: 2,
  aloneRatio: 5,
  aloneAtLeast: 2,
  settleMs: 15 * minute,
  lateMs: 2 * hour,
  aroundHolidays: 0,
  utcOffsetMs: 7 * hour,
}
const event = fc.record<Omit<TestEvent, 'id'>>({
  feed: fc.constantFrom('crossings', 'crossings', 'sightings', 'registrations'),
  at,
  site: fc.constantFrom('A', 'A', 'A', 'B'),
  direction: fc.constantFrom('entry', 'entry', 'exit', 'check'),
})

describe('the law of volume anomaly', () => {
  // In the evening, with hours that are open, and days later.
  holdsTheLaw({
    detector: volumeAnomaly,
    params: { ...params, hoursAtLeast: 1 },
    event,
    twin: oracle.volumeAnomaly,
    now: monday + week + 20.5 * hour,
  })
  holdsTheLaw({ detector: volumeAnomaly, params, event, twin: oracle.volumeAnomaly, now: monday + 9 * day })
})
