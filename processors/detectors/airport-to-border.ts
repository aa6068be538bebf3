import { Type } from 'typebox'
import { highRisk, placeAt, type Place } from '../../ingest/reference/places.ts'
import { districtName, provinceName } from '../../ingest/reference/thai-names.ts'
import { defineDetector } from '../detector.ts'
import { mayStayForGood } from '../engine/entitlement.ts'
import { moveOf, nextMove } from '../engine/moves.ts'
import { list } from '../words.ts'

const hour = 3_600_000
const day = 24 * hour

/** Somebody lands, declares another destination, and is within hours in a district from which people are taken over the border. */
export default defineDetector({
  id: 'airport-to-border',
  key: 'traveller',
  reads: ['crossings', 'sightings', 'registrations'],
  follows: 'vehicle',
  uses: ['sites', 'premises', 'districts', 'stays', 'passRules'],
  measure: 3,
  class: 'welfare',
  title: { en: 'From the airport to the border', th: 'จากสนามบินตรงไปชายแดน' },
  reason: {
    en: 'Victims are met at the airport, driven about 500 km and taken over the river within 7 to 8 hours, long before a lodging must register them. What can be seen in time: another destination was declared, and a check, a domestic flight or the car shows them in a high-risk district. A possible victim: help first.',
    th: 'ผู้เสียหายถูกรับที่สนามบิน พาเดินทางราว 500 กม. และข้ามแม่น้ำภายใน 7 ถึง 8 ชั่วโมง ก่อนครบกำหนดแจ้งที่พัก สิ่งที่เห็นทันเวลาคือแจ้งปลายทางอื่น แต่พบที่จุดตรวจ เที่ยวบินในประเทศ หรือรถ ในพื้นที่เสี่ยงสูง อาจเป็นผู้เสียหาย ให้ความช่วยเหลือก่อน',
  },
  params: Type.Object({
    withinMs: Type.Integer({
      minimum: hour,
      default: 18 * hour,
      description: 'Time after landing in which being seen near the border counts, ms.',
    }),
    confirmMs: Type.Integer({
      minimum: hour,
      default: 36 * hour,
      description:
        'Time after landing by which a registration or an exit would be known, ms: 24 h of law, 12 h of grace.',
    }),
    minConfidence: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.8,
      description: 'Least likelihood that the plate of the car was read right.',
    }),
    assumedNights: Type.Integer({
      minimum: 1,
      maximum: 60,
      default: 1,
      description: 'Nights of a stay without check-out.',
    }),
    documentTypes: Type.Array(Type.String(), {
      default: ['passport'],
      description: 'Documents it looks at. Crew go where their duty takes them.',
    }),
  }),
  evidence: Type.Object({
    arrivedAt: Type.Integer({ description: 'Landing, ms UTC.' }),
    airport: Type.String({ description: 'Where.' }),
    declaredProvince: Type.String({ description: 'Province declared as destination; empty when none was.' }),
    province: Type.String({ description: 'Province in which they were seen last.' }),
    district: Type.String({ description: 'District in which they were seen last.' }),
    seen: Type.Integer({ description: 'Times seen in high-risk districts.' }),
    by: Type.Array(Type.String(), { description: 'How: check, flight, vehicle.' }),
    firstSeenAt: Type.Integer({ description: 'First time, ms UTC.' }),
    lastSeenAt: Type.Integer({ description: 'Last time, ms UTC.' }),
    afterMs: Type.Integer({ description: 'From landing until first seen there, ms.' }),
    confirmed: Type.Boolean({
      description:
        'No registration and no exit by the time of confirmation, and last seen in a high-risk district.',
    }),
    confirmAt: Type.Integer({ description: 'Time of confirmation, ms UTC.' }),
  }),
  lookbackMs: ({ withinMs, confirmMs, assumedNights }) => Math.max(withinMs, confirmMs, assumedNights * day),
  evaluate: ({ history, reference, now, from, params, trail }) => {
    // A traveller key is one document: its type is part of the pseudonym.
    if (history.length === 0 || !params.documentTypes.includes(history.documentType(0))) return []
    const findings = []
    const rechecks = []
    for (let i = 0; i < history.length; i++) {
      // Who was referred to a second desk has landed all the same.
      if (history.direction(i) !== 'entry' || history.mode(i) !== 'air' || history.outcome(i) === 'refused')
        continue
      const arrivedAt = history.at(i)
      // Nothing changes for who landed before the slice, and lodgings before them may lie outside it.
      if (arrivedAt < from) continue
      const confirmAt = arrivedAt + Math.max(params.confirmMs, params.withinMs)
      const next = nextMove(history, i)
      // Who leaves by a checkpoint is accounted for.
      if (next >= 0 && history.at(next) <= confirmAt && moveOf(history, next) === 'exit') continue
      const sightings = seenAfter(i, next, confirmAt)
      if (sightings === undefined) continue
      const declaredProvince = history.declaredProvince(i)
      const stays = history.where((n) => isStay(n) && history.at(n) <= confirmAt && leaves(n) >= arrivedAt)
      const lodged = stays.map((n) => placeAt(reference, history.site(n), history.at(n))?.province)
      const signs = sightings.filter(
        ({ at, place, risk }) =>
          risk &&
          at - arrivedAt <= params.withinMs &&
          place.province !== declaredProvince &&
          !lodged.includes(place.province),
      )
      const [first, last] = [signs[0], signs.at(-1)]
      if (first === undefined || last === undefined) continue
      if (mayStayForGood(reference, history.nationality(i), history.documentType(i), arrivedAt)) continue
      if (now < confirmAt) rechecks.push({ at: confirmAt, about: arrivedAt })
      const confirmed = now >= confirmAt && stays.length === 0 && sightings.at(-1)?.risk === true
      findings.push({
        start: arrivedAt,
        end: confirmed ? confirmAt : last.at,
        site: last.site,
        events: [history.event(i), ...new Set(signs.map(({ event }) => event))],
        evidence: {
          arrivedAt,
          airport: history.site(i),
          declaredProvince,
          province: last.place.province,
          district: last.place.district,
          seen: signs.length,
          by: [...new Set(signs.map(({ by }) => by))].sort(),
          firstSeenAt: first.at,
          lastSeenAt: last.at,
          afterMs: first.at - arrivedAt,
          confirmed,
          confirmAt,
        },
      })
    }
    return { findings, rechecks }

    function isStay(n: number): boolean {
      return history.feed(n) === 'registrations'
    }

    function leaves(n: number): number {
      const until = history.until(n)
      return Number.isNaN(until) ? history.at(n) + params.assumedNights * day : until
    }

    /** Where the person or a car that they came in was seen until `to` or the next crossing, by time; undefined: nowhere. */
    function seenAfter(arrival: number, next: number, to: number): Sighting[] | undefined {
      const end = next < 0 ? history.length : next
      let seen: Sighting[] | undefined
      let cars: Map<string, number> | undefined
      for (let n = arrival; n < end && history.at(n) <= to; n++) {
        const car = history.linked(n)
        if (car !== '' && cars?.has(car) !== true) (cars ??= new Map()).set(car, history.at(n))
        if (n === arrival || history.direction(n) !== 'check') continue
        const by = history.mode(n) === 'air' ? 'flight' : 'check'
        add(history.site(n), history.at(n), history.event(n), by)
      }
      if (cars === undefined) return seen
      const until = next < 0 ? to : Math.min(to, history.at(next))
      for (const [car, since] of cars) {
        const passages = trail(car, since, until)
        for (let n = 0; n < passages.length; n++) {
          if (passages.feed(n) !== 'sightings' || passages.confidence(n) < params.minConfidence) continue
          // Whoever came by coach may have left it long ago.
          if (passages.vehicleClass(n) === 'bus') continue
          add(passages.site(n), passages.at(n), passages.event(n), 'vehicle')
        }
      }
      return seen?.sort((a, b) => a.at - b.at || (a.event < b.event ? -1 : 1))

      function add(site: string, at: number, event: string, by: Sighting['by']): void {
        const place = placeAt(reference, site, at)
        if (place === undefined) return
        seen ??= []
        seen.push({ site, at, event, by, place, risk: highRisk(reference, site, at) })
      }
    }
  },
  severity: ({ confirmed }) => (confirmed ? 'high' : 'medium'),
  explain: ({ evidence: e, site }, words) => {
    const where = words.name(site)
    if (words.language === 'th') {
      const told =
        e.declaredProvince === '' ? 'ไม่ได้แจ้งปลายทาง' : `แจ้งปลายทาง ${provinceName(e.declaredProvince, 'th')}`
      const how = list(
        e.by.map((one) => thai[one as Sighting['by']]),
        'th',
      )
      const missing = e.confirmed ? ` ไม่มีการแจ้งที่พักและไม่พบการออกภายใน ${words.time(e.confirmAt)}` : ''
      return `ลงที่ ${words.name(e.airport)} เมื่อ ${words.time(e.arrivedAt)} (${told}) อีก ${words.span(e.afterMs)} พบในพื้นที่เสี่ยงสูง (${how}) ล่าสุดใน ${districtName(e.district, e.province, 'th')} ที่ ${where} เมื่อ ${words.time(e.lastSeenAt)}${missing}`
    }
    const told = e.declaredProvince === '' ? 'no destination declared' : `declared ${e.declaredProvince}`
    const missing = e.confirmed ? `; no registration and no exit by ${words.time(e.confirmAt)}` : ''
    return `Landed at ${words.name(e.airport)} on ${words.time(e.arrivedAt)} (${told}); ${words.span(e.afterMs)} later seen in a high-risk district (${list(e.by, 'en')}); last in ${districtName(e.district, e.province, 'en')}, at ${where} on ${words.time(e.lastSeenAt)}${missing}.`
  },
  unless: ({ evidence: { province }, params: { withinMs } }, words) =>
    words.language === 'th'
      ? `หากแจ้งปลายทางเป็น ${provinceName(province, 'th')} มีการแจ้งที่พักที่นั่น หรือพบหลังลงเครื่องเกิน ${words.span(withinMs)}`
      : `with ${province} declared, a lodging registered there, an exit, or more than ${words.span(withinMs)} after landing`,
})

/** The person, or a car that they came in, at a place. */
interface Sighting {
  readonly site: string
  readonly at: number
  readonly event: string
  readonly by: 'check' | 'flight' | 'vehicle'
  readonly place: Place
  /** In a high-risk district. */
  readonly risk: boolean
}

const thai: Readonly<Record<Sighting['by'], string>> = {
  check: 'จุดตรวจ',
  flight: 'เที่ยวบินในประเทศ',
  vehicle: 'รถที่โดยสาร',
}
