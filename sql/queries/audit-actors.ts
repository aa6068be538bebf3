import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Who is in the audit journal, the latest first. */
export default defineQuery({
  name: 'audit-actors',
  params: Type.Object({ limit: Type.Number() }),
  row: Type.Object({ actor: Type.String() }),
})
