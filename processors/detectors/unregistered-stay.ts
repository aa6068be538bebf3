import { Type } from 'typebox'
import { defineDetector } from '../detector.ts'
import { mayStayForGood } from '../engine/entitlement.ts'
import { moveOf, nextMove } from '../engine/moves.ts'

const hour = 3_600_000
const day = 24 * hour

/** Somebody entered, did not leave, and no lodging registered them in the time that the law gives it. */
export default defineDetector({
  id: 'unregistered-stay',
  key: 'traveller',
  reads: ['crossings', 'registrations'],
  uses: ['stays', 'passRules'],
  measure: 4,
  class: 'administrative',
  title: { en: 'Unregistered stay', th: 'พักโดยไม่แจ้งที่พัก' },
  reason: {
    en: 'Lodgings register foreigners within 24 hours (TM.30). Nobody registered and nobody left: the host did not file, or nobody knows where the guest is. It needs a record a person; a family filed under one document leaves the others here.',
    th: 'ที่พักต้องแจ้งคนต่างด้าวภายใน 24 ชั่วโมง (ตม.30) ไม่มีการแจ้งและไม่มีการออก อาจเป็นเพราะเจ้าบ้านไม่แจ้ง หรือไม่มีใครทราบว่าพักที่ใด ต้องมีรายการรายบุคคล หากแจ้งทั้งครอบครัวด้วยเอกสารเดียว ผู้อื่นจะปรากฏที่นี่',
  },
  params: Type.Object({
    dueMs: Type.Integer({
      minimum: hour,
      default: 24 * hour,
      description: 'Time from the entry in which the law wants a registration, ms.',
    }),
    graceMs: Type.Integer({
      minimum: 0,
      default: 12 * hour,
      description: 'Time after that for bulk files and portals that were down, ms.',
    }),
    assumedNights: Type.Integer({
      minimum: 1,
      maximum: 60,
      default: 1,
      description: 'Nights of a stay without check-out.',
    }),
    documentTypes: Type.Array(Type.String(), {
      default: ['passport'],
      description: 'Documents it looks at. Crew sleep aboard, holders of passes go home.',
    }),
  }),
  evidence: Type.Object({
    enteredAt: Type.Integer({ description: 'Entry, ms UTC.' }),
    dueAt: Type.Integer({ description: 'When a registration was due, grace included, ms UTC.' }),
    declaredProvince: Type.String({ description: 'Province declared on entry; empty when none was.' }),
    mode: Type.String({ description: 'How they came: air, land, sea or rail; empty when not known.' }),
    checks: Type.Integer({ description: 'Route checks at which they were seen until then.' }),
  }),
  lookbackMs: ({ assumedNights }) => assumedNights * day,
  lookaheadMs: ({ dueMs, graceMs }) => dueMs + graceMs,
  evaluate: ({ history, reference, now, from, params: { dueMs, graceMs, assumedNights, documentTypes } }) => {
    // A traveller key is one document: its type is part of the pseudonym.
    if (history.length === 0 || !documentTypes.includes(history.documentType(0))) return []
    const findings = []
    const rechecks = []
    for (let i = 0; i < history.length; i++) {
      if (moveOf(history, i) !== 'entry') continue
      const enteredAt = history.at(i)
      // Nothing changes for who entered before the slice, and lodgings before them may lie outside it.
      if (enteredAt < from) continue
      const dueAt = enteredAt + dueMs + graceMs
      const next = nextMove(history, i)
      if (next >= 0 && history.at(next) <= dueAt) continue
      if (registered(enteredAt, dueAt)) continue
      if (mayStayForGood(reference, history.nationality(i), history.documentType(i), enteredAt)) continue
      if (now < dueAt) {
        rechecks.push({ at: dueAt, about: enteredAt })
        continue
      }
      const checks = history.where((n) => n > i && history.direction(n) === 'check' && history.at(n) <= dueAt)
      findings.push({
        start: enteredAt,
        end: dueAt,
        site: history.site(i),
        events: [i, ...checks].map((n) => history.event(n)),
        evidence: {
          enteredAt,
          dueAt,
          declaredProvince: history.declaredProvince(i),
          mode: history.mode(i),
          checks: checks.length,
        },
      })
    }
    return { findings, rechecks }

    /** Whether some stay in a lodging holds in [since, to]; one that began before a day trip abroad goes on after it. */
    function registered(since: number, to: number): boolean {
      for (let i = 0; i < history.length && history.at(i) <= to; i++) {
        if (history.feed(i) !== 'registrations') continue
        const until = history.until(i)
        if ((Number.isNaN(until) ? history.at(i) + assumedNights * day : until) >= since) return true
      }
      return false
    }
  },
  severity: ({ checks }) => (checks > 0 ? 'medium' : 'low'),
  explain: ({ evidence: { enteredAt, dueAt, declaredProvince, checks }, site }, words) => {
    if (words.language === 'th') {
      const to = declaredProvince === '' ? 'ไม่ได้แจ้งปลายทาง' : `แจ้งปลายทาง ${declaredProvince}`
      return `เข้าประเทศที่ ${words.name(site)} เมื่อ ${words.time(enteredAt)} (${to}) ยังไม่มีการแจ้งที่พักและไม่พบการออกภายใน ${words.time(dueAt)}${checks > 0 ? ` พบที่จุดตรวจ ${checks} ครั้ง` : ''}`
    }
    const to = declaredProvince === '' ? 'no destination declared' : `declared ${declaredProvince}`
    return `Entered at ${words.name(site)} on ${words.time(enteredAt)} (${to}); no lodging registered them and they did not leave by ${words.time(dueAt)}${checks > 0 ? `; seen at ${checks} route ${checks === 1 ? 'check' : 'checks'}` : ''}.`
  },
  unless: ({ evidence: { dueAt } }, words) =>
    words.language === 'th'
      ? `หากมีการแจ้งที่พักหรือออกภายใน ${words.time(dueAt)}`
      : `with a registration that holds, or an exit, by ${words.time(dueAt)}`,
})
