import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ReferenceRow } from '../../../ingest/feeds/log-subjects.ts'
import type { AlertRevision } from '../../../processors/alert.ts'
import type { Detector } from '../../../processors/detector.ts'
import { createEngine, type Message } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import type { OracleFinding } from '../../oracle/oracle.ts'
import { batchesOf, monday, type TestEvent } from '../../support/events.ts'

const runs = Number(process.env['PROPERTY_RUNS'] ?? 300)
const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31)
const timeoutMs = 60_000 + runs * 100

export interface LawCase<P> {
  readonly detector: unknown
  readonly params: P
  /** Random events; ids, revisions and cancellations are added here. */
  readonly event: fc.Arbitrary<Omit<TestEvent, 'id'>>
  readonly twin: (events: readonly TestEvent[], params: P) => OracleFinding[]
  readonly reference?: {
    readonly sites?: readonly ReferenceRow[]
    readonly premises?: readonly ReferenceRow[]
  }
}

/**
 * The engine's law for one detector: whatever the order, repeats, corrections, cancellations, cuts into batches and slices,
 * what stands in the end is what its twin finds over all events, and revisions have no gaps.
 */
export function holdsTheLaw<P extends Readonly<Record<string, unknown>>>({
  detector,
  params,
  event,
  twin,
  reference = {},
}: LawCase<P>): void {
  const rule = createRule(detector as Detector, params)
  const { id } = rule.detector
  it(
    `${id} stands as a batch run finds it`,
    () => {
      console.info(`law of ${id}: ${runs} cases, PROPERTY_SEED=${seed}`)
      let found = 0
      fc.assert(
        fc.property(
          histories(event).chain((all) =>
            fc.record({
              all: fc.constant(all),
              order: fc.shuffledSubarray(all, { minLength: all.length }),
              repeats: fc.array(fc.nat({ max: Math.max(all.length - 1, 0) }), { maxLength: 8 }),
            }),
          ),
          fc.array(fc.boolean(), { maxLength: 20 }),
          fc.constantFrom(1, 2, 4),
          ({ all, order, repeats }, cuts, slices) => {
            const again = all.length === 0 ? [] : repeats.map((i) => all[i] as TestEvent)
            const messages: Message[] = (['sites', 'premises'] as const).map((table) => ({
              kind: 'reference',
              change: { table, rows: reference[table] ?? [], loggedAt: monday },
            }))
            for (const batch of batchesOf(
              [...order, ...again],
              (i) => cuts[i % Math.max(cuts.length, 1)] ?? false,
            ))
              messages.push({ kind: 'batch', batch })
            const open = Array.from({ length: slices }, (_, i) => {
              const slice = { index: i + 1, count: slices }
              return standing(createEngine({ slice, rules: [rule], timeZone: 'Asia/Bangkok' }), messages)
            }).flat()
            const expected = twin(all, params)
            found += expected.length
            expect(open.map(shapeOfAlert).sort()).toEqual(expected.map(shape).sort())
          },
        ),
        { numRuns: runs, seed, interruptAfterTimeLimit: timeoutMs, markInterruptAsFailure: true },
      )
      // Chance decides how many: a tenth of a case is far below what any generator here makes, and far above none.
      expect(found, 'the generator makes findings').toBeGreaterThan(runs / 10)
    },
    timeoutMs,
  )
}

/** Events with versions: corrections may change anything, also the traveller; one content for each version, as intake sees to. */
function histories(event: fc.Arbitrary<Omit<TestEvent, 'id'>>): fc.Arbitrary<TestEvent[]> {
  const versioned = fc
    .tuple(event, fc.nat({ max: 30 }), fc.constantFrom(0, 0, 0, 0, 1, 2), fc.integer({ min: 1, max: 3 }), fc.nat({ max: 5 }))
    .map(([rest, id, revision, fingerprint, cancel]): TestEvent => ({
      ...rest,
      id: `${rest.feed}${id}`,
      revision,
      fingerprint: revision === 0 ? 1 : fingerprint,
      cancelled: revision > 0 && cancel === 0,
    })) // prettier-ignore
  return fc
    .array(versioned, { maxLength: 40, size: 'max' })
    .map((all) => [...new Map(all.map((e) => [`${e.id} ${e.revision} ${e.fingerprint}`, e])).values()])
}

function standing(engine: ReturnType<typeof createEngine>, messages: readonly Message[]): AlertRevision[] {
  const last = new Map<string, number>()
  for (const [i, message] of messages.entries())
    for (const { alertId, revision } of engine.take(message, i + 1)) {
      expect(revision, 'revisions have no gaps').toBe((last.get(alertId) ?? 0) + 1)
      last.set(alertId, revision)
    }
  return engine.open()
}

const shape = ({ rule, key, start, end, events }: OracleFinding): string =>
  JSON.stringify([rule, key, start, end, events])
const shapeOfAlert = ({ rule, key, startAt, endAt, events }: AlertRevision): string =>
  shape({ rule, key, start: startAt, end: endAt, events })
