import { describe } from 'vitest'
import directionConflict from '../../../processors/detectors/direction-conflict.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour, minute } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { crossings } from './random-events.ts'

describe('the law of direction conflict', () => {
  holdsTheLaw({
    detector: directionConflict,
    params: { withinMs: 6 * hour, sameRecordMs: 30 * minute, documentTypes: ['passport', 'border-pass'] },
    event: crossings(30 * minute, 80, ['A', 'B']),
    twin: oracle.directionConflict,
  })
})
