import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** How each source of each feed does. */
export default defineQuery({
  name: 'source-status',
  params: Type.Object({ now: Type.Number() }),
  row: Type.Object({
    feed: Type.String(),
    source: Type.String(),
    last_seen_ms: Type.Number(),
    last_event_ms: Type.Number(),
    first_seen_ms: Type.Number(),
    last_hour: Type.Number(),
    before_last_hour: Type.Number(),
    last_day: Type.Number(),
    lag_ms: Type.Union([Type.Number(), Type.Null()]),
  }),
})
