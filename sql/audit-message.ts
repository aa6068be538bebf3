/** Who looked at whom and what left the house, as messages of the AUDIT stream: subject `audit.<act>`, in the order of `number`. */
export const auditActs = ['entity', 'companions', 'evidence', 'handover'] as const
export type AuditAct = (typeof auditActs)[number]

/** One entry of the journal. `hash` covers all the others, `previous` included: see dashboard/api/audit-chain.ts. */
export interface AuditMessage {
  /** From 1, without gaps. */
  readonly number: number
  /** Milliseconds UTC by the wall. */
  readonly at: number
  /** A session's short name, and its role. */
  readonly actor: string
  readonly role: string
  readonly act: AuditAct
  readonly keyspace: string
  /** Pseudonym, or id of a premises or site. */
  readonly key: string
  /** The alert that the look belongs to; empty without one. */
  readonly alertId: string
  readonly purpose: string
  readonly caseNumber: string
  /** For a package: its id and to whom; else empty. */
  readonly detail: string
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previous: string
  /** SHA-256, hexadecimal. */
  readonly hash: string
}
