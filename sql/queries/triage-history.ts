import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** What was done with one alert. */
export default defineQuery({
  name: 'triage-history',
  params: Type.Object({ alert_id: Type.String() }),
  row: Type.Object({
    action_id: Type.String(),
    alert_id: Type.String(),
    action: Type.String(),
    actor: Type.String(),
    role: Type.String(),
    at_ms: Type.Number(),
    value: Type.String(),
    reason: Type.String(),
    comment: Type.String(),
    undo_of: Type.String(),
    undone: Type.Number(),
  }),
})
