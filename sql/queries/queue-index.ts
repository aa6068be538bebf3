import { Type } from 'typebox'
import { defineQuery } from './query.ts'
import { queueFilter } from './queue-row.ts'

const { snoozed: _, ...filter } = queueFilter

/** The whole queue in order, slim. `id` is a 64-bit number: read it as Arrow. */
export default defineQuery({
  name: 'queue-index',
  params: Type.Object({
    ...filter,
    by: Type.String(),
    severity_weight: Type.Number(),
    time_weight: Type.Number(),
    limit: Type.Number(),
  }),
  row: Type.Object({
    id: Type.Union([Type.String(), Type.Number()]),
    severity_rank: Type.Number(),
    state_rank: Type.Number(),
    suppressed: Type.Number(),
    raised_ms: Type.Number(),
    group_key: Type.String(),
  }),
})
