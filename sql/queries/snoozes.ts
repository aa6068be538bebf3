import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Snoozes that last or ended lately. */
export default defineQuery({
  name: 'snoozes',
  params: Type.Object({ from: Type.Number() }),
  row: Type.Object({
    snooze_id: Type.String(),
    rule: Type.String(),
    keyspace: Type.String(),
    key: Type.String(),
    site: Type.String(),
    reason: Type.String(),
    actor: Type.String(),
    at_ms: Type.Number(),
    expires_ms: Type.Number(),
    revoked_at_ms: Type.Number(),
    revoked_by: Type.String(),
    suppressed: Type.Number(),
  }),
})
