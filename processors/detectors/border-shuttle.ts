import { Type, type Static } from 'typebox'
import { distanceKm, positionAt, zoneOf } from '../../ingest/reference/places.ts'
import type { Reference } from '../../ingest/reference/reference.ts'
import { defineDetector } from '../detector.ts'
import { hotChains } from '../engine/episodes.ts'
import type { History } from '../engine/history.ts'
import { inHours } from '../engine/local-time.ts'
import { isSure } from '../engine/sure-reads.ts'
import { list } from '../words.ts'

const hour = 3_600_000
const day = 24 * hour

const params = Type.Object({
  windowMs: Type.Integer({
    minimum: hour,
    default: 14 * day,
    description: 'Span that the round trips fall in, ms.',
  }),
  atLeast: Type.Integer({
    minimum: 2,
    default: 3,
    description: 'Round trips in one span that make a finding.',
  }),
  fromHour: Type.Integer({
    minimum: 0,
    maximum: 23,
    default: 22,
    description: 'Local hour at which the night begins.',
  }),
  toHour: Type.Integer({ minimum: 0, maximum: 23, default: 5, description: 'Local hour at which it ends.' }),
  turnMs: Type.Integer({
    minimum: 60_000,
    default: 3 * hour,
    description: 'Time between two reads near the border below which it is a turn-round and no stay, ms.',
  }),
  visitMs: Type.Integer({
    minimum: 60_000,
    default: 6 * hour,
    description:
      'Longest time from the first to the last read near the border, ms: some districts are an hour deep.',
  }),
  awayKm: Type.Number({
    minimum: 0,
    default: 50,
    description: 'How far from the border cameras the interior begins, km.',
  }),
  legMs: Type.Integer({
    minimum: 60_000,
    default: 12 * hour,
    description: 'Longest time between the interior and the border, ms.',
  }),
  zones: Type.Array(Type.String(), { default: ['border'], description: 'Zones of cameras near the border.' }),
  leftOut: Type.Array(Type.String(), {
    default: ['bus', 'truck'],
    description: 'Classes of vehicles that go to the border by trade.',
  }),
  minConfidence: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.75,
    description: 'Likelihood that a plate was read right from which a read counts.',
  }),
})
type Params = Static<typeof params>

/** A vehicle drives to the border at night, turns round, and drives back, again and again. */
export default defineDetector({
  id: 'border-shuttle',
  key: 'vehicle',
  reads: ['sightings'],
  uses: ['sites', 'districts'],
  measure: 6,
  class: 'investigate',
  title: { en: 'Night shuttle to the border', th: 'รถวิ่งรับส่งชายแดนกลางคืน' },
  reason: {
    en: 'People are driven to the border at night and handed over outside any checkpoint; the car is back within hours and returns days later. Who lives at the border stays there for the night; buses and lorries go there by trade.',
    th: 'มีการขับรถพาคนไปชายแดนกลางคืนแล้วส่งต่อนอกด่าน รถกลับเข้าพื้นที่ชั้นในภายในไม่กี่ชั่วโมงและทำซ้ำ ผู้ที่อาศัยชายแดนจะค้างคืน ไม่นับรถโดยสารและรถบรรทุก',
  },
  params,
  evidence: Type.Object({
    trips: Type.Integer({ description: 'Round trips in the whole chain.' }),
    most: Type.Integer({ description: 'Most of them in one span of the window.' }),
    shortestMs: Type.Integer({ description: 'Shortest turn-round, ms: the longest time out of sight near the border, on the trip with the shortest.' }),
    awayKm: Type.Integer({ description: 'Shortest distance between interior and border on a trip, km.' }),
    borderSites: Type.Array(Type.String(), { description: 'Cameras near the border, in the order of first use.' }),
    interiorSites: Type.Array(Type.String(), { description: 'Cameras in the interior before and after.' }),
    vehicleClass: Type.String({ description: 'Class that was read most often; empty when none was.' }),
    firstAt: Type.Integer({ description: 'First read, ms UTC.' }),
    lastAt: Type.Integer({ description: 'Last read, ms UTC.' }),
  }),
  // A trip hangs on reads up to a leg before and after it; at the edge of a slice it may seem another, twice as far away.
  lookbackMs: ({ windowMs, legMs, visitMs }) => windowMs + 2 * (2 * legMs + visitMs),
  evaluate: ({ history, params, reference }) => {
    const { windowMs, atLeast } = params
    if (!oftenAtNight(history, params, reference)) return []
    const trips = tripsOf(history, params, reference)
    const times = trips.map(({ at }) => at)
    return hotChains(times, windowMs, atLeast).map(({ first, last }) => {
      const chain = trips.slice(first, last + 1)
      const reads = [...new Set(chain.flatMap(({ reads }) => reads))].sort((a, b) => a - b)
      const sites = (positions: readonly number[]): string[] => [...new Set(positions.map((i) => history.site(i)))]
      const [firstAt, lastAt] = [history.at(reads[0] as number), history.at(reads.at(-1) as number)]
      return {
        start: firstAt,
        end: lastAt,
        site: history.site((chain.at(-1) as Trip).border.at(-1) as number),
        events: reads.map((i) => history.event(i)),
        evidence: {
          trips: chain.length,
          most: Math.max(
            ...chain.map(({ at }) => chain.filter((other) => other.at >= at && other.at - at <= windowMs).length),
          ),
          shortestMs: Math.min(...chain.map(({ turnMs }) => turnMs)),
          awayKm: Math.round(Math.min(...chain.map(({ km }) => km))),
          borderSites: sites(chain.flatMap(({ border }) => border)),
          interiorSites: sites(chain.flatMap(({ ends }) => ends)),
          vehicleClass: commonClass(history, reads),
          firstAt,
          lastAt,
        },
      }
    })
  },
  severity: ({ most }, { atLeast }) => (most >= atLeast + 2 ? 'high' : 'medium'),
  explain: (
    { evidence: { trips, most, shortestMs, awayKm, borderSites, interiorSites, firstAt, lastAt }, params },
    words,
  ) => {
    const names = (ids: readonly string[]): string => list(ids.map(words.name), words.language)
    const [border, interior] = [names(borderSites), names(interiorSites)]
    return words.language === 'th'
      ? `รถคันเดียววิ่งไปชายแดนกลางคืนแล้วกลับ ${trips} รอบ (มากที่สุด ${most} รอบใน ${words.span(params.windowMs)}) ระหว่าง ${interior} กับ ${border} ห่างอย่างน้อย ${awayKm} กม. เวลากลับรถสั้นที่สุด ${words.span(shortestMs)} ตั้งแต่ ${words.time(firstAt)} ถึง ${words.time(lastAt)}`
      : `One vehicle drove to the border at night and back ${trips} times (at most ${most} in ${words.span(params.windowMs)}): between ${interior} and ${border}, at least ${awayKm} km apart, shortest turn-round ${words.span(shortestMs)}, from ${words.time(firstAt)} to ${words.time(lastAt)}.`
  },
  unless: ({ params: { atLeast, windowMs, turnMs } }, words) =>
    words.language === 'th'
      ? `หากวิ่งไปกลับไม่เกิน ${atLeast - 1} รอบใน ${words.span(windowMs)} หรืออยู่ชายแดนตั้งแต่ ${words.span(turnMs)} ขึ้นไป`
      : `with ${atLeast - 1} round trips or fewer in ${words.span(windowMs)}, or with stays of ${words.span(turnMs)} or longer there`,
}) // prettier-ignore

/** A round trip. Positions in the history: reads near the border, the interior reads before and after, and all of them. */
interface Trip {
  /** First read near the border, ms UTC. */
  readonly at: number
  /** Longest time between two reads near the border, ms. */
  readonly turnMs: number
  readonly km: number
  readonly border: readonly number[]
  readonly ends: readonly number[]
  readonly reads: readonly number[]
}

function isNear(history: History, i: number, { zones }: Params, reference: Reference): boolean {
  return zones.includes(zoneOf(reference, history.site(i), history.at(i)))
}

/** Whether there may be anything to find, without an allocation: enough reads near the border at night. */
function oftenAtNight(history: History, params: Params, reference: Reference): boolean {
  let missing = params.atLeast
  // Each trip has three reads at least: an interior one may end one trip and begin the next.
  if (history.length < 2 * missing + 1) return false
  for (let i = 0; i < history.length && missing > 0; i++)
    if (
      inHours(history.at(i), params.fromHour, params.toHour) &&
      isSure(history, i, params.minConfidence) &&
      isNear(history, i, params, reference)
    )
      missing--
  return missing === 0
}

function tripsOf(history: History, params: Params, reference: Reference): Trip[] {
  const { fromHour, toHour, turnMs, visitMs, legMs, awayKm, leftOut, minConfidence } = params
  const reads = history.where((i) => isSure(history, i, minConfidence))
  const near = new Set(reads.filter((i) => isNear(history, i, params, reference)))
  const kmBetween = (a: number, b: number): number => {
    const here = positionAt(reference, history.site(a), history.at(a))
    const there = positionAt(reference, history.site(b), history.at(b))
    return here === undefined || there === undefined ? 0 : distanceKm(here, there)
  }
  const isAway = (i: number, from: number): boolean => !near.has(i) && kmBetween(i, from) >= awayKm

  // Visits: reads near the border with no read in the interior between them; and what lies between two visits.
  const visits: { border: number[]; before: number[]; after: number[] }[] = []
  let between: number[] = []
  for (const i of reads) {
    const visit = visits.at(-1)
    if (!near.has(i)) {
      between.push(i)
      continue
    }
    const last = visit?.border.at(-1)
    const interior = last === undefined ? between : between.filter((one) => isAway(one, last))
    if (visit !== undefined && !interior.some((one) => isAway(one, i))) visit.border.push(i)
    else {
      if (visit !== undefined) visit.after = between
      visits.push({ border: [i], before: between, after: [] })
    }
    between = []
  }
  const open = visits.at(-1)
  if (open !== undefined) open.after = between

  return visits.flatMap(({ border, before, after }) => {
    const [first, last] = [border[0] as number, border.at(-1) as number]
    const stay = Math.max(
      0,
      ...border.slice(1).map((i, n) => history.at(i) - history.at(border[n] as number)),
    )
    if (stay >= turnMs || history.at(last) - history.at(first) > visitMs) return []
    if (!border.some((i) => inHours(history.at(i), fromHour, toHour))) return []
    const from = before.findLast((i) => isAway(i, first) && history.at(first) - history.at(i) <= legMs)
    const to = after.find((i) => isAway(i, last) && history.at(i) - history.at(last) <= legMs)
    if (from === undefined || to === undefined) return []
    const reads = [from, ...border, to]
    if (leftOut.includes(commonClass(history, reads))) return []
    const km = Math.min(kmBetween(from, first), kmBetween(last, to))
    return [{ at: history.at(first), turnMs: stay, km, border, ends: [from, to], reads }]
  })
}

/** The class of vehicle that most reads have, of equals the first; empty when none has one. */
function commonClass(history: History, reads: readonly number[]): string {
  const known = reads.map((i) => history.vehicleClass(i)).filter((name) => name !== '' && name !== 'unknown')
  const times = (name: string): number => known.filter((other) => other === name).length
  return known.reduce<string>((most, name) => (most === '' || times(name) > times(most) ? name : most), '')
}
