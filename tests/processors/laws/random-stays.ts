import fc from 'fast-check'
import { monday, type TestEvent } from '../../support/events.ts'

/** Stays that begin at multiples of `stepMs` and last one of `stays` (ms; null: no check-out). */
export const registrations = (
  stepMs: number,
  steps: number,
  options: {
    readonly sites: readonly string[]
    readonly stays: readonly (number | null)[]
    readonly people: number
    readonly rooms?: readonly string[]
  },
) =>
  fc
    .record({
      step: fc.nat({ max: steps }),
      stay: fc.constantFrom(...options.stays),
      site: fc.constantFrom(...options.sites),
      people: fc.integer({ min: 1, max: options.people }),
      room: fc.constantFrom(...(options.rooms ?? [''])),
    })
    .map(({ step, stay, ...rest }): Omit<TestEvent, 'id'> => {
      const at = monday + step * stepMs
      return { ...rest, feed: 'registrations', at, until: stay === null ? null : at + stay }
    })

/** A row of a lodging that has always held. */
export const lodging = (id: string, fields: Readonly<Record<string, string | number | boolean | null>>) => ({
  id,
  name: id,
  validFrom: '2020-01-01',
  validTo: null,
  source: 'test',
  owner: 'test',
  ...fields,
})
