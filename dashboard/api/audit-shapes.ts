import { Type, type Static } from 'typebox'
import { auditActs } from '../../sql/audit-message.ts'
import { Moment } from './shapes.ts'
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
    actor: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9-]{1,40}$',
        description: 'How the name begins: a role, or a session.',
      }),
    ),
    act: Type.Optional(words(auditActs, 'What was done.')),
    key: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$', description: 'Whom it was about.' })),
    from: Type.Optional(Moment),
    to: Type.Optional(Moment),
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
export type AuditEntry = Static<typeof AuditEntry>
export const Audit = Type.Object({
  /** Newest first. */
  entries: Type.Array(AuditEntry),
  /** Whether older entries meet the filter. */
  more: Type.Boolean(),
  /** Entries that meet the filter, all pages. */
  total: Type.Integer(),
  /** Who is in the journal, the latest first, at most 200. */
  actors: Type.Array(Type.String()),
})
export type Audit = Static<typeof Audit>

// GET /api/audit/chain
export const AuditChain = Type.Object({
  /** Number of the oldest entry that is held, and of the newest; 0 when there is none. */
  first: Type.Integer(),
  last: Type.Integer(),
  /** Entries that were held against the one before. */
  checked: Type.Integer(),
  /** Number of the first that does not follow from the one before: it, or the one before, was tampered with. Null: all do. */
  brokenAt: Type.Union([Type.Integer(), Type.Null()]),
  /** When that entry says it was written; null when none is broken. */
  brokenWhen: Type.Union([Type.Integer(), Type.Null()]),
  /** Entries at the end of the log that the store does not hold: on their way for a moment, else left out. */
  missing: Type.Integer(),
  /** When it was checked, by the wall. */
  checkedAt: Type.Integer(),
})
export type AuditChain = Static<typeof AuditChain>
