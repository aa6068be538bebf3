import { Type } from 'typebox'
import { defineQuery } from './query.ts'
import { queueFilter, queueRow } from './queue-row.ts'

/** Alerts as they stand, by pages. */
export default defineQuery({
  name: 'alerts',
  params: Type.Object({
    ...queueFilter,
    sort: Type.String(),
    before_key: Type.Number(),
    before_id: Type.String(),
    limit: Type.Number(),
  }),
  row: queueRow,
})
