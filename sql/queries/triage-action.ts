import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** The alerts of one action. */
export default defineQuery({
  name: 'triage-action',
  params: Type.Object({ action_id: Type.String() }),
  row: Type.Object({ alert_id: Type.String(), action: Type.String(), undone: Type.Number() }),
})
