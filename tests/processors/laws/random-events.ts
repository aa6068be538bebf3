import fc from 'fast-check'
import { monday, type TestEvent } from '../../support/events.ts'

/** Three documents on two slices or four, and none. */
export const traveller = fc.constantFrom(0x1_0000_0001n, 0x2_0000_0002n, 0x3_0000_0007n, 0n)
/** Crossings at multiples of `stepMs`, many of them at one instant. */
export const crossings = (stepMs: number, steps: number, sites: readonly string[]) =>
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

/** Stays of up to `steps` times `stepMs`, some without check-out. */
export const stays = (stepMs: number, steps: number, premises: readonly string[]) =>
  fc
    .record({
      site: fc.constantFrom(...premises),
      from: fc.nat({ max: steps }),
      length: fc.option(fc.nat({ max: Math.ceil(steps / 3) })),
      people: fc.constantFrom(1, 1, 1, 2, 9),
      traveller,
      documentType: fc.constantFrom('passport', 'passport', 'border-pass'),
    })
    .map(({ from, length, ...rest }): Omit<TestEvent, 'id'> => ({
      feed: 'registrations',
      at: monday + from * stepMs,
      until: length === null ? null : monday + (from + length) * stepMs,
      ...rest,
    }))

/** Every document is of one type, as in life: its type is part of the pseudonym. */
export const oneDocument = (event: Omit<TestEvent, 'id'>): Omit<TestEvent, 'id'> => ({
  ...event,
  documentType: event.traveller === 0x3_0000_0007n ? 'border-pass' : 'passport',
})
