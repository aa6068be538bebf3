import { Type } from 'typebox'
import { alertRow } from './alert-row.ts'
import { defineQuery } from './query.ts'

/** The open alerts that were raised last: all, or those about others that name an entity. */
export default defineQuery({
  name: 'alerts-newest',
  params: Type.Object({ naming: Type.String(), limit: Type.Number() }),
  row: alertRow,
})
