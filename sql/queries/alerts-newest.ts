import { Type } from 'typebox'
import { alertRow } from './alert-row.ts'
import { defineQuery } from './query.ts'

/** The open alerts that were raised last. */
export default defineQuery({
  name: 'alerts-newest',
  params: Type.Object({ limit: Type.Number() }),
  row: alertRow,
})
