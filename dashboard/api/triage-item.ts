import { createHash } from 'node:crypto'
import type { TriageRow } from '../../sql/queries/queue-row.ts'
import type { Session } from './session.ts'
import type { Triage } from './triage-shapes.ts'

const orNull = (ms: number): number | null => (ms > 0 ? ms : null)

/** Where an alert stands, from the store. */
export function triageOf(row: Omit<TriageRow, 'alert_id'>): Triage {
  return {
    state: row.triage_state as Triage['state'],
    assignee: row.assignee,
    disposition: row.disposition,
    reason: row.disposed_reason,
    disposedBy: row.disposed_by,
    seenAt: orNull(row.seen_at_ms),
    assignedAt: orNull(row.assigned_at_ms),
    disposedAt: orNull(row.disposed_at_ms),
    comments: row.comment_count,
    snoozedUntil: orNull(row.snoozed_until_ms),
    position: row.triage_position,
  }
}

/** Name of a session in the journal: its role and four digits, from which the session cannot be told. */
export function actorOf({ id, role }: Session): string {
  return `${role}-${createHash('sha256').update(id).digest('hex').slice(0, 4)}`
}
