import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Type } from 'typebox'
import { hex64 } from '../../../platform/hash.ts'
import { defineDetector, volumeKinds, type Detector, type VolumeKind } from '../../../processors/detector.ts'
import { createEngine } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import { settled, type OracleFinding } from '../../oracle/oracle.ts'
import { batchesOf, day, eventKeyOf, hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { holdsTheLaw } from '../laws/holds-the-law.ts'

const unmatchedMs = 20 * hour

/** Each hour of a site or source that holds `atLeast` of a kind; the kind is told by the end. */
const busyHour = defineDetector({
  id: 'busy-hour',
  key: 'site',
  reads: ['crossings', 'sightings', 'registrations'],
  follows: 'traveller',
  unmatchedMs: () => unmatchedMs,
  measure: 7,
  class: 'monitor',
  title: { en: 'Busy hour', th: 'ทดสอบ' },
  reason: { en: 'A probe of the engine: counts of sites and sources.', th: 'ทดสอบ' },
  params: Type.Object({ atLeast: Type.Integer({ default: 2 }) }),
  evidence: Type.Object({ day: Type.Integer() }),
  lookbackMs: () => hour,
  lookaheadMs: () => 0,
  evaluate: ({ volumes, params: { atLeast }, from, to }) => {
    const findings = []
    const first = Math.max(volumes.firstHour, Math.floor(from / hour) * hour)
    for (let at = first; at <= Math.min(volumes.lastHour, to); at += hour)
      for (const [i, kind] of volumeKinds.entries())
        if (volumes.count(kind, at) >= atLeast)
          findings.push({
            start: at,
            end: at + i,
            site: '',
            events:
              kind === 'unmatched-entry' ? volumes.unmatched(at, at + hour - 1).map((one) => one.event) : [],
            evidence: { day: volumes.day(kind, Math.floor(at / day) * day) },
          })
    return findings
  },
  severity: () => 'low',
  explain: () => '',
})

const event = fc.oneof(
  fc.record<Omit<TestEvent, 'id'>>({
    feed: fc.constant('crossings'),
    at: fc.nat({ max: 60 }).map((n) => monday + n * 20 * minute),
    site: fc.constantFrom('A', 'B'),
    source: fc.constantFrom('X', 'Y'),
    direction: fc.constantFrom('entry', 'entry', 'exit', 'check'),
    outcome: fc.constantFrom('admitted', 'admitted', 'refused'),
    traveller: fc.constantFrom(0x1_0000_0001n, 0x2_0000_0002n, 0x3_0000_0003n, 0n),
  }),
  fc.record<Omit<TestEvent, 'id'>>({
    feed: fc.constantFrom('sightings', 'registrations'),
    at: fc.nat({ max: 60 }).map((n) => monday + n * 20 * minute),
    site: fc.constantFrom('A', 'C'),
    source: fc.constantFrom('X', 'Z'),
  }),
)

const kindOf = (e: TestEvent): VolumeKind =>
  e.feed === 'sightings' ? 'sighting' : e.feed === 'registrations' ? 'registration' : (e.direction ?? 'entry')

function unmatchedEntries(all: readonly TestEvent[]): TestEvent[] {
  return all.filter((entry) => {
    const crossings = all.filter(
      (e) =>
        e.feed === 'crossings' &&
        e.direction !== 'check' &&
        e.outcome !== 'refused' &&
        e.traveller === entry.traveller,
    )
    const before = crossings[crossings.indexOf(entry) - 1]
    return (
      entry.traveller &&
      entry.direction === 'entry' &&
      before?.direction === 'entry' &&
      entry.at - before.at <= unmatchedMs
    )
  })
}

function twin(events: readonly TestEvent[], { atLeast }: { atLeast: number }): OracleFinding[] {
  const all = settled(events)
  const counted = [
    ...all.map((e) => ({ key: `source:${e.source}`, kind: kindOf(e), e })),
    ...all.filter((e) => e.feed !== 'registrations').map((e) => ({ key: e.site, kind: kindOf(e), e })),
    ...unmatchedEntries(all).map((e) => ({ key: e.site, kind: 'unmatched-entry' as const, e })),
  ]
  const cells = Map.groupBy(counted, ({ key, kind, e }) => `${key} ${kind} ${Math.floor(e.at / hour)}`)
  return [...cells.values()]
    .filter((cell) => cell.length >= atLeast)
    .map((cell) => {
      const { key, kind, e } = cell[0] as (typeof counted)[number]
      const start = Math.floor(e.at / hour) * hour
      return {
        rule: 'busy-hour',
        key: key as string,
        start,
        end: start + volumeKinds.indexOf(kind),
        events: kind === 'unmatched-entry' ? cell.map((one) => hex64(eventKeyOf(one.e))) : [],
      }
    })
}

describe('the law of a detector of sites and sources', () => {
  holdsTheLaw({ detector: busyHour, params: { atLeast: 2 }, event, now: monday + 5 * day, twin })
})

describe('volumes', () => {
  const engine = () => {
    const rules = [createRule(busyHour as unknown as Detector, { atLeast: 1 })]
    const made = createEngine({ slice: { index: 1, count: 1 }, rules, timeZone: 'Asia/Bangkok' })
    let seq = 0
    return {
      made,
      tick: (at: number) => made.take({ kind: 'tick', tick: { at } }, ++seq),
      send: (...events: TestEvent[]) =>
        batchesOf(events).forEach((batch) => made.take({ kind: 'batch', batch }, ++seq)),
      count: (rows: { at: number; spanMs: number; count: number }[]) =>
        made.take(
          {
            kind: 'volumes',
            volumes: {
              source: 'HK',
              loggedAt: 0,
              rows: rows.map((row) => ({ feed: 'crossings', site: 'HK', kind: 'entry', ...row })),
            },
          },
          ++seq,
        ),
    }
  }
  const sighting = (id: string, at: number, more: Partial<TestEvent> = {}): TestEvent => ({
    feed: 'sightings',
    id,
    at,
    site: 'CAM',
    ...more,
  })

  it('count a total once, whichever came before, and say that nothing else was reported', () => {
    const { made, tick, count } = engine()
    count([{ at: monday, spanMs: day, count: 7 }])
    count([{ at: monday, spanMs: day, count: 9 }])
    count([{ at: monday + day, spanMs: hour, count: 3 }])
    tick(monday + 2 * day)
    expect(made.open().map(({ key, startAt, evidence }) => [key, startAt - monday, evidence['day']])).toEqual(
      [['HK', day, 3]],
    )
  })

  it('leave what is older than ten days as it was counted', () => {
    const { made, tick, send } = engine()
    tick(monday)
    send(sighting('1', monday))
    tick(monday + 11 * day)
    send(sighting('2', monday), sighting('1', monday, { revision: 1, cancelled: true }))
    tick(monday + 12 * day)
    expect(made.open().map(({ key, evidence }) => [key, evidence['day']])).toEqual([
      ['CAM', 1],
      ['source:test', 1],
    ])
    expect(made.size).toMatchObject({ records: 0, tooOld: 1 })
  })

  it('are looked at within half a minute, at ticks only', () => {
    const { tick, send } = engine()
    tick(monday)
    send(sighting('1', monday))
    const found = Array.from({ length: 30 }, (_, s) => tick(monday + (s + 1) * 1000).length)
    expect(found.reduce((sum, n) => sum + n, 0)).toBe(2)
  })
})
