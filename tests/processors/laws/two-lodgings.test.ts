import { describe } from 'vitest'
import twoLodgings from '../../../processors/detectors/two-lodgings.ts'
import * as oracle from '../../oracle/oracle.ts'
import { day, hour } from '../../support/events.ts'
import { testPremises } from '../../support/places.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { stays } from './random-events.ts'

/** Bangkok's two are near each other, all others are far apart; nobody knows where the last one is. */
const city = ({ id }: { id: string }): string => id.replace(/\d$/, '')
const kmBetween = (a: string, b: string): number => {
  const known = [a, b].every((one) => testPremises.some(({ id }) => id === one))
  return known && city({ id: a }) !== city({ id: b }) ? 100 : 0
}

describe('the law of two lodgings', () => {
  holdsTheLaw({
    detector: twoLodgings,
    params: { apartKm: 50, overlapMs: 5 * hour, assumedNights: 1, homeMs: 3 * day, partyAtMost: 8 },
    event: stays(5 * hour, 60, [...testPremises.map(({ id }) => id), 'NOWHERE']),
    twin: (events, params) => oracle.twoLodgings(events, params, kmBetween),
    reference: { premises: testPremises },
  })
})
