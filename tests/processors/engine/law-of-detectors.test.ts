import fc from 'fast-check'
import { describe } from 'vitest'
import directionConflict from '../../../processors/detectors/direction-conflict.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'

const traveller = fc.constantFrom(0x1_0000_0001n, 0x2_0000_0002n, 0x3_0000_0007n, 0n)
/** Crossings at multiples of `stepMs`, many of them at one instant. */
const crossings = (stepMs: number, steps: number, sites: readonly string[]) =>
  fc.record<Omit<TestEvent, 'id'>>({
    feed: fc.constant('crossings'),
    at: fc.nat({ max: steps }).map((n) => monday + n * stepMs),
    site: fc.constantFrom(...sites),
    traveller,
    direction: fc.constantFrom('entry', 'exit', 'entry', 'exit', 'check'),
    mode: fc.constantFrom('air', 'land', 'land'),
    outcome: fc.constantFrom('admitted', 'admitted', 'admitted', 'admitted', 'refused', 'referred'),
    documentType: fc.constantFrom('passport', 'passport', 'border-pass', 'crew'),
  })

describe('the law of the engine, detector by detector', () => {
  holdsTheLaw({
    detector: directionConflict,
    params: { withinMs: 6 * hour, sameRecordMs: 30 * minute, documentTypes: ['passport', 'border-pass'] },
    event: crossings(30 * minute, 80, ['A', 'B']),
    twin: oracle.directionConflict,
  })
})
