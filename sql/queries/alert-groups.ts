import { Type } from 'typebox'
import { defineQuery } from './query.ts'
import { queueFilter } from './queue-row.ts'

/** Alerts by entity or site. */
export default defineQuery({
  name: 'alert-groups',
  params: Type.Object({ ...queueFilter, by: Type.String() }),
  row: Type.Object({
    group_keyspace: Type.String(),
    group_key: Type.String(),
    count: Type.Number(),
    high: Type.Number(),
    unseen: Type.Number(),
    oldest_ms: Type.Number(),
  }),
})
