import type { AuditMessage } from '../../sql/audit-message.ts'
import auditChain from '../../sql/queries/audit-chain.ts'
import type { AuditRow } from '../../sql/queries/audit-entries.ts'
import { brokenAt } from './audit-chain.ts'
import type { AuditLog } from './audit-log.ts'
import type { AuditChain } from './audit-shapes.ts'
import type { Reader } from './reader.ts'

/** Entries that are read and hashed at once: few enough that others are answered in between. */
const partLength = 2_000

/**
 * Holds every entry of the store against the one before, and the newest against the log. It ends at the first that does not follow. The
 * oldest is taken at its word unless it is number 1: those before it are past their time.
 */
export async function checkChain(deps: {
  reader: Reader
  audit: Pick<AuditLog, 'newest'>
  wall?: () => number
}): Promise<AuditChain> {
  const wall = deps.wall ?? Date.now
  let first = 0
  let last: AuditMessage | undefined
  let checked = 0
  const result = async (broken: AuditMessage | undefined): Promise<AuditChain> => ({
    first,
    last: last?.number ?? 0,
    checked,
    brokenAt: broken?.number ?? null,
    brokenWhen: broken?.at ?? null,
    missing: broken === undefined ? Math.max(0, newest - (last?.number ?? 0)) : 0,
    checkedAt: wall(),
  })
  // Asked before the store is read, so that what is written meanwhile is not missed in it.
  const newest = await deps.audit.newest()
  for (;;) {
    const rows = await deps.reader.rows(auditChain, { after: last?.number ?? 0, limit: partLength })
    const part = rows.map(entryOf)
    first ||= part[0]?.number ?? 0
    const at = brokenAt(last === undefined ? part : [last, ...part])
    checked += at === null ? part.length : part.findIndex(({ number }) => number === at)
    last = part.at(-1) ?? last
    if (at !== null) return result(part.find(({ number }) => number === at))
    if (part.length < partLength) return result(undefined)
  }
}

/** A row of the store as it was written. */
export function entryOf(row: AuditRow): AuditMessage {
  const { at_ms, alert_id, case_number, act, ...rest } = row
  return { ...rest, act: act as AuditMessage['act'], at: at_ms, alertId: alert_id, caseNumber: case_number }
}
