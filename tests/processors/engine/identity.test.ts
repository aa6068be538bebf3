import { describe, expect, it } from 'vitest'
import type { AlertRevision } from '../../../processors/alert.ts'
import overcrowdedLodgings from '../../../processors/detectors/overcrowded-lodgings.ts'
import repeatedCrossings from '../../../processors/detectors/repeated-crossings.ts'
import { createEngine } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import { batchesOf, hour, minute, monday, type TestEvent } from '../../support/events.ts'

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

/** An engine that is given events step by step and answers with the revisions of each step. */
function steps(): (...events: TestEvent[]) => AlertRevision[] {
  const rules = [createRule(repeatedCrossings), createRule(overcrowdedLodgings)]
  const engine = createEngine({ slice: { index: 1, count: 1 }, rules, timeZone: 'Asia/Bangkok' })
  let seq = 0
  return (...events) => {
    engine.take({ kind: 'tick', tick: { at: monday + ++seq * minute } }, seq)
    return batchesOf(events).flatMap((batch) => engine.take({ kind: 'batch', batch }, ++seq))
  }
}
const brief = (revisions: AlertRevision[]): unknown[] =>
  revisions.map(({ revision, status, events, reason }) => [revision, status, events.length, reason])

describe('the identity of an alert', () => {
  it('is raised once and revised as the episode goes on', () => {
    const step = steps()
    expect(step(crossing(1), crossing(2), crossing(3))).toEqual([])
    const [raised] = step(crossing(4))
    const [revised] = step(crossing(5))
    expect(brief([raised, revised] as AlertRevision[])).toEqual([
      [1, 'open', 4, ''],
      [2, 'open', 5, ''],
    ])
    expect(revised?.alertId).toBe(raised?.alertId)
    expect(revised?.raisedAt).toBe(raised?.raisedAt)
    expect(revised?.revisedAt).toBeGreaterThan(raised?.revisedAt ?? Infinity)
  })

  it('says nothing when a duplicate or an older version comes', () => {
    const step = steps()
    step(crossing(1), crossing(2), crossing(3), crossing(4, { revision: 1 }))
    expect(step(crossing(2), crossing(4, { at: monday }))).toEqual([])
  })

  it('is withdrawn when its evidence is cancelled, and goes on under its number when it comes back', () => {
    const step = steps()
    const [raised] = step(crossing(1), crossing(2), crossing(3), crossing(4))
    const [withdrawn] = step(crossing(4, { revision: 1, cancelled: true }))
    expect(brief([withdrawn as AlertRevision])).toEqual([[2, 'withdrawn', 4, 'no-longer-found']])
    const [again] = step(crossing(4, { revision: 2 }))
    expect(brief([again as AlertRevision])).toEqual([[3, 'open', 4, '']])
    expect(again?.alertId).toBe(raised?.alertId)
  })

  it('moves with a correction to another traveller', () => {
    const step = steps()
    step(crossing(1), crossing(2), crossing(3), crossing(4))
    step(crossing(11, { traveller: 9n }), crossing(12, { traveller: 9n }), crossing(13, { traveller: 9n }))
    const revisions = step(crossing(4, { revision: 1, traveller: 9n }))
    expect(revisions.map(({ key, status }) => [BigInt(`0x${key}`), status]).sort()).toEqual([
      [7n, 'withdrawn'],
      [9n, 'open'],
    ])
  })

  it('goes to the older alert when two become one, and the other says so', () => {
    const step = steps()
    const [first] = step(crossing(1), crossing(2), crossing(3), crossing(4))
    const [second] = step(crossing(40), crossing(41), crossing(42), crossing(43))
    const merged = step(crossing(20), crossing(21), crossing(22))
    expect(
      merged.map(({ alertId, status, reason, events }) => [alertId, status, reason, events.length]),
    ).toEqual([
      [first?.alertId, 'open', '', 11],
      [second?.alertId, 'withdrawn', 'merged', 4],
    ])
  })

  it('stays with an episode whose peak moves to other guests', () => {
    const step = steps()
    const [raised] = step(stay('a', 0, 24, 31))
    const [revised] = step(stay('b', 20, 48, 40), stay('c', 25, 30, 9))
    expect(revised?.alertId).toBe(raised?.alertId)
    expect(revised?.events).not.toEqual(raised?.events)
    expect(revised?.evidence).toMatchObject({ peak: 71 })
  })
})
