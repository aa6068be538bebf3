import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** What was turned away, by source, reason and field. */
export default defineQuery({
  name: 'rejected-summary',
  params: Type.Object({ from: Type.Number(), to: Type.Number() }),
  row: Type.Object({
    feed: Type.String(),
    source: Type.String(),
    reason: Type.String(),
    field: Type.String(),
    fix: Type.String(),
    count: Type.Number(),
    last_ms: Type.Number(),
  }),
})
