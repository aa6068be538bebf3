import { Type } from 'typebox'
import { auditRow } from './audit-entries.ts'
import { defineQuery } from './query.ts'

/** Entries of the audit journal with a higher number than `after`, in their order. */
export default defineQuery({
  name: 'audit-chain',
  params: Type.Object({ after: Type.Number(), limit: Type.Number() }),
  row: auditRow,
})
