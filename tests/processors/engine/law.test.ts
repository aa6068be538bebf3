import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEngine, type Engine, type Message } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import type { AlertRevision } from '../../../processors/alert.ts'
import repeatedCrossings from '../../../processors/detectors/repeated-crossings.ts'
import overcrowdedLodgings from '../../../processors/detectors/overcrowded-lodgings.ts'
import * as oracle from '../../oracle/oracle.ts'
import { batchesOf, day, hour, monday, type TestEvent } from '../../support/events.ts'

/**
 * The engine's law: whatever the order, the repeats, the cuts into batches and the number of slices, the findings that stand
 * in the end are those of a batch run over all events.
 */
const runs = Number(process.env['PROPERTY_RUNS'] ?? 300)
const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31)
console.info(`law of the engine: ${runs} cases, PROPERTY_SEED=${seed}`)
const timeoutMs = 60_000 + runs * 400
const crossingParams = { windowMs: 6 * hour, atLeast: 3, documentTypes: ['passport', 'border-pass'] }
const lodgingParams = { factor: 1, assumedNights: 1 }
const rules = [createRule(repeatedCrossings, crossingParams), createRule(overcrowdedLodgings, lodgingParams)]
const smallFrom = monday + 2 * day
const capacityAt = (premises: string, at: number): number =>
  premises === 'P1' ? (at >= smallFrom ? 4 : 8) : 30
const reference: Message = {
  kind: 'reference',
  change: {
    table: 'premises',
    loggedAt: monday,
    rows: [
      premises(8, '2020-01-01T00:00:00Z', new Date(smallFrom).toISOString()),
      premises(4, new Date(smallFrom).toISOString(), null),
    ],
  },
}

function premises(capacity: number, validFrom: string, validTo: string | null) {
  return { id: 'P1', name: 'P1', capacity, validFrom, validTo, source: 'test', owner: 'test' }
}

const id = fc.integer({ min: 0, max: 40 }).map(String)
const cancelled = fc.integer({ min: 0, max: 5 }).map((n) => n === 0)
const revision = fc.constantFrom(0, 0, 0, 0, 1, 2)
const crossing = fc.record({
  feed: fc.constant('crossings' as const),
  id: id.map((n) => `c${n}`),
  revision,
  fingerprint: fc.integer({ min: 1, max: 3 }),
  cancelled,
  at: fc.integer({ min: 0, max: 40 }).map((n) => monday + n * hour),
  traveller: fc.constantFrom(0x1_0000_0001n, 0x2_0000_0002n, 0x3_0000_0007n, 0n),
  direction: fc.constantFrom('entry' as const, 'exit' as const, 'check' as const),
  documentType: fc.constantFrom('passport', 'border-pass', 'crew'),
})
const registration = fc
  .record({
    feed: fc.constant('registrations' as const),
    id: id.map((n) => `r${n}`),
    revision,
    fingerprint: fc.integer({ min: 1, max: 3 }),
    cancelled,
    at: fc.integer({ min: 0, max: 60 }).map((n) => monday + n * 2 * hour),
    site: fc.constantFrom('P1', 'P2'),
    people: fc.integer({ min: 1, max: 5 }),
    stay: fc.option(fc.integer({ min: 1, max: 40 }).map((n) => n * 3 * hour)),
  })
  .map(({ stay, ...rest }) => ({ ...rest, until: stay === null ? null : rest.at + stay }))
/** Content follows from id, revision and fingerprint: a source that sends two contents under one version is refused earlier. */
const events = fc
  .array(fc.oneof(crossing, registration), { maxLength: 80, size: 'max' })
  .map((all) => all.map((event) => ({ ...event, cancelled: event.cancelled && event.revision > 0 })))
  .map((all: TestEvent[]) => [
    ...new Map(all.map((e) => [`${e.id} ${e.revision} ${e.fingerprint}`, e])).values(),
  ])
  .map((all) => {
    // One content of the first version of an id: a second one is refused by the intake (id-reused).
    const first = new Set<string>()
    return all.filter((e) => e.revision !== 0 || (!first.has(e.id) && first.add(e.id)))
  })

function run(
  order: readonly TestEvent[],
  cuts: readonly boolean[],
  slices: number,
  referenceFirst: boolean,
): AlertRevision[] {
  const messages: Message[] = batchesOf(order, (i) => cuts[i % Math.max(cuts.length, 1)] ?? false).map(
    (batch) => ({ kind: 'batch', batch }),
  )
  if (referenceFirst) messages.unshift(reference)
  else messages.push(reference)
  return Array.from({ length: slices }, (_, i) => {
    const engine = createEngine({ slice: { index: i + 1, count: slices }, rules, timeZone: 'Asia/Bangkok' })
    return standing(engine, messages)
  }).flat()
}

/** Feeds the messages, holds the revisions to account, and gives what stands. */
function standing(engine: Engine, messages: readonly Message[]): AlertRevision[] {
  const last = new Map<string, AlertRevision>()
  for (const [i, message] of messages.entries())
    for (const revision of engine.take(message, i + 1)) {
      expect(revision.revision, 'revisions have no gaps').toBe(
        (last.get(revision.alertId)?.revision ?? 0) + 1,
      )
      last.set(revision.alertId, revision)
    }
  const open = engine.open()
  expect(byId([...last.values()].filter(({ status }) => status === 'open'))).toEqual(byId(open))
  return open
}

const byId = (all: AlertRevision[]): AlertRevision[] =>
  [...all].sort((a, b) => (a.alertId < b.alertId ? -1 : 1))
const shape = ({ rule, key, start, end, events }: oracle.OracleFinding): string =>
  JSON.stringify([rule, key, start, end, events])
const shapes = (all: readonly AlertRevision[]): string[] =>
  all.map((a) => shape({ rule: a.rule, key: a.key, start: a.startAt, end: a.endAt, events: a.events })).sort()
const expected = (all: readonly TestEvent[]): string[] =>
  [
    ...oracle.repeatedCrossings(all, crossingParams),
    ...oracle.overcrowdedLodgings(all, capacityAt, (p) => (p === 'P1' ? [smallFrom] : []), lodgingParams),
  ]
    .map(shape)
    .sort()

describe('the law of the engine', () => {
  it(
    'gives the findings of a batch run, whatever order, repeats, cuts and slices',
    () => {
      let found = 0
      fc.assert(
        fc.property(
          events.chain((all) =>
            fc.record({
              all: fc.constant(all),
              order: fc.shuffledSubarray(all, { minLength: all.length }),
              repeats: fc.array(fc.nat({ max: Math.max(all.length - 1, 0) }), { maxLength: 10 }),
            }),
          ),
          fc.array(fc.boolean(), { maxLength: 20 }),
          fc.constantFrom(1, 2, 4),
          fc.boolean(),
          ({ all, order, repeats }, cuts, slices, referenceFirst) => {
            const again = all.length === 0 ? [] : repeats.map((i) => all[i] as TestEvent)
            const findings = shapes(run([...order, ...again], cuts, slices, referenceFirst))
            found += findings.length
            expect(findings).toEqual(expected(all))
          },
        ),
        {
          numRuns: runs,
          seed,
          interruptAfterTimeLimit: timeoutMs,
          markInterruptAsFailure: true,
          ...(process.env['PROPERTY_NO_SHRINK'] ? { endOnFailure: true } : {}),
        },
      )
      expect(found, 'the generator makes findings').toBeGreaterThan(runs)
    },
    timeoutMs,
  )

  it(
    'gives byte-identical revisions for 1, 2 and 4 slices',
    () => {
      fc.assert(
        fc.property(events, fc.array(fc.boolean(), { maxLength: 20 }), (all, cuts) => {
          const one = byId(run(all, cuts, 1, true))
          expect(byId(run(all, cuts, 2, true))).toEqual(one)
          expect(byId(run(all, cuts, 4, true))).toEqual(one)
        }),
        {
          numRuns: Math.ceil(runs / 3),
          seed,
          ...(process.env['PROPERTY_NO_SHRINK'] ? { endOnFailure: true } : {}),
        },
      )
    },
    timeoutMs,
  )
})
