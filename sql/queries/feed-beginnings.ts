import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** When the records of each feed begin, ms UTC. */
export default defineQuery({
  name: 'feed-beginnings',
  params: Type.Object({}),
  row: Type.Object({ feed: Type.String(), first_at: Type.Number() }),
})
