import { Type } from 'typebox'
import { capacityAt, roomCapacityAt } from '../../ingest/reference/reference.ts'
import { defineDetector } from '../detector.ts'
import { excesses, type Excess } from '../engine/episodes.ts'
import type { History } from '../engine/history.ts'

const day = 86_400_000

/**
 * More people are registered as present in a lodging than it may hold, or in one of its rooms than a room may hold: both are told,
 * each by itself.
 */
export default defineDetector({
  id: 'overcrowded-lodgings',
  key: 'premises',
  reads: ['registrations'],
  uses: ['premises'],
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
    roomHolds: Type.Integer({
      minimum: 1,
      default: 8,
      description:
        'People that a room may hold where the reference data does not say (roomCapacity). A larger party has several rooms, whatever was filed.',
    }),
  }),
  evidence: Type.Object({
    room: Type.String({ description: 'Room that is overcrowded; empty: the lodging as a whole.' }),
    capacity: Type.Integer({ description: 'People it, or the room, may hold, when the peak began.' }),
    peak: Type.Integer({ description: 'Most people present.' }),
    peakAt: Type.Integer({ description: 'When the peak began, ms UTC.' }),
    from: Type.Integer({ description: 'When it became overcrowded, ms UTC.' }),
    to: Type.Integer({ description: 'When it ceases to be, ms UTC; a booked check-out may lie ahead.' }),
    registrations: Type.Integer({ description: 'Registrations present at the peak.' }),
    withoutCheckOut: Type.Integer({ description: 'Of these, without a check-out: assumed.' }),
  }),
  lookbackMs: ({ assumedNights }) => assumedNights * day,
  evaluate: ({ history, key, params: { factor, assumedNights, roomHolds }, reference, from }) => {
    const leaves = (i: number): number => {
      const until = history.until(i)
      return Number.isNaN(until) ? history.at(i) + assumedNights * day : until
    }
    const stepsOf = (stays: readonly number[]) =>
      stays.flatMap((i) => [
        { at: history.at(i), change: history.people(i) },
        { at: leaves(i), change: -history.people(i) },
      ])
    const changes = reference.premises.changes(key)
    const found = (stays: readonly number[], { start, end, peak, peakAt }: Excess, room: string) => {
      const present = stays.filter((i) => history.at(i) <= peakAt && peakAt < leaves(i))
      return {
        start,
        end,
        site: key,
        events: present.map((i) => history.event(i)),
        evidence: {
          room,
          capacity: room === '' ? capacityAt(reference, key, peakAt) : roomLimitAt(peakAt),
          peak,
          peakAt,
          from: start,
          to: end,
          registrations: present.length,
          withoutCheckOut: present.filter((i) => Number.isNaN(history.until(i))).length,
        },
      }
    }

    const all = history.where(() => true)
    const limitAt = (at: number): number => capacityAt(reference, key, at) * factor
    const over = excesses(stepsOf(all), limitAt, changes)
    const findings = over.map((excess) => found(all, excess, ''))

    const roomLimitAt = (at: number): number => roomCapacityAt(reference, key, at) ?? roomHolds
    const least = Math.min(roomLimitAt(-Infinity), ...changes.map(roomLimitAt))
    for (const room of crowdedRooms(history, leaves, from, least)) {
      const stays = all.filter(
        (i) => history.room(i) === room && history.people(i) <= roomLimitAt(history.at(i)),
      )
      // Also while the whole house is over: that may be told by stays days away from what changed, which a slice does not hold.
      for (const excess of excesses(stepsOf(stays), roomLimitAt, changes))
        findings.push(found(stays, excess, room))
    }
    return findings
  },
  severity: ({ peak, capacity }) =>
    peak >= capacity * 2 ? 'high' : peak >= capacity * 1.25 ? 'medium' : 'low',
  explain: ({ evidence: { room, peak, capacity, peakAt, registrations, from, to }, site }, words) => {
    if (words.language === 'th') {
      const where = room === '' ? words.name(site) : `${words.name(site)} ห้อง ${room}`
      return `${where}: มีผู้พัก ${peak} คน รับได้ ${capacity} คน (${registrations} รายการ) ตั้งแต่ ${words.time(peakAt)} เกินจำนวนนาน ${words.span(to - from)}`
    }
    const where = room === '' ? words.name(site) : `${words.name(site)}, room ${room}`
    return `${where}: ${peak} people registered where ${capacity} may stay (${registrations} registrations) from ${words.time(peakAt)}; over capacity for ${words.span(to - from)}.`
  },
  unless: ({ evidence: { room, capacity }, params: { factor } }, words) => {
    const most = room === '' ? Math.floor(capacity * factor) : capacity
    if (words.language === 'th') return `หากมีผู้พัก${room === '' ? '' : 'ในห้อง'}พร้อมกันไม่เกิน ${most} คน`
    return `with ${most} people or fewer present${room === '' ? '' : ' in the room'} at one time`
  },
})

/** Rooms in which more than `limit` people are present at some check-in, of those who leave at `from` or later. */
function crowdedRooms(
  history: History,
  leaves: (i: number) => number,
  from: number,
  limit: number,
): Set<string> {
  const crowded = new Set<string>()
  const guests = new Map<string, number[]>()
  for (let i = 0; i < history.length; i++) {
    const room = history.room(i)
    if (room === '' || leaves(i) < from) continue
    const at = history.at(i)
    const present = guests.get(room)?.filter((stay) => leaves(stay) > at) ?? []
    present.push(i)
    guests.set(room, present)
    if (present.length > 1 && present.reduce((sum, stay) => sum + history.people(stay), 0) > limit)
      crowded.add(room)
  }
  return crowded
}
