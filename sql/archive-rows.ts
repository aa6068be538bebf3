import type { JsMsg } from '@nats-io/jetstream'
import { feedNames, layouts, type FeedName } from '../ingest/feeds/layout.ts'
import type { AuditMessage } from './audit-message.ts'
import type { TriageMessage } from './triage-message.ts'
import type { CountedVolumes, ReferenceChange, RejectedRecord } from '../ingest/feeds/log-subjects.ts'
import type { AlertCommit } from '../processors/alert.ts'
import { describeStream } from './arrow-splice.ts'
import type { Row } from './store.ts'

/** Messages of the log as rows of tables: pure, and the same for the same message every time. */

/** A message of EVENTS, told apart by its subject. `skip`: cannot be taken, with the reason. */
export type EventsMessage =
  | { readonly kind: 'feed'; readonly feed: FeedName; readonly batch: bigint; readonly rows: number }
  | { readonly kind: 'reference' | 'volumes'; readonly rows: readonly Row[] }
  | { readonly kind: 'tick' }
  | { readonly kind: 'skip'; readonly reason: string }

const columnNames = Object.fromEntries(
  feedNames.map((feed) => [feed, new Set<string>(layouts[feed].map(([name]) => name))]),
) as unknown as Record<FeedName, ReadonlySet<string>>

/** Reads what a message of EVENTS holds; of a batch only its size, from the metadata. */
export function readEventsMessage(message: JsMsg): EventsMessage {
  const name = message.subject.slice('events.'.length)
  if (name === 'tick') return { kind: 'tick' }
  try {
    if (name === 'reference')
      return { kind: name, rows: referenceRows(message.json<ReferenceChange>(), message.seq) }
    if (name === 'volumes')
      return { kind: name, rows: countedRows(message.json<CountedVolumes>(), message.seq) }
    const feed = feedNames.find((feed) => feed === name)
    if (feed === undefined) return { kind: 'skip', reason: 'unknown-subject' }
    const { rows, columns } = describeStream(message.data)
    // Fewer columns than today's are fine: a batch from before one was added.
    if (!columns.every((column) => columnNames[feed].has(column)))
      return { kind: 'skip', reason: 'unknown-column' }
    return { kind: 'feed', feed, batch: batchNumber(message), rows }
  } catch {
    return { kind: 'skip', reason: 'unreadable' }
  }
}

/** Number of a batch from its message id, `b:<16 hex>`; 0 when it has none. */
export function batchNumber(message: Pick<JsMsg, 'headers'>): bigint {
  const [, hex] = /^b:([0-9a-f]{16})$/.exec(message.headers?.get('Nats-Msg-Id') ?? '') ?? []
  return hex === undefined ? 0n : BigInt(`0x${hex}`)
}

function referenceRows(change: ReferenceChange, logSeq: number): Row[] {
  return change.rows.map((row) => ({
    table_name: change.table,
    id: row.id,
    valid_from: row.validFrom,
    valid_to: row.validTo,
    source: row.source,
    owner: row.owner,
    entry: String(row['entry'] ?? ''),
    row: JSON.stringify(row),
    logged_at: new Date(change.loggedAt),
    log_seq: logSeq,
  }))
}

function countedRows(counted: CountedVolumes, logSeq: number): Row[] {
  return counted.rows.map((row) => ({
    feed: row.feed,
    hour: new Date(Math.floor(row.at / 3_600_000) * 3_600_000),
    site: row.site,
    kind: row.kind,
    origin: 'counted',
    span_hours: Math.max(1, Math.round(row.spanMs / 3_600_000)),
    count: row.count,
    people: row.count,
    computed_at: new Date(counted.loggedAt),
    version: logSeq,
  }))
}

/** Revisions of a commit as rows of alert_revisions; none for a commit that only moves the position. */
export function alertRows(message: JsMsg, logId: number): Row[] {
  const commit = message.json<AlertCommit>()
  return commit.revisions.map((alert) => ({
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
    site: alert.site,
    start_at: new Date(alert.startAt),
    end_at: new Date(alert.endAt),
    raised_at: new Date(alert.raisedAt),
    revised_at: new Date(alert.revisedAt),
    sentence_en: alert.sentence.en,
    sentence_th: alert.sentence.th,
    evidence: JSON.stringify(alert.evidence),
    events: alert.events.map((key) => BigInt(`0x${key}`)),
    reason: alert.reason,
    log_seq: alert.logSeq,
    slice: commit.slice,
    log_id: logId,
    commit_seq: message.seq,
  }))
}

/** Records of a message of REJECTED as rows: one, or a JSON array of them. */
export function rejectedRows(message: JsMsg, logId: number): Row[] {
  const content = message.json<RejectedRecord | readonly RejectedRecord[]>()
  const records: readonly RejectedRecord[] = Array.isArray(content) ? content : [content as RejectedRecord]
  return records.map((record, item) => ({
    id: record.id,
    source: record.source,
    feed: record.feed,
    at: new Date(record.at),
    reason: record.reason,
    field: record.field,
    fix: record.fix,
    sealed: record.sealed,
    log_id: logId,
    reject_seq: message.seq,
    item,
  }))
}

/** An action as rows of triage_actions: one for each alert, or one without alert for a snooze. */
export function triageRows(message: JsMsg, logId: number): Row[] {
  const action = message.json<TriageMessage>()
  const alertIds = action.alertIds.length === 0 ? [''] : action.alertIds
  return alertIds.map((alertId) => ({
    action_id: action.actionId,
    alert_id: alertId,
    action: action.action,
    actor: action.actor,
    role: action.role,
    at: new Date(action.at),
    value: action.value,
    reason: action.reason,
    comment: action.comment,
    undo_of: action.undoOf,
    rule: action.rule,
    keyspace: action.keyspace,
    key: action.key,
    site: action.site,
    expires_at: new Date(action.expiresAt),
    log_id: logId,
    triage_seq: message.seq,
  }))
}

/** An entry of the audit journal as a row of `audit`. */
export function auditRows(message: JsMsg, logId: number): Row[] {
  const entry = message.json<AuditMessage>()
  return [
    {
      number: entry.number,
      at: new Date(entry.at),
      actor: entry.actor,
      role: entry.role,
      act: entry.act,
      keyspace: entry.keyspace,
      key: entry.key,
      alert_id: entry.alertId,
      purpose: entry.purpose,
      case_number: entry.caseNumber,
      detail: entry.detail,
      previous: entry.previous,
      hash: entry.hash,
      log_id: logId,
      audit_seq: message.seq,
    },
  ]
}
