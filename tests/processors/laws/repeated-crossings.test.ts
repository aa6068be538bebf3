import fc from 'fast-check'
import { describe } from 'vitest'
import repeatedCrossings from '../../../processors/detectors/repeated-crossings.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { crossings } from './random-events.ts'

describe('the law of repeated crossings', () => {
  holdsTheLaw({
    detector: repeatedCrossings,
    params: {
      windowMs: 8 * hour,
      atLeast: 3,
      documentTypes: ['passport'],
      passAtLeast: { 'border-pass': 3, 'temporary-border-pass': 4, 'work-pass': 2 },
      timesUsual: 1.5,
      baselineMs: 17 * hour,
    },
    event: fc
      .tuple(
        crossings(hour, 36, ['A', 'B']),
        fc.constantFrom(
          'passport',
          'border-pass',
          'border-pass',
          'border-pass',
          'border-pass',
          'work-pass',
          'crew',
        ),
      )
      .map(([event, documentType]) => ({ ...event, documentType })),
    twin: oracle.repeatedCrossings,
  })
})
