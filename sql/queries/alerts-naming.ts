import { Type } from 'typebox'
import { alertRow } from './alert-row.ts'
import { defineQuery } from './query.ts'

/** The open alerts about others that name an entity. */
export default defineQuery({
  name: 'alerts-naming',
  params: Type.Object({ key: Type.String(), limit: Type.Number() }),
  row: alertRow,
})
