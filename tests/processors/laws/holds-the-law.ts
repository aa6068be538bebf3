import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ReferenceChange, ReferenceRow } from '../../../ingest/feeds/log-subjects.ts'
import type { AlertRevision } from '../../../processors/alert.ts'
import type { Detector } from '../../../processors/detector.ts'
import { createEngine, type Engine, type Message } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import type { OracleFinding } from '../../oracle/oracle.ts'
import { batchesOf, day, monday, type TestEvent } from '../../support/events.ts'

const runs = Number(process.env['PROPERTY_RUNS'] ?? 300)
const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31)
const timeoutMs = 60_000 + runs * 400

/** Ticks may come long before the events of a case: none of them is too old. */
const horizons = { traveller: 4000 * day, vehicle: 4000 * day, premises: 4000 * day }

export interface LawCase<P> {
  readonly detector: unknown
  readonly params: P
  /** Random events; ids, revisions and cancellations are added here. */
  readonly event: fc.Arbitrary<Omit<TestEvent, 'id'>>
  /** now: the last tick, see below. */
  readonly twin: (events: readonly TestEvent[], params: P, now: number) => OracleFinding[]
  readonly reference?: Readonly<Partial<Record<ReferenceChange['table'], readonly ReferenceRow[]>>>
  /** The last tick, ms UTC, a whole second: earlier ones fall between the batches. Absent: no ticks. */
  readonly now?: number
  /** Most events of a case (default 40): more where a finding takes many. */
  readonly most?: number
}

/**
 * The engine's law for one detector: whatever the order, repeats, corrections, cancellations, cuts into batches, slices, restart
 * and delay of reference data, what stands in the end is what its twin finds over all events, and revisions have no gaps.
 */
export function holdsTheLaw<P extends Readonly<Record<string, unknown>>>({
  detector,
  params,
  event,
  twin,
  reference = {},
  now = 0,
  most = 40,
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
          histories(event, most).chain((all) =>
            fc.record({
              all: fc.constant(all),
              order: fc.shuffledSubarray(all, { minLength: all.length }),
              repeats: fc.array(fc.nat({ max: Math.max(all.length - 1, 0) }), { maxLength: 8 }),
            }),
          ),
          fc.array(fc.boolean(), { maxLength: 20 }),
          fc.constantFrom(1, 2, 4),
          ticks(now),
          fc.option(fc.nat({ max: 40 })),
          fc.array(fc.constantFrom(0, 0, 0.3, 0.6, 0.99), { maxLength: 3 }),
          ({ all, order, repeats }, cuts, slices, ticked, restartAt, late) => {
            const again = all.length === 0 ? [] : repeats.map((i) => all[i] as TestEvent)
            const batches = batchesOf(
              [...order, ...again],
              (i) => cuts[i % Math.max(cuts.length, 1)] ?? false,
            )
            const tables = Object.entries(reference) as [ReferenceChange['table'], readonly ReferenceRow[]][]
            const messages = between(
              batches.map((batch): Message => ({ kind: 'batch', batch })),
              ticked,
            )
            // What reference data change is looked at again in the course of ticks.
            if (now === 0) messages.push({ kind: 'tick', tick: { at: monday } })
            for (const [n, [table, rows]] of tables.entries())
              messages.splice(Math.floor((late[n] ?? 0) * messages.length), 0, {
                kind: 'reference',
                change: { table, rows, loggedAt: monday },
              })
            const open = Array.from({ length: slices }, (_, i) => {
              const slice = { index: i + 1, count: slices }
              const config = { slice, rules: [rule], timeZone: 'Asia/Bangkok', horizons }
              return standing(() => createEngine(config), messages, restartAt)
            }).flat()
            const expected = twin(all, params, now)
            found += expected.length
            expect(open.map(shapeOfAlert).sort()).toEqual(expected.map(shape).sort())
          },
        ),
        { numRuns: runs, seed, interruptAfterTimeLimit: timeoutMs, markInterruptAsFailure: true },
      )
      // Chance decides how many: this is far below what any generator here makes, and above none.
      expect(found, 'the generator makes findings').toBeGreaterThan(runs / 100)
    },
    timeoutMs,
  )
}

/** Ticks up to `now`, the last at it and a minute after the others (sites are not looked at with every tick), each with the place in the log where it stands, from 0 to 1; none when `now` is 0. */
function ticks(now: number): fc.Arbitrary<[place: number, at: number][]> {
  if (now === 0) return fc.constant([])
  const seconds = Math.max(1, Math.ceil((now - monday) / 1000))
  return fc
    .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 60, max: 60 + seconds })), {
      maxLength: 6,
    })
    .map((all) => {
      const places = all.map(([place]) => place).sort((a, b) => a - b)
      const times = all.map(([, before]) => now - before * 1000).sort((a, b) => a - b)
      return [...times.map((at, i): [number, number] => [places[i] as number, at]), [1, now]]
    })
}

/** The batches with the ticks at their places. */
function between(batches: readonly Message[], ticked: readonly [place: number, at: number][]): Message[] {
  const messages: Message[] = []
  let next = 0
  for (const [place, at] of ticked) {
    while (next < batches.length && next < place * batches.length) messages.push(batches[next++] as Message)
    messages.push({ kind: 'tick', tick: { at } })
  }
  return [...messages, ...batches.slice(next)]
}

/** Events with versions: corrections may change anything, also the traveller; one content for each version, as intake sees to. */
function histories(event: fc.Arbitrary<Omit<TestEvent, 'id'>>, most: number): fc.Arbitrary<TestEvent[]> {
  const versioned = fc
    .tuple(event, fc.nat({ max: Math.round(most * 0.75) }), fc.constantFrom(0, 0, 0, 0, 1, 2), fc.integer({ min: 1, max: 3 }), fc.nat({ max: 5 }))
    .map(([rest, id, revision, fingerprint, cancel]): TestEvent => ({
      ...rest,
      id: `${rest.feed}${id}`,
      revision,
      fingerprint: revision === 0 ? 1 : fingerprint,
      cancelled: revision > 0 && cancel === 0,
    })) // prettier-ignore
  return fc
    .array(versioned, { maxLength: most, size: 'max' })
    .map((all) => [...new Map(all.map((e) => [`${e.id} ${e.revision} ${e.fingerprint}`, e])).values()])
}

/** What stands in the end; before message `restartAt` the engine is put to rest and another goes on from its image. */
function standing(
  make: () => Engine,
  messages: readonly Message[],
  restartAt: number | null,
): AlertRevision[] {
  const last = new Map<string, number>()
  let engine = make()
  for (const [i, message] of messages.entries()) {
    if (i === restartAt) engine = resumed(engine, make())
    for (const { alertId, revision } of engine.take(message, i + 1)) {
      expect(revision, 'revisions have no gaps').toBe((last.get(alertId) ?? 0) + 1)
      last.set(alertId, revision)
    }
  }
  return engine.open()
}

/** `next` with the state of `engine`, as it would come back from a file. */
function resumed(engine: Engine, next: Engine): Engine {
  const { state, sections } = engine.image()
  next.restore({
    state: JSON.parse(JSON.stringify(state)) as typeof state,
    sections: structuredClone(sections),
  })
  return next
}

const shape = ({ rule, key, start, end, events }: OracleFinding): string =>
  JSON.stringify([rule, key, start, end, events])
const shapeOfAlert = ({ rule, key, startAt, endAt, events }: AlertRevision): string =>
  shape({ rule, key, start: startAt, end: endAt, events })
