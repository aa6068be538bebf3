import { describe, expect, test } from 'vitest'
import type { Scheme } from '../../ingest/world/labels.ts'
import type { AlertRevision } from '../../processors/alert.ts'
import { score, type Measured } from './score.ts'

const hour = 3_600_000
const from = Date.UTC(2026, 2, 1)

const label = (over: Partial<Scheme> = {}): Scheme => ({
  id: 'one',
  rule: 'relay-lodging',
  truth: 'stands',
  variant: '',
  subjects: [{ place: 'GH-001' }],
  startAt: from + 10 * hour,
  endAt: from + 20 * hour,
  decidedAt: from + 20 * hour,
  decidedBy: 'lodging-portal:x',
  events: [],
  also: [],
  ...over,
})

const alert = (over: Partial<AlertRevision> = {}): AlertRevision => ({
  alertId: 'a',
  revision: 1,
  status: 'open',
  rule: 'relay-lodging',
  ruleVersion: '',
  class: 'inspect',
  measure: 4,
  severity: 'low',
  keyspace: 'premises',
  key: 'GH-001',
  site: 'GH-001',
  startAt: from + 11 * hour,
  endAt: from + 19 * hour,
  raisedAt: from + 20 * hour,
  revisedAt: from + 20 * hour,
  sentence: { en: '', th: '' },
  evidence: {},
  events: [],
  reason: '',
  logSeq: 20,
  ...over,
}) // prettier-ignore

const figures = (labels: readonly Scheme[], revisions: readonly AlertRevision[], over: Partial<Measured> = {}) => {
  const [one] = score({
    detectors: [{ id: 'relay-lodging', class: 'inspect' }],
    labels,
    revisions,
    from,
    to: from + 10 * 24 * hour,
    settleMs: 24 * hour,
    keyOf: (subject) => ('place' in subject ? subject.place : ''),
    loggedAt: () => from + 20 * hour,
    timeOf: (seq) => from + seq * hour,
    arrivals: 200_000,
    cpuShare: () => 0.25,
    ...over,
  })
  if (one === undefined) throw new Error('no figures')
  return one
} // prettier-ignore

const withdrawn = alert({ revision: 2, status: 'withdrawn', logSeq: 30 })

describe('the score of a detector', () => {
  test.each([
    ['a pattern that is found', [label()], [alert()], 1, 1],
    ['a pattern that nobody finds', [label()], [], null, 0],
    ['an alert about nothing', [], [alert()], 0, null],
    ['an alert about another place', [label()], [alert({ key: 'GH-002' })], 0, 0],
    ['an alert about another time', [label()], [alert({ startAt: from + 23 * hour, endAt: from + 30 * hour })], 0, 0],
    ['a pattern whose alert was withdrawn', [label()], [alert(), withdrawn], 1, 0],
    ['a hard negative that is found', [label({ truth: 'never' })], [alert()], 0, null],
    ['a record that was taken back, and the alert too', [label({ truth: 'withdrawn' })], [alert(), withdrawn], 1, null],
    ['a record that was taken back, and the alert stands', [label({ truth: 'withdrawn' })], [alert()], 0, null],
    ['an alert that was withdrawn, about nothing', [], [alert(), withdrawn], 0, null],
    ['a side of another pattern', [label({ rule: 'convoy', also: [{ rule: 'relay-lodging', subjects: [{ place: 'GH-001' }] }] })], [alert()], 1, null],
    ['a pattern that is decided before alerts count', [label({ decidedAt: from - hour })], [], null, null],
    ['a pattern that is decided at the very end', [label({ decidedAt: from + 9.5 * 24 * hour })], [], null, null],
  ] as const)('of %s', (_, labels, revisions, precision, recall) => {
    const one = figures(labels, revisions)
    expect([one.precision, one.recall]).toEqual([precision, recall])
  }) // prettier-ignore

  test('counts two alerts of one pattern as one find', () => {
    expect(figures([label()], [alert(), alert({ alertId: 'b' })])).toMatchObject({
      planted: 1,
      found: 1,
      alerts: 2,
      precision: 1,
    })
  })

  test('measures the delay from the log of the deciding record to that of the alert, and never below 0', () => {
    expect(figures([label()], [alert({ logSeq: 22 })]).medianDelayS).toBe(7200)
    expect(figures([label()], [alert({ logSeq: 19 })]).medianDelayS).toBe(0)
    const absent = label({ decidedBy: '', decidedAt: from + 21 * hour })
    expect(figures([absent], [alert({ logSeq: 22 })]).medianDelayS).toBe(3600)
  })

  test('relates alerts to arrivals', () => {
    const one = figures([label()], [alert(), alert({ alertId: 'b', key: 'GH-009' })])
    expect([one.alertsADayPer100kArrivals, one.falseADayPer100kArrivals, one.cpuShare]).toEqual([
      1, 0.5, 0.25,
    ])
  })
})
