import { feedNames } from '../../ingest/feeds/layout.ts'
import { hex64 } from '../../platform/hash.ts'
import type { Row, Store } from '../../sql/store.ts'
import { alertOf, batchOf, hourMs, keyOf, monday } from './log-fixture.ts'

/** A little of everything: two sites a feed, an alert with two revisions, a rejected record, reference data; log id 1. */
export async function fillStore(store: Store): Promise<void> {
  let seq = 0
  for (const feed of feedNames) {
    const { bytes, batch } = batchOf(feed, [
      { id: `${feed}-1`, people: 2, until: monday + 30 * hourMs, traveller: 'aa', vehicle: 'bb' },
      { id: `${feed}-2`, at: monday + hourMs, site: 'S2', direction: 'exit', vehicle: 'bb' },
      { id: `${feed}-3`, at: monday - 7 * 24 * hourMs, site: 'S2' },
    ])
    await store.insertArrow(feed, [bytes], `fill:${feed}`)
    seq++
    const journal: Row = {
      log_id: 1,
      log_seq: seq,
      batch,
      feed,
      rows: 3,
      logged_at: new Date(monday),
      insert_from: seq,
      insert_to: seq,
    }
    await store.insertRows('batches', [journal], `fill:${seq}`)
  }
  // Two vehicles that pass the same camera together, three times; a camera that falls silent for ten hours.
  const minute = 60_000
  const passages = [0, 24, 48].flatMap((hour) => [
    { id: `own-${hour}`, at: monday + hour * hourMs, vehicle: hex64(0xb1n) },
    { id: `other-${hour}`, at: monday + hour * hourMs + 2 * minute, vehicle: hex64(0xb2n) },
  ])
  const reads = Array.from({ length: 24 }, (_, i) => ({
    id: `read-${i}`,
    site: 'S3',
    at: monday + i * minute + (i < 12 ? 0 : 10 * hourMs),
  }))
  await store.insertArrow('sightings', [batchOf('sightings', [...passages, ...reads]).bytes], 'fill:passages')
  await store.insertRows(
    'audit',
    [
      {
        number: 1,
        at: new Date(monday),
        actor: 'analyst-test',
        role: 'analyst',
        act: 'entity',
        keyspace: 'vehicle',
        key: hex64(0xb1n),
        alert_id: '',
        purpose: 'investigation',
        case_number: 'T-1',
        detail: '',
        previous: '0'.repeat(64),
        hash: 'f'.repeat(64),
        log_id: 1,
        audit_seq: 1,
      },
    ],
    'fill:audit',
  )
  const alert = alertOf({ alertId: hex64(0xa1n), events: feedNames.map((feed) => hex64(keyOf(`${feed}-1`))) })
  await store.insertRows(
    'alert_revisions',
    [alertRow(alert, 1), alertRow({ ...alert, revision: 2 }, 2)],
    'fill:alerts',
  )
  await store.insertRows(
    'triage_actions',
    [
      triageRow({ action_id: hex64(0xc1n), alert_id: hex64(0xa1n), action: 'seen' }),
      triageRow({ action_id: hex64(0xc2n), action: 'snooze', rule: alert.rule, site: 'S9', triage_seq: 2 }),
    ],
    'fill:triage',
  )
  await store.insertRows(
    'rejected',
    [
      {
        id: 'bad',
        source: 'test',
        feed: 'crossings',
        at: new Date(monday),
        reason: 'shape',
        field: 'at',
        fix: 'Send a time.',
        sealed: '',
        log_id: 1,
        reject_seq: 1,
        item: 0,
      },
    ],
    'fill:rejected',
  )
  await store.insertRows(
    'reference',
    [
      {
        table_name: 'sites',
        id: 'S1',
        valid_from: '2020-01-01',
        valid_to: null,
        source: 't',
        owner: 't',
        row: JSON.stringify({ id: 'S1', name: 'One', nameTh: 'หนึ่ง', kind: 'checkpoint', lat: 1.5, lon: 2.5 }),
        logged_at: new Date(monday),
        log_seq: 1,
      },
      {
        table_name: 'holidays',
        id: '2026-01-05',
        valid_from: '2020-01-01',
        valid_to: null,
        source: 't',
        owner: 't',
        row: JSON.stringify({ id: '2026-01-05', name: 'A holiday', nameTh: 'วันหยุด' }),
        logged_at: new Date(monday),
        log_seq: 2,
      },
    ],
    'fill:reference',
  )
}

function alertRow(alert: ReturnType<typeof alertOf>, commitSeq: number): Row {
  return {
    alert_id: alert.alertId,
    revision: alert.revision,
    status: alert.status,
    rule: alert.rule,
    rule_version: alert.ruleVersion,
    class: alert.class,
    measure: alert.measure,
    severity: alert.severity,
    keyspace: alert.keyspace,
    key: alert.key,
    site: '',
    start_at: new Date(alert.startAt),
    end_at: new Date(alert.endAt),
    raised_at: new Date(alert.raisedAt),
    revised_at: new Date(alert.revisedAt),
    sentence_en: alert.sentence.en,
    sentence_th: alert.sentence.th,
    evidence: JSON.stringify(alert.evidence),
    events: alert.events.map((key) => BigInt(`0x${key}`)),
    reason: '',
    log_seq: 1,
    slice: '1/1',
    log_id: 1,
    commit_seq: commitSeq,
  }
}

function triageRow(given: Row): Row {
  return {
    action_id: '',
    alert_id: '',
    action: '',
    actor: 'analyst-test',
    role: 'analyst',
    at: new Date(monday),
    value: '',
    reason: '',
    comment: '',
    undo_of: '',
    rule: '',
    keyspace: '',
    key: '',
    site: '',
    expires_at: new Date(monday),
    log_id: 1,
    triage_seq: 1,
    ...given,
  }
}
