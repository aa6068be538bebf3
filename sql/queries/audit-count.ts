import { Type } from 'typebox'
import { auditFilter } from './audit-entries.ts'
import { defineQuery } from './query.ts'

/** How many entries of the audit journal a filter has. */
export default defineQuery({
  name: 'audit-count',
  params: Type.Object(auditFilter),
  row: Type.Object({ entries: Type.Number() }),
})
