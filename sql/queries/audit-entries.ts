import { Type, type Static } from 'typebox'
import { defineQuery } from './query.ts'

export const auditRow = Type.Object({
  number: Type.Number(),
  at_ms: Type.Number(),
  actor: Type.String(),
  role: Type.String(),
  act: Type.String(),
  keyspace: Type.String(),
  key: Type.String(),
  alert_id: Type.String(),
  purpose: Type.String(),
  case_number: Type.String(),
  detail: Type.String(),
  previous: Type.String(),
  hash: Type.String(),
})
export type AuditRow = Static<typeof auditRow>

/** `actor`: how the name begins; '' in any text: no matter which. `from` and `to` in ms UTC, `to` exclusive. */
export const auditFilter = {
  actor: Type.String(),
  act: Type.String(),
  key: Type.String(),
  from: Type.Number(),
  to: Type.Number(),
}

/** Entries of the audit journal; `before`: only with a lower number, 0: the latest. */
export default defineQuery({
  name: 'audit-entries',
  params: Type.Object({ ...auditFilter, before: Type.Number(), limit: Type.Number() }),
  row: auditRow,
})
