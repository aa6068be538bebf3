import { Type, type Static } from 'typebox'
import { auditActs } from '../../sql/audit-message.ts'
import { casePattern, purposes } from './vocabulary.ts'

const words = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>(Type.Enum([...values], { description }))
const closed = { additionalProperties: false }

export const Purpose = words(purposes, 'Why the look is needed.')
export const CaseNumber = Type.String({
  pattern: casePattern,
  description: 'Number of the case, 3 to 40 letters, digits and . / _ -',
})

// GET /api/audit
export const AuditQuery = Type.Object(
  {
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only entries with a lower number.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Absent: 100.' })),
  },
  closed,
)
export const AuditEntry = Type.Object({
  number: Type.Integer(),
  at: Type.Integer(),
  actor: Type.String(),
  role: Type.String(),
  act: words(auditActs, ''),
  keyspace: Type.String(),
  key: Type.String(),
  alertId: Type.String(),
  purpose: Type.String(),
  caseNumber: Type.String(),
  detail: Type.String(),
  previous: Type.String(),
  hash: Type.String(),
})
export const Audit = Type.Object({
  /** Newest first. */
  entries: Type.Array(AuditEntry),
  /** Number of the first of these that does not follow from the one before: it, or the one before, was tampered with. Null: all do. */
  brokenAt: Type.Union([Type.Integer(), Type.Null()]),
})
export type Audit = Static<typeof Audit>
