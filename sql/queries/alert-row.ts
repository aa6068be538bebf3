import { Type, type Static } from 'typebox'

/** One version of an alert as the store has it; times in ms UTC, evidence as JSON. */
export const alertRow = Type.Object({
  alert_id: Type.String(),
  revision: Type.Number(),
  status: Type.String(),
  rule: Type.String(),
  rule_version: Type.String(),
  class: Type.String(),
  measure: Type.Number(),
  severity: Type.String(),
  keyspace: Type.String(),
  key: Type.String(),
  site: Type.String(),
  start_ms: Type.Number(),
  end_ms: Type.Number(),
  raised_ms: Type.Number(),
  revised_ms: Type.Number(),
  sentence_en: Type.String(),
  sentence_th: Type.String(),
  evidence: Type.String(),
  event_count: Type.Number(),
  reason: Type.String(),
  log_seq: Type.Number(),
})
export type AlertRow = Static<typeof alertRow>
