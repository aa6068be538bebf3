import { Type, type Static } from 'typebox'
import { auditActs } from '../../sql/audit-message.ts'

const words = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>(Type.Enum([...values], { description }))
const closed = { additionalProperties: false }

/** Why somebody looks at a person. */
export const purposes = [
  'investigation',
  'victim-protection',
  'document-check',
  'inspection',
  'quality',
] as const
export type Purpose = (typeof purposes)[number]
export const Purpose = words(purposes, 'Why the look is needed.')
export const CaseNumber = Type.String({
  minLength: 3,
  maxLength: 40,
  pattern: '^[A-Za-z0-9][A-Za-z0-9./_-]*$',
  description: 'Number of the case, 3 to 40 letters, digits and . / _ -',
})

/** Headers of a look at a person, and not the address: that is kept in histories and logs of servers. */
export const purposeHeader = 'daan-purpose'
export const caseHeader = 'daan-case'

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
