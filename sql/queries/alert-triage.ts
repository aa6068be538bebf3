import { Type } from 'typebox'
import { defineQuery } from './query.ts'
import { triageRow } from './queue-row.ts'

/** Where some alerts stand. */
export default defineQuery({
  name: 'alert-triage',
  params: Type.Object({ ids: Type.Array(Type.String()) }),
  row: triageRow,
})
