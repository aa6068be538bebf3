import { createHash } from 'node:crypto'
import type { AuditMessage } from '../../sql/audit-message.ts'

/** Hash before the first entry. */
export const beginning = '0'.repeat(64)

/** What an entry's hash is made of: its fields in this order, JSON. */
export function hashOf(entry: Omit<AuditMessage, 'hash'>): string {
  const { number, at, actor, role, act, keyspace, key, alertId, purpose, caseNumber, detail, previous } =
    entry
  const content = [
    number,
    at,
    actor,
    role,
    act,
    keyspace,
    key,
    alertId,
    purpose,
    caseNumber,
    detail,
    previous,
  ]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

/**
 * The first number at which entries (by number, ascending, without gaps) do not follow from each other: changed, missing or slipped in;
 * null when all do. The first entry given is taken at its word unless it is number 1.
 */
export function brokenAt(entries: readonly AuditMessage[]): number | null {
  let before = entries[0]?.number === 1 ? { number: 0, hash: beginning } : undefined
  for (const entry of entries) {
    const follows =
      before === undefined || (entry.number === before.number + 1 && entry.previous === before.hash)
    if (!follows || entry.hash !== hashOf(entry)) return entry.number
    before = entry
  }
  return null
}
