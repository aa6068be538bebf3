import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Records by feed and site in [from, to) of event time, as they were known at `known_at` of the log; all ms UTC. */
export default defineQuery({
  name: 'records-as-known',
  params: Type.Object({ known_at: Type.Number(), from: Type.Number(), to: Type.Number() }),
  row: Type.Object({ feed: Type.String(), site: Type.String(), count: Type.Number(), people: Type.Number() }),
})
