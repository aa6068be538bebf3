import { auditActs, type AuditAct } from '../../../api/vocabulary.ts'
import { addDays } from '../format/zone.ts'
import { day, matching, query, siteId, word } from './filter.ts'

export interface AuditFilter {
  /** How the name of whoever looked begins. */
  readonly actor: string | null
  readonly act: AuditAct | null
  /** Whom it was about. */
  readonly key: string | null
  /** Days, both included. */
  readonly from: string | null
  readonly to: string | null
  /** Entries with a lower number than this; null: the newest. */
  readonly before: number | null
}

export const actorPattern = /^[a-z0-9-]{1,40}$/

export function parseAudit(search: string): AuditFilter {
  const params = new URLSearchParams(search)
  return {
    actor: matching(actorPattern, params.get('actor')),
    act: word(auditActs, params.get('act')),
    key: matching(siteId, params.get('key')),
    from: day(params.get('from')),
    to: day(params.get('to')),
    before: Number(matching(/^[1-9]\d{0,14}$/, params.get('before'))) || null,
  }
}

export function formatAudit({ before, ...rest }: AuditFilter): string {
  return query({ ...rest, before: before === null ? null : String(before) })
}

/** The same as the query of /api/audit; `to` is exclusive there. */
export function auditQuery(filter: AuditFilter): string {
  return formatAudit({ ...filter, to: filter.to === null ? null : addDays(filter.to, 1) })
}
