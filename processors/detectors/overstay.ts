import { Type } from 'typebox'
import { permittedDays } from '../../ingest/reference/places.ts'
import { defineDetector } from '../detector.ts'
import { documentName } from '../words.ts'
import { moveOf, nextMove, startOfLocalDay } from '../engine/moves.ts'

const day = 86_400_000

/** Somebody is still in the country, or left, after the days that document and nationality permitted on entry. */
export default defineDetector({
  id: 'overstay',
  key: 'traveller',
  reads: ['crossings'],
  uses: ['stays', 'passRules'],
  measure: 2,
  class: 'administrative',
  title: { en: 'Overstay', th: 'อยู่เกินกำหนด' },
  reason: {
    en: 'The days that the entitlement table permits from the entry are over and no exit is known. A visa or an extension may permit more than the table knows: check before anything else.',
    th: 'ครบจำนวนวันที่ตารางสิทธิอนุญาตนับจากวันเข้าแล้ว แต่ไม่พบการออก วีซ่าหรือการขยายเวลาอาจอนุญาตนานกว่านั้น ต้องตรวจสอบก่อน',
  },
  params: Type.Object({
    documentTypes: Type.Array(Type.String(), {
      default: ['passport', 'border-pass', 'temporary-border-pass'],
      description: 'Documents it looks at.',
    }),
    graceMs: Type.Integer({
      minimum: 0,
      default: day,
      description:
        'Time after the last permitted day before it counts, ms: one day at the airport is not fined.',
    }),
    withinMs: Type.Integer({
      minimum: day,
      maximum: 400 * day,
      default: 366 * day,
      description: 'How long after the entry an exit is looked for, ms. A longer permit is not looked at.',
    }),
  }),
  evidence: Type.Object({
    enteredAt: Type.Integer({ description: 'Entry, ms UTC.' }),
    documentType: Type.String({ description: 'Document shown.' }),
    permittedDays: Type.Integer({ description: 'Days permitted from the entry, its own day included.' }),
    until: Type.Integer({ description: 'End of the last permitted day, ms UTC.' }),
    leftAt: Type.Union([Type.Integer(), Type.Null()], { description: 'Exit, ms UTC; null: none known.' }),
    overMs: Type.Union([Type.Integer(), Type.Null()], {
      description: 'From the last permitted day to the exit, ms; null: no exit known.',
    }),
  }),
  lookbackMs: () => day,
  lookaheadMs: ({ withinMs }) => withinMs,
  evaluate: ({ history, reference, now, params: { documentTypes, graceMs, withinMs } }) => {
    // A traveller key is one document: its type is part of the pseudonym.
    if (history.length === 0 || !documentTypes.includes(history.documentType(0))) return []
    const documentType = history.documentType(0)
    const findings = []
    const rechecks = []
    for (let i = 0; i < history.length; i++) {
      if (moveOf(history, i) !== 'entry') continue
      const enteredAt = history.at(i)
      let next = nextMove(history, i)
      if (next >= 0 && history.at(next) - enteredAt > withinMs) next = -1
      // Commuters are home before any permit ends, and entered again without an exit says nothing about the stay.
      if (
        next >= 0 &&
        (history.at(next) <= startOfLocalDay(enteredAt) + graceMs || moveOf(history, next) === 'entry')
      )
        continue
      const days = permittedDays(reference, history.nationality(i), documentType, enteredAt)
      if (days === undefined) continue
      const until = startOfLocalDay(enteredAt) + days * day
      const due = until + graceMs
      if (due - enteredAt > withinMs) continue
      const leftAt = next < 0 ? null : history.at(next)
      if (leftAt === null && now < due) {
        rechecks.push({ at: due, about: enteredAt })
        continue
      }
      if (leftAt !== null && leftAt <= due) continue
      findings.push({
        start: enteredAt,
        end: leftAt ?? due,
        site: history.site(next < 0 ? i : next),
        events: next < 0 ? [history.event(i)] : [history.event(i), history.event(next)],
        evidence: {
          enteredAt,
          documentType,
          permittedDays: days,
          until,
          leftAt,
          overMs: leftAt === null ? null : leftAt - until,
        },
      })
    }
    return { findings, rechecks }
  },
  severity: ({ overMs }) =>
    overMs === null || overMs > 90 * day ? 'high' : overMs > 7 * day ? 'medium' : 'low',
  explain: ({ evidence: { enteredAt, permittedDays, until, leftAt, overMs, documentType } }, words) => {
    // The last moment of the last day, so that the day that is shown is that one.
    const last = words.time(until - 60_000)
    if (words.language === 'th')
      return leftAt === null || overMs === null
        ? `เข้าประเทศเมื่อ ${words.time(enteredAt)} (${documentName(documentType, 'th')}) อยู่ได้ ${permittedDays} วัน ถึง ${last} ยังไม่พบการออก`
        : `เข้าประเทศเมื่อ ${words.time(enteredAt)} (${documentName(documentType, 'th')}) อยู่ได้ ${permittedDays} วัน ถึง ${last} ออกเมื่อ ${words.time(leftAt)} เกินกำหนด ${words.span(overMs)}`
    return leftAt === null || overMs === null
      ? `Entered on ${words.time(enteredAt)} with a ${documentName(documentType, 'en')} that permits ${permittedDays} days, until ${last}; no exit is known.`
      : `Entered on ${words.time(enteredAt)} with a ${documentName(documentType, 'en')} that permits ${permittedDays} days, until ${last}; left on ${words.time(leftAt)}, ${words.span(overMs)} late.`
  },
  unless: ({ evidence: { until }, params: { graceMs } }, words) => {
    const last = words.time(until + graceMs - 60_000)
    return words.language === 'th' ? `หากออกภายใน ${last}` : `with an exit until ${last}, or a longer permit`
  },
})
