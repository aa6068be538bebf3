import { Type } from 'typebox'
import { capacityAt } from '../../ingest/reference/reference.ts'
import { defineDetector } from '../detector.ts'
import { excesses } from '../engine/episodes.ts'

const day = 86_400_000

/** More people are registered as present in a lodging than it may hold. */
export default defineDetector({
  id: 'overcrowded-lodgings',
  key: 'premises',
  reads: ['registrations'],
  measure: 4,
  class: 'inspect',
  title: { en: 'Overcrowded lodging', th: 'ที่พักแออัดเกินจำนวน' },
  reason: {
    en: 'Safe houses and relay hotels hold groups before they are moved on: 14 people in one room, 21 in three row houses are documented. A lodging without a licence may hold 30.',
    th: 'ที่พักพิงและโรงแรมทางผ่านใช้พักคนเป็นกลุ่มก่อนเคลื่อนย้ายต่อ สถานที่ไม่มีใบอนุญาตรับได้ไม่เกิน 30 คน',
  },
  params: Type.Object({
    factor: Type.Number({
      minimum: 0.1,
      default: 1,
      description: 'Times the capacity above which it is overcrowded.',
    }),
    assumedNights: Type.Integer({
      minimum: 1,
      maximum: 60,
      default: 1,
      description: 'Nights of a stay without check-out.',
    }),
  }),
  evidence: Type.Object({
    capacity: Type.Integer({ description: 'People it may hold, when the peak began.' }),
    peak: Type.Integer({ description: 'Most people present.' }),
    peakAt: Type.Integer({ description: 'When the peak began, ms UTC.' }),
    from: Type.Integer({ description: 'When it became overcrowded, ms UTC.' }),
    to: Type.Integer({ description: 'When it ceases to be, ms UTC; a booked check-out may lie ahead.' }),
    registrations: Type.Integer({ description: 'Registrations present at the peak.' }),
    withoutCheckOut: Type.Integer({ description: 'Of these, without a check-out: assumed.' }),
  }),
  lookbackMs: ({ assumedNights }) => assumedNights * day,
  evaluate: ({ history, key, params: { factor, assumedNights }, reference }) => {
    const leaves = (i: number): number => {
      const until = history.until(i)
      return Number.isNaN(until) ? history.at(i) + assumedNights * day : until
    }
    const steps = []
    for (let i = 0; i < history.length; i++) {
      steps.push(
        { at: history.at(i), change: history.people(i) },
        { at: leaves(i), change: -history.people(i) },
      )
    }
    const limitAt = (at: number): number => capacityAt(reference, key, at) * factor
    return excesses(steps, limitAt, reference.premises.changes(key)).map(({ start, end, peak, peakAt }) => {
      const present = history.where((i) => history.at(i) <= peakAt && peakAt < leaves(i))
      return {
        start,
        end,
        site: key,
        events: present.map((i) => history.event(i)),
        evidence: {
          capacity: capacityAt(reference, key, peakAt),
          peak,
          peakAt,
          from: start,
          to: end,
          registrations: present.length,
          withoutCheckOut: present.filter((i) => Number.isNaN(history.until(i))).length,
        },
      }
    })
  },
  severity: ({ peak, capacity }) =>
    peak >= capacity * 2 ? 'high' : peak >= capacity * 1.25 ? 'medium' : 'low',
  explain: ({ evidence: { peak, capacity, peakAt, registrations, from, to }, site }, words) =>
    words.language === 'th'
      ? `${words.name(site)}: มีผู้พัก ${peak} คน รับได้ ${capacity} คน (${registrations} รายการ) ตั้งแต่ ${words.time(peakAt)} เกินจำนวนนาน ${words.span(to - from)}`
      : `${words.name(site)}: ${peak} people registered where ${capacity} may stay (${registrations} registrations) from ${words.time(peakAt)}; over capacity for ${words.span(to - from)}.`,
  unless: ({ evidence: { capacity }, params: { factor } }, words) => {
    const most = Math.floor(capacity * factor)
    return words.language === 'th'
      ? `หากมีผู้พักพร้อมกันไม่เกิน ${most} คน`
      : `with ${most} people or fewer present at one time`
  },
})
