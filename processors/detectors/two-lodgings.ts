import { Type } from 'typebox'
import { distanceKm, placeAt } from '../../ingest/reference/places.ts'
import { defineDetector } from '../detector.ts'
import { list } from '../words.ts'

const hour = 3_600_000
const day = 24 * hour

/** One document is registered in two lodgings far apart for the same time. */
export default defineDetector({
  id: 'two-lodgings',
  key: 'traveller',
  reads: ['registrations'],
  uses: ['premises'],
  measure: 4,
  class: 'verify',
  title: { en: 'One person in two lodgings', th: 'บุคคลเดียวพักสองแห่ง' },
  reason: {
    en: 'Nobody sleeps in two places: the document is copied or lent, or a lodging files guests who are not there. Who leaves early without a correction looks the same, so it is for verifying.',
    th: 'ไม่มีใครพักสองแห่งพร้อมกัน เอกสารอาจถูกทำสำเนาหรือให้ยืม หรือที่พักแจ้งผู้พักที่ไม่ได้อยู่จริง ผู้ที่ออกก่อนกำหนดโดยไม่แก้ไขรายการก็มีลักษณะเดียวกัน จึงต้องตรวจสอบก่อน',
  },
  params: Type.Object({
    apartKm: Type.Number({
      minimum: 0,
      default: 50,
      description: 'Distance above which two lodgings are far apart, km.',
    }),
    overlapMs: Type.Integer({
      minimum: 60_000,
      default: 6 * hour,
      description: 'Least time for which both stays hold, ms: check-in and check-out hours are rough.',
    }),
    assumedNights: Type.Integer({
      minimum: 1,
      maximum: 60,
      default: 1,
      description: 'Nights of a stay without check-out.',
    }),
    homeMs: Type.Integer({
      minimum: day,
      default: 30 * day,
      description: 'A longer stay is a home, ms: who lives somewhere may sleep elsewhere.',
    }),
    partyAtMost: Type.Integer({
      minimum: 1,
      default: 8,
      description: 'A larger party is a group registered under the document of its leader.',
    }),
  }),
  evidence: Type.Object({
    stays: Type.Integer({ description: 'Stays that contradict one another.' }),
    sites: Type.Array(Type.String(), { description: 'Lodgings, in the order of check-in.' }),
    km: Type.Integer({ description: 'Distance of the two lodgings that overlap longest, km.' }),
    overlapMs: Type.Integer({ description: 'For how long these two hold at once, ms.' }),
    from: Type.Integer({ description: 'When they began to, ms UTC.' }),
    to: Type.Integer({ description: 'When they cease to, ms UTC; a booked check-out may lie ahead.' }),
    withoutCheckOut: Type.Integer({ description: 'Stays without a check-out: assumed.' }),
  }),
  lookbackMs: ({ assumedNights }) => assumedNights * day,
  evaluate: ({ history, reference, params: { apartKm, overlapMs, assumedNights, homeMs, partyAtMost } }) => {
    const leaves = (i: number): number => {
      const until = history.until(i)
      return Number.isNaN(until) ? history.at(i) + assumedNights * day : until
    }
    let stays: number[] | undefined
    for (let i = 0; i < history.length; i++) {
      if (history.feed(i) !== 'registrations' || history.people(i) > partyAtMost) continue
      if (leaves(i) - history.at(i) > homeMs) continue
      stays ??= []
      stays.push(i)
    }
    if (stays === undefined || stays.length < 2) return []
    const clashes: Clash[] = []
    for (const [n, a] of stays.entries())
      for (let m = n + 1; m < stays.length; m++) {
        const b = stays[m] as number
        const [from, to] = [history.at(b), Math.min(leaves(a), leaves(b))]
        if (to - from < overlapMs || history.site(a) === history.site(b)) continue
        const km = apart(a, b)
        if (km > apartKm) clashes.push({ a, b, km, from, to })
      }
    return groups(clashes).map((group) => {
      const members = [...new Set(group.flatMap(({ a, b }) => [a, b]))].sort((a, b) => a - b)
      const longest = group.reduce((one, other) => (other.to - other.from > one.to - one.from ? other : one))
      return {
        start: history.at(members[0] as number),
        end: Math.max(...members.map(leaves)),
        site: history.site(members.at(-1) as number),
        events: members.map((i) => history.event(i)),
        evidence: {
          stays: members.length,
          sites: [...new Set(members.map((i) => history.site(i)))],
          km: Math.round(longest.km),
          overlapMs: longest.to - longest.from,
          from: longest.from,
          to: longest.to,
          withoutCheckOut: members.filter((i) => Number.isNaN(history.until(i))).length,
        },
      }
    })

    function apart(a: number, b: number): number {
      const at = history.at(b)
      const [one, other] = [placeAt(reference, history.site(a), at), placeAt(reference, history.site(b), at)]
      return one === undefined || other === undefined ? 0 : distanceKm(one, other)
    }
  },
  severity: ({ stays, overlapMs }) =>
    stays > 2 || overlapMs >= 2 * day ? 'high' : overlapMs >= day ? 'medium' : 'low',
  explain: ({ evidence: { sites, km, overlapMs, from, to, withoutCheckOut } }, words) => {
    const where = list(sites.map(words.name), words.language)
    if (words.language === 'th') {
      const assumed = withoutCheckOut > 0 ? ` (${withoutCheckOut} รายการไม่มีวันออก ใช้ค่าประมาณ)` : ''
      return `เอกสารฉบับเดียวลงทะเบียนพักที่ ${where} พร้อมกัน ${words.span(overlapMs)} ตั้งแต่ ${words.time(from)} ถึง ${words.time(to)} ห่างกัน ${km} กม.${assumed}`
    }
    const assumed = withoutCheckOut > 0 ? `; ${withoutCheckOut} without a check-out, assumed` : ''
    return `One document is registered at ${where} at once for ${words.span(overlapMs)}, from ${words.time(from)} to ${words.time(to)}; ${km} km apart${assumed}.`
  },
  unless: ({ params: { overlapMs, apartKm } }, words) =>
    words.language === 'th'
      ? `หากพักพร้อมกันไม่ถึง ${words.span(overlapMs)} หรือห่างกันไม่เกิน ${apartKm} กม.`
      : `with less than ${words.span(overlapMs)} at both, or ${apartKm} km or less between them`,
})

/** Two stays, by position in the history, that hold at once in places far apart. */
interface Clash {
  readonly a: number
  readonly b: number
  readonly km: number
  readonly from: number
  readonly to: number
}

/** Clashes that are tied by common stays, together; by their first stay. */
function groups(clashes: readonly Clash[]): Clash[][] {
  const found: Clash[][] = []
  for (const clash of clashes) {
    const tied = found.filter((group) =>
      group.some(({ a, b }) => [a, b].includes(clash.a) || [a, b].includes(clash.b)),
    )
    const [first] = tied
    if (first === undefined) found.push([clash])
    else {
      first.push(...tied.slice(1).flat(), clash)
      for (const other of tied.slice(1)) found.splice(found.indexOf(other), 1)
    }
  }
  return found
}
