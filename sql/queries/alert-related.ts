import { Type } from 'typebox'
import { defineQuery } from './query.ts'
import { queueRow } from './queue-row.ts'

/** Other alerts of the same key. */
export default defineQuery({
  name: 'alert-related',
  params: Type.Object({
    keyspace: Type.String(),
    key: Type.String(),
    alert_id: Type.String(),
    limit: Type.Number(),
  }),
  row: queueRow,
})
