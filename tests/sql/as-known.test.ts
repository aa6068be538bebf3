import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import type { AlertRevision } from '../../processors/alert.ts'
import repeatedCrossings from '../../processors/detectors/repeated-crossings.ts'
import { createEngine } from '../../processors/engine/engine.ts'
import { createRule } from '../../processors/rule.ts'
import { migrate } from '../../sql/migrate.ts'
import alertsAsKnown from '../../sql/queries/alerts-as-known.ts'
import recordsAsKnown from '../../sql/queries/records-as-known.ts'
import { runQuery } from '../../sql/queries/run.ts'
import { openStore, type Store } from '../../sql/store.ts'
import { batchesOf, day, hour, minute, monday, type TestEvent } from '../support/events.ts'
import { messagesOf } from '../support/log.ts'

/** A backlog, a correction and a cancellation, each logged an hour after the one before. */
const steps: readonly (readonly TestEvent[])[] = [
  [crossing(1, 'A'), crossing(2, 'A'), crossing(3, 'A')],
  [crossing(4, 'A')],
  [crossing(4, 'B', { revision: 1 }), crossing(5, 'A')],
  [crossing(1, 'A', { revision: 1, cancelled: true }), crossing(2, 'A', { revision: 1, cancelled: true })],
]
function crossing(nth: number, site: string, more: Partial<TestEvent> = {}): TestEvent {
  return { feed: 'crossings', id: `c${nth}`, at: monday + nth * minute, site, traveller: 7n, ...more }
}
const loggedAt = (step: number): number => monday + day + step * hour

let folder: string
let store: Store
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daan-known-'))
  store = await openStore({ path: folder, log: silentLog })
  await migrate(store, { log: silentLog })
  const engine = createEngine({
    slice: { index: 1, count: 1 },
    rules: [createRule(repeatedCrossings)],
    timeZone: 'Asia/Bangkok',
  })
  const revisions: AlertRevision[] = []
  for (const [i, events] of steps.entries()) {
    const logged = events.map((event) => ({ ...event, ingestedAt: loggedAt(i) }))
    for (const [, data] of messagesOf(logged, 100)) await store.insertArrow('crossings', [data], `step-${i}`)
    engine.take({ kind: 'tick', tick: { at: loggedAt(i) } }, i * 2 + 1)
    for (const batch of batchesOf(logged)) revisions.push(...engine.take({ kind: 'batch', batch }, i * 2 + 2))
  }
  await store.insertRows('alert_revisions', revisions.map(rowOf), 'revisions')
})
afterAll(async () => {
  await store?.close()
  await rm(folder, { recursive: true, force: true })
})

function rowOf(revision: AlertRevision, i: number) {
  const { alertId, status, rule, severity, keyspace, key, site, sentence, reason, logSeq } = revision
  return {
    alert_id: alertId,
    revision: revision.revision,
    status,
    rule,
    severity,
    keyspace,
    key,
    site,
    reason,
    rule_version: revision.ruleVersion,
    class: revision.class,
    measure: revision.measure,
    start_at: new Date(revision.startAt),
    end_at: new Date(revision.endAt),
    raised_at: new Date(revision.raisedAt),
    revised_at: new Date(revision.revisedAt),
    sentence_en: sentence.en,
    sentence_th: sentence.th,
    evidence: JSON.stringify(revision.evidence),
    events: revision.events.map((event) => BigInt(`0x${event}`)),
    log_seq: logSeq,
    slice: '1-of-1',
    log_id: 1,
    commit_seq: i + 1,
  }
}

describe('as known at an instant', () => {
  it.each<
    [
      string,
      step: number,
      alerts: [revision: number, crossings: number][],
      records: [site: string, count: number][],
    ]
  >([
    ['before anything was logged', -1, [], []],
    ['three crossings are no alert', 0, [], [['A', 3]]],
    ['the fourth raises one', 1, [[1, 4]], [['A', 4]]],
    [
      'a correction moves a record and a fifth revises the alert',
      2,
      [[2, 5]],
      [
        ['A', 4],
        ['B', 1],
      ],
    ],
    [
      'cancellations withdraw it',
      3,
      [],
      [
        ['A', 2],
        ['B', 1],
      ],
    ],
  ])('%s', async (_, step, alerts, records) => {
    const known_at = loggedAt(step)
    const known = await runQuery(store, alertsAsKnown, { known_at, limit: 10 })
    expect(
      known.map(({ revision, evidence }) => [
        revision,
        (JSON.parse(evidence) as { crossings: number }).crossings,
      ]),
    ).toEqual(alerts)
    const rows = await runQuery(store, recordsAsKnown, { known_at, from: monday, to: monday + day })
    expect(rows.map(({ site, count }) => [site, count])).toEqual(records)
  })
})
