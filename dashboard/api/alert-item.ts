import type { AlertRevision } from '../../processors/alert.ts'
import type { AlertRow } from '../../sql/queries/alert-row.ts'
import type { AlertItem } from './shapes.ts'

/** A name in both languages of the product. */
export interface Named {
  readonly en: string
  readonly th: string
}

/** An alert as lists, pages and the live feed show it: its events are counted, not listed. */
export function itemOfRevision(revision: AlertRevision, nameOf: (site: string) => Named): AlertItem {
  const { events, evidence, sentence, ...rest } = revision
  return {
    ...rest,
    sentence: { ...sentence },
    evidence: { ...evidence },
    siteName: { ...nameOf(revision.site) },
    eventCount: events.length,
  }
}

/** The same from the store. */
export function itemOfRow(row: AlertRow, nameOf: (site: string) => Named): AlertItem {
  return {
    alertId: row.alert_id,
    revision: row.revision,
    status: row.status as AlertItem['status'],
    rule: row.rule,
    ruleVersion: row.rule_version,
    class: row.class as AlertItem['class'],
    measure: row.measure,
    severity: row.severity as AlertItem['severity'],
    keyspace: row.keyspace as AlertItem['keyspace'],
    key: row.key,
    site: row.site,
    siteName: { ...nameOf(row.site) },
    startAt: row.start_ms,
    endAt: row.end_ms,
    raisedAt: row.raised_ms,
    revisedAt: row.revised_ms,
    sentence: { en: row.sentence_en, th: row.sentence_th },
    evidence: JSON.parse(row.evidence) as Record<string, unknown>,
    eventCount: row.event_count,
    reason: row.reason,
    logSeq: row.log_seq,
  }
}
