import { describe, expect, it } from 'vitest'
import type { AlertRevision } from '../../../processors/alert.ts'
import overcrowdedLodgings from '../../../processors/detectors/overcrowded-lodgings.ts'
import repeatedCrossings from '../../../processors/detectors/repeated-crossings.ts'
import { createEngine, type Engine } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import { batchesOf, day, hour, monday, type TestEvent } from '../../support/events.ts'

const horizonDays = 30
function engineWithHorizon(): {
  engine: Engine
  step(...events: TestEvent[]): AlertRevision[]
  tick(at: number): AlertRevision[]
} {
  const engine = createEngine({
    slice: { index: 1, count: 1 },
    rules: [createRule(repeatedCrossings), createRule(overcrowdedLodgings)],
    timeZone: 'Asia/Bangkok',
    horizons: { traveller: horizonDays * day, premises: horizonDays * day },
  })
  let seq = 0
  return {
    engine,
    step: (...events) => batchesOf(events).flatMap((batch) => engine.take({ kind: 'batch', batch }, ++seq)),
    tick: (at) => engine.take({ kind: 'tick', tick: { at } }, ++seq),
  }
}
const crossing = (h: number, more: Partial<TestEvent> = {}): TestEvent => ({
  feed: 'crossings',
  id: `c${h}`,
  at: monday + h * hour,
  traveller: 7n,
  ...more,
})
const stay = (id: string, from: number, to: number, people: number): TestEvent => ({
  feed: 'registrations',
  id,
  site: 'INN',
  at: monday + from * hour,
  until: monday + to * hour,
  people,
})
const capacity = (owner: string, people: number) => ({
  kind: 'reference' as const,
  change: {
    table: 'premises' as const,
    loggedAt: 0,
    rows: [
      {
        id: 'INN',
        name: 'Inn',
        capacity: people,
        validFrom: '2020-01-01',
        validTo: null,
        source: 'test',
        owner,
      },
    ],
  },
})

describe('the horizon', () => {
  it('frees what lies behind it and leaves the alerts that were found there', () => {
    const { engine, step, tick } = engineWithHorizon()
    step(crossing(1), crossing(2), crossing(3), crossing(4), stay('a', 0, 24, 31))
    expect(engine.openCount).toBe(2)
    for (let d = 1; d <= 4 * horizonDays; d++) expect(tick(monday + d * day)).toEqual([])
    expect(engine.size.records).toBe(0)
    expect(engine.size.keys).toBe(0)
    expect(engine.openCount).toBe(2)
  })

  it('counts what comes after it, and finds nothing in it', () => {
    const { engine, step, tick } = engineWithHorizon()
    tick(monday + (horizonDays + 2) * day)
    expect(step(crossing(1), crossing(2), crossing(3), crossing(4))).toEqual([])
    expect(engine.size).toMatchObject({ records: 0, tooOld: 4 })
  })

  it('takes a stay that began before it and still goes on', () => {
    const { engine, step, tick } = engineWithHorizon()
    tick(monday + (horizonDays + 2) * day)
    step(stay('a', 0, 60 * 24, 31))
    expect(engine.openCount).toBe(1)
  })

  it('keeps the events of an episode that still touches it', () => {
    const { engine, step, tick } = engineWithHorizon()
    const months = Array.from({ length: 50 }, (_, d) => crossing(d * 6))
    step(...months)
    tick(monday + (horizonDays + 10) * day)
    for (let d = 0; d < 5; d++) tick(monday + (horizonDays + 10) * day + d)
    expect(engine.size.records).toBe(50)
    const [revision] = step(crossing(50 * 6))
    expect(revision).toMatchObject({ revision: 2, evidence: { crossings: 51 } })
  })

  it('leaves findings behind it alone when reference data changes, and says nothing when it does not', () => {
    const { engine, step, tick } = engineWithHorizon()
    engine.take(capacity('a', 10), 1)
    step(stay('a', 0, 24, 11))
    tick(monday + 3 * horizonDays * day)
    step(stay('b', 3 * horizonDays * 24, 3 * horizonDays * 24 + 24, 15))
    tick(monday + (3 * horizonDays + 1) * day)
    expect(engine.openCount).toBe(2)
    expect(engine.take(capacity('a', 10), 2)).toEqual([])
    expect(engine.take(capacity('b', 10), 3)).toEqual([])
    const revisions = engine.take(capacity('b', 20), 4)
    expect(revisions.map(({ status, startAt }) => [status, (startAt - monday) / day])).toEqual([
      ['withdrawn', 3 * horizonDays],
    ])
    expect(engine.openCount).toBe(1)
  })
})
