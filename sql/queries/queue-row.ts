import { Type, type Static } from 'typebox'
import { alertRow } from './alert-row.ts'

/** Where an alert stands; times in ms UTC, 0 for what has not happened. */
export const triageColumns = {
  triage_state: Type.String(),
  assignee: Type.String(),
  disposition: Type.String(),
  disposed_reason: Type.String(),
  disposed_by: Type.String(),
  seen_at_ms: Type.Number(),
  assigned_at_ms: Type.Number(),
  disposed_at_ms: Type.Number(),
  comment_count: Type.Number(),
  triage_position: Type.Number(),
  snoozed_until_ms: Type.Number(),
}

/** An alert of the queue. `sort_key`: what the list is sorted by, greatest first. */
export const queueRow = Type.Object({ ...alertRow.properties, ...triageColumns, sort_key: Type.Number() })
export type QueueRow = Static<typeof queueRow>

export const triageRow = Type.Object({ alert_id: Type.String(), ...triageColumns })
export type TriageRow = Static<typeof triageRow>

/** What the lists, counts and groups of the queue are filtered by; see alerts.sql. */
export const queueFilter = {
  rule: Type.String(),
  class: Type.String(),
  severity: Type.String(),
  status: Type.String(),
  site: Type.String(),
  key: Type.String(),
  queue: Type.String(),
  state: Type.String(),
  assignee: Type.String(),
  snoozed: Type.String(),
  /** Part of the sentence in either language, of the key or of the id. */
  text: Type.String(),
  now: Type.Number(),
  from: Type.Number(),
  to: Type.Number(),
}
