import fc from 'fast-check'
import { describe } from 'vitest'
import releaseSurge from '../../../processors/detectors/release-surge.ts'
import * as oracle from '../../oracle/oracle.ts'
import { day, hour, monday } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { crossings } from './random-events.ts'

describe('the law of release surge', () => {
  holdsTheLaw({
    detector: releaseSurge,
    params: { windowMs: 3 * hour, atLeast: 2, timesUsual: 2, baselineMs: 12 * hour, unmatchedMs: 20 * hour },
    // Mostly entries: an entry after an entry is what counts.
    event: fc
      .tuple(crossings(hour, 40, ['A', 'A', 'B']), fc.nat({ max: 2 }))
      .map(([event, n]) => (n === 0 ? event : { ...event, direction: 'entry' as const })),
    twin: oracle.releaseSurge,
    now: monday + 3 * day,
  })
})
