import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** What a snooze would have hidden. */
export default defineQuery({
  name: 'snooze-preview',
  params: Type.Object({
    rule: Type.String(),
    keyspace: Type.String(),
    key: Type.String(),
    site: Type.String(),
    from: Type.Number(),
    to: Type.Number(),
  }),
  row: Type.Object({
    severity: Type.String(),
    class: Type.String(),
    count: Type.Number(),
    open_count: Type.Number(),
    confirmed: Type.Number(),
  }),
})
