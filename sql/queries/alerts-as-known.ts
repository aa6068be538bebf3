import { Type } from 'typebox'
import { alertRow } from './alert-row.ts'
import { defineQuery } from './query.ts'

/** Alerts that stood at an instant of the log (ms UTC), as they were known then. */
export default defineQuery({
  name: 'alerts-as-known',
  params: Type.Object({ known_at: Type.Number(), limit: Type.Number() }),
  row: alertRow,
})
