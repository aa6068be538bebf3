import fc from 'fast-check'
import { describe } from 'vitest'
import overstay from '../../../processors/detectors/overstay.ts'
import * as oracle from '../../oracle/oracle.ts'
import { day, hour, monday, type TestEvent } from '../../support/events.ts'
import { row } from '../../support/places.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { crossings, oneDocument } from './random-events.ts'

/** Until the third week five days, then two; another nationality seven; passes one. */
const changes = monday + 21 * day
const daysOf = ({ nationality, documentType, at }: TestEvent): number | undefined => {
  if (documentType === 'border-pass') return nationality === 'AAA' ? 1 : undefined
  return nationality === 'AAA' ? (at < changes ? 5 : 2) : nationality === 'BBB' ? 7 : undefined
}
const stays = [
  row('AAA:passport', { days: 5, validTo: new Date(changes).toISOString() }),
  row('AAA:passport', { days: 2, validFrom: new Date(changes).toISOString() }),
  row('BBB:passport', { days: 7 }),
]

describe('the law of overstay', () => {
  holdsTheLaw({
    detector: overstay,
    params: { documentTypes: ['passport', 'border-pass'], graceMs: 5 * hour, withinMs: 12 * day },
    event: fc
      .tuple(crossings(7 * hour, 200, ['A', 'B']), fc.constantFrom('AAA', 'BBB', 'CCC'))
      .map(([event, nationality]) => oneDocument({ ...event, nationality })),
    twin: (events, params, now) => oracle.overstay(events, params, now, daysOf),
    reference: { stays, passRules: [row('AAA:border-pass', { days: 1, districts: 'Tak' })] },
    now: monday + 50 * day,
  })
})
