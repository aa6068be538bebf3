import fc from 'fast-check'
import { describe } from 'vitest'
import borderRun from '../../../processors/detectors/border-run.ts'
import * as oracle from '../../oracle/oracle.ts'
import { day, monday } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { crossings, oneDocument } from './random-events.ts'

const params = {
  longStayMs: 15 * day,
  gapMs: 40 * day,
  atLeast: 2,
  bounceMs: 12 * day,
  bounceAfterMs: 14 * day,
  landEntries: 1,
  windowMs: 150 * day,
  documentTypes: ['passport'],
}

/** Almost all by one document, so that its stays follow one another; two years, so that one end is out of reach of the other. */
const event = fc
  .tuple(crossings(5 * day, 160, ['A', 'B']), fc.nat({ max: 5 }))
  .map(([crossing, n]) =>
    oneDocument(n === 0 ? crossing : { ...crossing, traveller: 0x1_0000_0001n, outcome: 'admitted' }),
  )
const now = monday + 2 * 420 * day

describe('the law of border runs', () => {
  holdsTheLaw({ detector: borderRun, params, event, twin: oracle.borderRun, now })
  holdsTheLaw({
    detector: borderRun,
    params: {
      ...params,
      atLeast: 3,
      longStayMs: 5 * day,
      gapMs: 99 * day,
      windowMs: 300 * day,
      bounceMs: 0,
      landEntries: 3,
    },
    event,
    twin: oracle.borderRun,
    now,
  })
})
