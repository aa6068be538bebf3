import { Type } from 'typebox'
import { defineQuery } from './query.ts'
import { queueRow } from './queue-row.ts'

/** Some alerts as they stand. */
export default defineQuery({
  name: 'alerts-by-id',
  params: Type.Object({ ids: Type.Array(Type.String()) }),
  row: queueRow,
})
