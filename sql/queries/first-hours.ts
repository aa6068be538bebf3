import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** The hour from which on each feed can be compared, and the end of its last hour with records, ms UTC. */
export default defineQuery({
  name: 'first-hours',
  params: Type.Object({}),
  row: Type.Object({ feed: Type.String(), first_at: Type.Number(), last_at: Type.Number() }),
})
