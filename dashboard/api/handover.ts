import { createHash } from 'node:crypto'
import type { Handover } from './handover-shapes.ts'
import type { AlertItem, Evidence } from './shapes.ts'
import type { Named } from './alert-item.ts'

const notice: Named = {
  en: 'A lead for a person to check, not a verdict. Use it for the purpose and case named here, pass it on to nobody, and destroy it when it expires.',
  th: 'เป็นเบาะแสให้เจ้าหน้าที่ตรวจสอบ มิใช่ข้อสรุป ใช้เฉพาะตามวัตถุประสงค์และคดีที่ระบุ ห้ามส่งต่อ และให้ทำลายเมื่อหมดอายุ',
}
const victimNotice: Named = {
  en: ` This may concern a victim: keep it apart from enforcement, and never enter the person on a watchlist.`,
  th: ` อาจเกี่ยวข้องกับผู้เสียหาย ให้แยกจากงานปราบปราม และห้ามนำบุคคลเข้าบัญชีเฝ้าระวัง`,
}

/** A package of one alert, with the fewest fields that let somebody act. */
export function packageOf(
  head: Pick<
    Handover,
    'packageId' | 'marking' | 'madeAt' | 'expiresAt' | 'madeBy' | 'recipient' | 'purpose' | 'caseNumber'
  >,
  { alert, title, evidence }: { alert: AlertItem; title: Named; evidence: Evidence },
): Handover {
  const records: Handover['records'] = [
    ...evidence.crossings.map((row) => ({ row, feed: 'crossings', kind: row.direction, confidence: null })),
    ...evidence.sightings.map((row) => ({ row, feed: 'sightings', kind: '', confidence: row.confidence })),
    ...evidence.registrations.map((row) => ({ row, feed: 'registrations', kind: '', confidence: null })),
  ]
    .map(({ row, feed, kind, confidence }) => ({
      feed,
      at: row.at,
      site: row.site,
      siteName: row.siteName,
      kind,
      confidence,
      source: row.source,
      record: row.eventId,
    }))
    .sort((a, b) => a.at - b.at || (a.record < b.record ? -1 : 1))
  const content: Omit<Handover, 'sha256'> = {
    format: 'daan-handover/1',
    ...head,
    notice:
      alert.class === 'welfare'
        ? { en: notice.en + victimNotice.en, th: notice.th + victimNotice.th }
        : { ...notice },
    alert: {
      alertId: alert.alertId,
      revision: alert.revision,
      rule: alert.rule,
      ruleVersion: alert.ruleVersion,
      title: { ...title },
      class: alert.class,
      measure: alert.measure,
      severity: alert.severity,
      about: alert.keyspace,
      sentence: alert.sentence,
      startAt: alert.startAt,
      endAt: alert.endAt,
      site: alert.site,
      siteName: alert.siteName,
      numbers: withoutPseudonyms(alert.evidence),
    },
    records,
  }
  return { ...content, sha256: createHash('sha256').update(JSON.stringify(content)).digest('hex') }
}

const pseudonym = /^[0-9a-f]{16}$/

/** The numbers that decided, without those that name somebody. */
function withoutPseudonyms(evidence: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = (value: unknown): boolean => typeof value === 'string' && pseudonym.test(value)
  return Object.fromEntries(
    Object.entries(evidence).filter(
      ([, value]) => !names(value) && !(Array.isArray(value) && value.some(names)),
    ),
  )
}
