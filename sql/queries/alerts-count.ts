import { Type } from 'typebox'
import { defineQuery } from './query.ts'
import { queueFilter } from './queue-row.ts'

/** How many alerts meet a filter, and how many of them are suppressed. */
export default defineQuery({
  name: 'alerts-count',
  params: Type.Object(queueFilter),
  row: Type.Object({ total: Type.Number(), suppressed: Type.Number() }),
})
