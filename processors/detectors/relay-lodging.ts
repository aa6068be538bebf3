import { Type, type Static } from 'typebox'
import { zoneOf } from '../../ingest/reference/places.ts'
import { capacityAt, type Reference } from '../../ingest/reference/reference.ts'
import { defineDetector } from '../detector.ts'
import type { History } from '../engine/history.ts'
import { inHours, nightOf } from '../engine/local-time.ts'

const hour = 3_600_000
const day = 24 * hour

const params = Type.Object({
  windowNights: Type.Integer({ minimum: 1, default: 7, description: 'Nights that are taken together.' }),
  atLeast: Type.Integer({ minimum: 2, default: 12, description: 'One-night stays in them.' }),
  share: Type.Number({
    exclusiveMinimum: 0,
    maximum: 1,
    default: 0.8,
    description: 'Share that they are of all stays whose check-out is known.',
  }),
  oneNightMs: Type.Integer({
    minimum: hour,
    default: 24 * hour,
    description: 'Longest time from check-in to check-out of a one-night stay, ms.',
  }),
  baselineNights: Type.Integer({
    minimum: 1,
    default: 28,
    description: 'Nights before them, of which the middle one says what is usual.',
  }),
  factor: Type.Number({ minimum: 1, default: 3, description: 'Times the usual number of one-night stays.' }),
  movedShare: Type.Number({
    exclusiveMinimum: 0,
    default: 0.5,
    description: 'Share of them that leave in the small hours from which being usual is no excuse.',
  }),
  movedFromHour: Type.Integer({
    minimum: 0,
    maximum: 23,
    default: 1,
    description:
      'Local hour at which the small hours begin; after midnight, which a check-out by date alone may show.',
  }),
  movedToHour: Type.Integer({
    minimum: 0,
    maximum: 23,
    default: 5,
    description: 'Local hour at which they end.',
  }),
  occupancy: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.1,
    description:
      'Share of the places of all nights that their guests take: a few in a large hotel are chance.',
  }),
  knownNights: Type.Integer({
    minimum: 0,
    default: 7,
    description:
      'A licensed lodging is judged when at least so many nights before are known; of others, fewer count as so many.',
  }),
  zones: Type.Array(Type.String(), {
    default: ['border', 'transit'],
    description: 'Zones of the lodgings it looks at.',
  }),
})

/** A lodging near the border, or on the way there, turns into a place where people stay one night. */
export default defineDetector({
  id: 'relay-lodging',
  key: 'premises',
  reads: ['registrations'],
  uses: ['premises', 'districts'],
  measure: 4,
  class: 'inspect',
  title: { en: 'Relay lodging', th: 'ที่พักทางผ่าน' },
  reason: {
    en: 'Relay hotels in border and transit districts take groups for one night and are emptied at about 03:00. A motel always has one-night guests, and a coach group is one night: what counts is many nights, and more than the lodging usually has.',
    th: 'โรงแรมทางผ่านในอำเภอชายแดนและเส้นทางผ่านรับคนเป็นกลุ่มเพียงคืนเดียวแล้วเคลื่อนย้ายออกราวตีสาม โมเต็ลมีผู้พักคืนเดียวเป็นปกติ และกรุ๊ปทัวร์มาเพียงคืนเดียว จึงนับหลายคืนและเทียบกับจำนวนปกติของที่พักเอง',
  },
  params,
  evidence: Type.Object({
    stays: Type.Integer({ description: 'One-night stays in the whole chain of nights.' }),
    people: Type.Integer({ description: 'People in them.' }),
    most: Type.Integer({ description: 'Most one-night stays within the window.' }),
    share: Type.Number({ description: 'Their share of all stays there with a known check-out.' }),
    usual: Type.Number({ description: 'One-night stays that a window of nights usually had before.' }),
    usualNights: Type.Integer({ description: 'Nights before that this is known from.' }),
    moved: Type.Integer({ description: 'Those that ended in the small hours.' }),
    nights: Type.Integer({ description: 'Nights with one-night stays.' }),
    firstAt: Type.Integer({ description: 'First check-in, ms UTC.' }),
    lastAt: Type.Integer({ description: 'Last check-out, ms UTC.' }),
  }),
  // Windows that share a night are one finding, so a second window's width; and a night for the noon-to-noon grid at each end.
  lookbackMs: ({ windowNights, baselineNights }) => (baselineNights + 2 * windowNights + 2) * day,
  evaluate: ({ history, key, params, reference }) => {
    const { windowNights, atLeast, oneNightMs } = params
    const moved = (i: number): boolean => inHours(history.until(i), params.movedFromHour, params.movedToHour)
    const short = (i: number): boolean => history.until(i) - history.at(i) <= oneNightMs
    let count = 0
    for (let i = 0; i < history.length; i++) if (short(i)) count++
    if (count < atLeast) return []

    const nights = nightsOf(history, short, moved)
    const hot: Window[] = []
    for (let n = 0; n < nights.length; n++) {
      const window = windowAt(nights, n, params, key, reference)
      if (window !== undefined) hot.push(window)
    }
    const chains: Window[][] = []
    for (const window of hot) {
      const before = chains.at(-1)?.at(-1)
      if (before !== undefined && window.night - before.night < windowNights) chains.at(-1)?.push(window)
      else chains.push([window])
    }
    return chains.map((chain) => {
      const [from, to] = [(chain[0] as Window).night - windowNights, (chain.at(-1) as Window).night]
      const inside = nights.filter(({ night }) => night > from && night <= to)
      const stays = inside.flatMap(({ stays }) => stays)
      const strongest = chain.reduce((best, window) => (window.stays > best.stays ? window : best))
      const firstAt = history.at(stays[0] as number)
      const lastAt = Math.max(...stays.map((i) => history.until(i)))
      return {
        start: firstAt,
        end: lastAt,
        site: key,
        events: stays.map((i) => history.event(i)),
        evidence: {
          stays: stays.length,
          people: stays.reduce((sum, i) => sum + history.people(i), 0),
          most: strongest.stays,
          share: Math.round(strongest.share * 100) / 100,
          usual: Math.round(strongest.usual * 10) / 10,
          usualNights: strongest.usualNights,
          moved: stays.filter((i) => moved(i)).length,
          nights: inside.filter(({ stays }) => stays.length > 0).length,
          firstAt,
          lastAt,
        },
      }
    })
  },
  severity: ({ most, moved, stays }, { atLeast }) =>
    moved * 2 >= stays ? 'high' : most >= atLeast * 2 ? 'medium' : 'low',
  explain: (
    { evidence: { most, people, stays, share, usual, usualNights, moved, nights }, params, site },
    words,
  ) => {
    const percent = Math.round(share * 100)
    const window = params.windowNights
    if (words.language === 'th') {
      const before = usualNights === 0 ? 'ไม่มีข้อมูลก่อนหน้า' : `ปกติ ${usual} รายการ`
      return `${words.name(site)}: พักคืนเดียว ${stays} รายการ (${people} คน) ใน ${nights} คืน มากที่สุด ${most} รายการใน ${window} คืน คิดเป็น ${percent}% ของการเข้าพัก (${before}); ออกช่วงก่อนรุ่งสาง ${moved} รายการ`
    }
    const before = usualNights === 0 ? 'nothing known from before' : `usually ${usual}`
    return `${words.name(site)}: ${stays} one-night stays (${people} people) on ${nights} nights; at most ${most} in ${window} nights, ${percent} % of the stays there (${before}); ${moved} left in the small hours.`
  },
  unless: ({ evidence: { usual }, params: { atLeast, factor, windowNights } }, words) => {
    const most = Math.ceil(Math.max(atLeast, factor * usual)) - 1
    return words.language === 'th'
      ? `หากมีการพักคืนเดียวไม่เกิน ${most} รายการใน ${windowNights} คืน`
      : `with ${most} one-night stays or fewer in ${windowNights} nights`
  },
})

/** The check-ins from one noon to the next. */
interface Night {
  readonly night: number
  /** First check-in, ms UTC. */
  readonly at: number
  /** One-night stays, by time. */
  readonly stays: number[]
  /** People in them, and how many of them ended in the small hours. */
  people: number
  moved: number
  /** Stays with a known check-out. */
  ended: number
}

/** Nights up to `night` in which one-night stays are many, mostly, and more than usual. */
interface Window {
  readonly night: number
  readonly stays: number
  readonly share: number
  readonly usual: number
  readonly usualNights: number
}

function nightsOf(history: History, short: (i: number) => boolean, moved: (i: number) => boolean): Night[] {
  const nights: Night[] = []
  for (let i = 0; i < history.length; i++) {
    const at = history.at(i)
    if (nights.at(-1)?.night !== nightOf(at))
      nights.push({ night: nightOf(at), at, stays: [], people: 0, moved: 0, ended: 0 })
    const night = nights.at(-1) as Night
    if (short(i)) {
      night.stays.push(i)
      night.people += history.people(i)
      if (moved(i)) night.moved++
    }
    if (!Number.isNaN(history.until(i))) night.ended++
  }
  return nights
}

function windowAt(
  nights: readonly Night[],
  n: number,
  limits: Static<typeof params>,
  key: string,
  reference: Reference,
): Window | undefined {
  const { windowNights, baselineNights, atLeast, share, factor, knownNights, zones } = limits
  const { night, at, stays: last } = nights[n] as Night
  if (last.length === 0) return undefined
  let [stays, ended, busiest, people, moved] = [0, 0, 0, 0, 0]
  let first = night - windowNights + 1
  const before: number[] = []
  for (let m = n; m >= 0; m--) {
    const one = nights[m] as Night
    if (one.night > night - windowNights) {
      stays += one.stays.length
      ended += one.ended
      people += one.people
      moved += one.moved
      busiest = Math.max(busiest, one.stays.length)
    } else if (one.night > night - windowNights - baselineNights) {
      before.push(one.stays.length)
      first = one.night
    } else break
  }
  // A coach group is one night: that counts for no more than all others together.
  const surplus = Math.max(0, 2 * busiest - stays)
  if (stays - surplus < Math.max(atLeast, share * (ended - surplus))) return undefined
  const usualNights = night - windowNights + 1 - first
  // Few nights say little: they are taken for as many as a judgement needs.
  const usual = middle(before, Math.max(usualNights, knownNights)) * windowNights
  if (moved < limits.movedShare * stays) {
    if (stays - surplus < factor * usual) return undefined
    if (usualNights < knownNights && reference.premises.at(key, at)?.['licensed'] === true) return undefined
  }
  if (people < limits.occupancy * windowNights * capacityAt(reference, key, at)) return undefined
  if (!zones.includes(zoneOf(reference, key, at))) return undefined
  return { night, stays, share: stays / ended, usual, usualNights }
}

/** The middle one of `length` counts, those that are not given being 0; between the two middle ones of an even number. */
function middle(counts: readonly number[], length: number): number {
  const falling = counts.toSorted((a, b) => b - a)
  const at = (place: number): number => falling[place] ?? 0
  return length === 0 ? 0 : (at(Math.floor((length - 1) / 2)) + at(Math.floor(length / 2))) / 2
}
