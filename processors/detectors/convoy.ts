import { Type, type Static } from 'typebox'
import { distanceKm, flowOf, positionAt } from '../../ingest/reference/places.ts'
import type { Reference } from '../../ingest/reference/reference.ts'
import { defineDetector, type Context } from '../detector.ts'
import type { History } from '../engine/history.ts'
import { inHours } from '../engine/local-time.ts'
import { isSure, standsForPassage } from '../engine/sure-reads.ts'
import { list } from '../words.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const params = Type.Object({
  windowMs: Type.Integer({ minimum: hour, default: 14 * day, description: 'Span that the trips fall in, ms.' }),
  atLeast: Type.Integer({ minimum: 2, default: 2, description: 'Trips together in one span that make a finding.' }),
  cameras: Type.Integer({ minimum: 2, default: 3, description: 'Cameras that both pass on each.' }),
  km: Type.Number({ minimum: 0, default: 100, description: 'Distance that these are apart at least, km.' }),
  gapFromMs: Type.Integer({ minimum: 0, default: 30_000, description: 'Shortest time between the two at a camera, ms.' }),
  gapToMs: Type.Integer({ minimum: 1_000, default: 10 * minute, description: 'Longest time between the two at a camera, ms.' }),
  tripMs: Type.Integer({ minimum: hour, default: 12 * hour, description: 'Longest time of a trip, ms.' }),
  apartMs: Type.Integer({
    minimum: minute,
    default: 4 * hour,
    description: 'Time without meeting after which the next meeting begins another trip, ms.',
  }),
  otherOrder: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.25,
    description: 'Share of trips in the other order, or in none, up to which one leads and one follows.',
  }),
  habitMs: Type.Integer({
    minimum: 0,
    default: 7 * day,
    description: 'How long before a span trips are looked at for what the two usually do, ms.',
  }),
  regularAtLeast: Type.Integer({ minimum: 2, default: 4, description: 'Trips from which on a common hour is looked for.' }),
  regularMs: Type.Integer({
    minimum: 0,
    default: hour,
    description: 'Span of the day in which so many begin by daylight: both have the same hours, as commuters do, ms.',
  }),
  everyMs: Type.Integer({
    minimum: hour,
    default: day,
    description: 'A trip this long after another of the two, by daylight, is the same habit again and counts for none, ms.',
  }),
  aboutMs: Type.Integer({ minimum: 0, default: hour / 2, description: 'Give or take this much, ms.' }),
  flow: Type.Number({ minimum: 0, default: 200, description: 'Vehicles an hour where the reference data has no flow.' }),
  usersHours: Type.Number({
    minimum: 1,
    default: 120,
    description: 'Hours of flow after which the same vehicles come again: those of a road in a fortnight.',
  }),
  stay: Type.Number({
    exclusiveMinimum: 0,
    maximum: 1,
    default: 0.7,
    description: 'Likelihood that two strangers who passed a camera together do so at the next, in the same order.',
  }),
  maxChance: Type.Number({
    exclusiveMinimum: 0,
    default: 0.1,
    description: 'Vehicles that would be found with this one by chance, up to which it is none.',
  }),
  leftOut: Type.Array(Type.String(), {
    default: ['bus', 'truck'],
    description: 'Classes of vehicles that drive in company by trade, when both are of one.',
  }),
  minConfidence: Type.Number({ minimum: 0, maximum: 1, default: 0.8, description: 'Likelihood that a plate was read right from which a read counts.' }),
  passageMs: Type.Integer({ minimum: 0, default: minute, description: 'Messages of one camera at most this far apart are one passage, ms.' }),
}) // prettier-ignore
type Params = Static<typeof params>

/** Two vehicles drive together, one some minutes ahead of the other, on more than one trip. */
export default defineDetector({
  id: 'convoy',
  key: 'vehicle',
  reads: ['sightings'],
  uses: ['sites', 'cameras'],
  measure: 3,
  class: 'investigate',
  title: { en: 'Convoy', th: 'รถวิ่งเป็นขบวน' },
  reason: {
    en: 'A lead car drives some minutes ahead and warns of checks. On any one trip strangers keep together by the thousand: measured on real toll data, one occasion gives 5,282 pairs a week, two give 21. Commuters share their hours, coaches and lorries their owner.',
    th: 'รถนำขบวนวิ่งล่วงหน้าไม่กี่นาทีเพื่อแจ้งเตือนด่านตรวจ ในเที่ยวเดียวรถที่ไม่เกี่ยวข้องกันมักวิ่งใกล้กันจำนวนมาก จึงต้องพบร่วมกันอย่างน้อยสองเที่ยว ไม่นับผู้เดินทางประจำเวลาเดียวกัน รถโดยสาร และรถบรรทุก',
  },
  params,
  evidence: Type.Object({
    companion: Type.String({ description: 'Pseudonym of the other vehicle, 16 hexadecimal digits.' }),
    leads: Type.Boolean({ description: 'Whether this vehicle drives ahead.' }),
    trips: Type.Integer({ description: 'Trips together, in the same order.' }),
    meetings: Type.Integer({ description: 'Cameras that both passed on them, counted each time.' }),
    km: Type.Integer({ description: 'Distance of the cameras of the shortest of them, km.' }),
    gapMs: Type.Integer({ description: 'Time between the two at a camera, the middle one, ms.' }),
    chance: Type.Number({ description: 'Vehicles that would be found with this one by chance, from the usual flow.' }),
    sites: Type.Array(Type.String(), { description: 'Cameras, in the order of first use.' }),
    firstAt: Type.Integer({ description: 'First meeting, ms UTC.' }),
    lastAt: Type.Integer({ description: 'Last meeting, ms UTC.' }),
  }),
  companions: ({ gapToMs, atLeast, cameras, apartMs }) => ({
    withinMs: gapToMs,
    atLeast: atLeast * cameras,
    trips: { atLeast, cameras, apartMs },
  }),
  // A trip hangs on meetings before and after it; at the edge of a slice it may seem another, twice as far away.
  lookbackMs: ({ windowMs, habitMs, everyMs, aboutMs, tripMs, apartMs, gapToMs, passageMs }) =>
    windowMs + Math.max(habitMs, everyMs + aboutMs) + 2 * (tripMs + apartMs) + gapToMs + passageMs,
  evaluate: (context) => {
    const { history, params } = context
    const { atLeast, cameras } = params
    if (history.length < atLeast * cameras) return []
    const findings = []
    for (const [companion, meetings] of meetingsOf(context)) {
      if (meetings.length < atLeast * cameras) continue
      const trips = tripsOf(meetings, params, context.reference)
      for (const { chain, chance } of chainsOf(trips, history, params, context.reference)) {
        const all = chain.flatMap(({ meetings }) => meetings)
        const reads = readsOf(all)
        const [firstAt, lastAt] = [(reads[0] as Read).at, (reads.at(-1) as Read).at]
        const gaps = all.map(({ gapMs }) => Math.abs(gapMs)).sort((a, b) => a - b)
        findings.push({
          start: firstAt,
          end: lastAt,
          site: (all.at(-1) as Meeting).site,
          events: reads.map(({ event }) => event),
          evidence: {
            companion,
            leads: (all[0] as Meeting).gapMs > 0,
            trips: chain.length,
            meetings: all.length,
            km: Math.round(Math.min(...chain.map(({ km }) => km))),
            gapMs: gaps[Math.floor(gaps.length / 2)] as number,
            chance: Number(chance.toPrecision(2)),
            sites: [...new Set(all.map(({ site }) => site))],
            firstAt,
            lastAt,
          },
        })
      }
    }
    return findings
  },
  severity: ({ trips, chance }) => (trips >= 3 && chance < 0.001 ? 'high' : trips >= 3 || chance < 0.01 ? 'medium' : 'low'),
  explain: ({ evidence: { leads, trips, meetings, km, gapMs, chance, sites, firstAt, lastAt } }, words) => {
    const where = list(sites.map(words.name), words.language)
    return words.language === 'th'
      ? `รถสองคันวิ่งด้วยกัน ${trips} เที่ยว (${meetings} จุด ระยะอย่างน้อย ${km} กม.) คันนี้${leads ? 'นำหน้า' : 'ตามหลัง'} ห่างกันราว ${words.span(gapMs)} ที่ ${where} ตั้งแต่ ${words.time(firstAt)} ถึง ${words.time(lastAt)} (โดยบังเอิญคาดว่าพบ ${chance} คัน)`
      : `Two vehicles drove together on ${trips} trips, ${meetings} cameras in all, at least ${km} km each; this one ${leads ? 'ahead' : 'behind'}, about ${words.span(gapMs)} apart, at ${where}, from ${words.time(firstAt)} to ${words.time(lastAt)} (by chance ${chance} such vehicles are to be expected).`
  },
  unless: ({ params: { atLeast, cameras, maxChance } }, words) =>
    words.language === 'th'
      ? `หากพบร่วมกันไม่เกิน ${atLeast - 1} เที่ยว หรือน้อยกว่า ${cameras} จุดต่อเที่ยว หรือการจราจรหนาแน่นจนคาดว่าพบโดยบังเอิญเกิน ${maxChance} คัน`
      : `with ${atLeast - 1} trip or fewer together, fewer than ${cameras} cameras on each, or so much traffic that more than ${maxChance} such vehicles are to be expected`,
}) // prettier-ignore

/** Both vehicles at one camera. gapMs: how much later than this one the other came; negative when it was ahead. */
interface Meeting {
  readonly at: number
  readonly gapMs: number
  readonly site: string
  readonly own: string
  readonly other: string
  /** Whether both are of classes that drive in company by trade. */
  readonly byTrade: boolean
}

/** A drive of both, by its meetings. order: 1 this one ahead, -1 behind, 0 now one and now the other. */
interface Trip {
  readonly at: number
  readonly order: -1 | 0 | 1
  readonly km: number
  readonly cameras: number
  readonly meetings: readonly Meeting[]
}

/** A read of either vehicle. */
interface Read {
  readonly at: number
  readonly event: string
}

/** The reads that meetings consist of, each once, by time, then event. */
function readsOf(meetings: readonly Meeting[]): Read[] {
  const reads = meetings.flatMap(({ at, gapMs, own, other }) => [
    { at, event: own },
    { at: at + gapMs, event: other },
  ])
  return [...new Map(reads.map((read) => [read.event, read])).values()].sort(
    (a, b) => a.at - b.at || (a.event < b.event ? -1 : 1),
  )
}

/** Meetings of this vehicle with each other one that it kept company with, by time. */
function meetingsOf({ history, params, company }: Context<Params>): Map<string, Meeting[]> {
  const { gapFromMs, gapToMs, minConfidence, passageMs, leftOut } = params
  const passages = history.where(
    (i) => isSure(history, i, minConfidence) && standsForPassage(history, i, passageMs),
  )
  const met = new Map<string, Meeting[]>()
  const [first, last] = [passages[0], passages.at(-1)]
  if (first === undefined || last === undefined) return met
  for (const { vehicle, history: theirs } of company(history.at(first) - gapToMs, history.at(last) + gapToMs)) {
    const meetings: Meeting[] = []
    let from = 0
    for (const i of passages) {
      const [at, site] = [history.at(i), history.site(i)]
      while (from < theirs.length && theirs.at(from) < at - gapToMs) from++
      // Several messages of the other's passage: the surest, of equals the first.
      let [best, confidence] = [-1, 0]
      for (let j = from; j < theirs.length && theirs.at(j) <= at + gapToMs; j++) {
        if (Math.abs(theirs.at(j) - at) < gapFromMs || theirs.site(j) !== site) continue
        if (!isSure(theirs, j, minConfidence) || theirs.confidence(j) <= confidence) continue
        ;[best, confidence] = [j, theirs.confidence(j)]
      }
      if (best < 0) continue
      meetings.push({
        at,
        gapMs: theirs.at(best) - at,
        site,
        own: history.event(i),
        other: theirs.event(best),
        byTrade: leftOut.includes(history.vehicleClass(i)) && leftOut.includes(theirs.vehicleClass(best)),
      })
    }
    if (meetings.length > 0) met.set(vehicle, meetings)
  }
  return met
} // prettier-ignore

/** Trips: a meeting that comes after a time without any begins one; those that follow belong to it until there is such a time again, or it lasted as long as it may. */
function tripsOf(meetings: readonly Meeting[], params: Params, reference: Reference): Trip[] {
  const { apartMs, tripMs, cameras, km: leastKm } = params
  return meetings.flatMap((first, n): Trip[] => {
    const before = meetings[n - 1]
    if (before !== undefined && first.at - before.at <= apartMs) return []
    const later = meetings.slice(n)
    const end = later.findIndex(
      ({ at }, i) => at - (later[i - 1] ?? first).at > apartMs || at - first.at > tripMs,
    )
    const all = end < 0 ? later : later.slice(0, end)
    const passed = new Map(all.map(({ site, at }) => [site, at]))
    const km = Math.max(
      ...[...passed].map(([site, at]) => kmBetween(reference, first.site, site, first.at, at)),
    )
    const byTrade = all.filter(({ byTrade }) => byTrade).length * 2 >= all.length
    if (passed.size < cameras || km < leastKm || byTrade) return []
    const ahead = all.filter(({ gapMs }) => gapMs > 0).length
    const order = ahead === all.length ? 1 : ahead === 0 ? -1 : 0
    return [{ at: first.at, order, km, cameras: passed.size, meetings: all }]
  })
}

function kmBetween(reference: Reference, a: string, b: string, aAt: number, bAt: number): number {
  const [here, there] = [positionAt(reference, a, aAt), positionAt(reference, b, bAt)]
  return here === undefined || there === undefined ? 0 : distanceKm(here, there)
}

/** Chains of trips in one order of which neighbours share a span that holds enough, with the least likely chance of such a span. */
function chainsOf(
  trips: readonly Trip[],
  history: History,
  params: Params,
  reference: Reference,
): { chain: Trip[]; chance: number }[] {
  const { windowMs, habitMs, atLeast, otherOrder, maxChance } = params
  const chains: { chain: Trip[]; chance: number }[] = []
  for (const order of [1, -1] as const) {
    const own = trips.filter((trip) => trip.order === order)
    let open: { chain: Trip[]; chance: number } | undefined
    for (const [n, { at }] of own.entries()) {
      const span = own.slice(n).filter((trip) => trip.at - at <= windowMs)
      if (span.filter((trip) => !isHabit(trip, trips, params)).length < atLeast) continue
      const all = trips.filter((trip) => trip.at >= at - habitMs && trip.at - at <= windowMs)
      const others = all.filter((trip) => trip.order !== order).length
      if (others > otherOrder * all.length || haveHours(all, params)) continue
      const chance = chanceOf(span, history, params, reference)
      if (chance > maxChance) continue
      if (open !== undefined && open.chain.includes(span[0] as Trip)) {
        open.chain.push(...span.filter((trip) => !open?.chain.includes(trip)))
        open.chance = Math.min(open.chance, chance)
      } else chains.push((open = { chain: [...span], chance }))
    }
  }
  return chains
}

/** Whether the two made a trip a day before, at about the same time by daylight: what neighbours do who work at one place. */
const isHabit = ({ at }: Trip, trips: readonly Trip[], { everyMs, aboutMs }: Params): boolean =>
  inHours(at, 5, 21) &&
  trips.some((before) => Math.abs(at - before.at - everyMs) <= aboutMs && inHours(before.at, 5, 21))

/** Whether many of the trips begin by daylight at the same time of the day. */
function haveHours(trips: readonly Trip[], { regularAtLeast, regularMs }: Params): boolean {
  if (trips.length < regularAtLeast) return false
  const times = trips.filter(({ at }) => inHours(at, 5, 21)).map(({ at }) => at % day)
  return times.some(
    (time) =>
      times.filter((other) => (other - time + day) % day <= regularMs).length >=
      Math.max(regularAtLeast, trips.length / 2),
  )
}

/**
 * How many vehicles would be found with this one on so many trips by chance: those who use the road (`usersHours` of its usual flow),
 * times the likelihood that one of them comes into the gap on each trip and stays there from camera to camera, times the ways to
 * choose these trips out of all that this vehicle made.
 */
function chanceOf(trips: readonly Trip[], history: History, params: Params, reference: Reference): number {
  const { gapFromMs, gapToMs, usersHours, stay, flow, windowMs, tripMs } = params
  const start = (trips[0] as Trip).at
  const flows = trips.flatMap(({ meetings }) =>
    meetings.map(({ site, at }) => flowOf(reference, site, at) ?? flow),
  )
  const share = Math.min(1, (gapToMs - gapFromMs) / hour / usersHours)
  let chance = usersHours * Math.min(...flows)
  for (const { cameras } of trips) chance *= share * stay ** (cameras - 1)
  const made = Math.max(trips.length, tripsMade(history, start, start + windowMs + tripMs, params))
  for (let k = 0; k < trips.length; k++) chance *= (made - k) / (k + 1)
  return chance
}

/** Drives that this vehicle made: sure reads that come after a time without any. */
function tripsMade(history: History, from: number, to: number, { apartMs, minConfidence }: Params): number {
  let [made, before] = [0, -Infinity]
  for (let i = 0; i < history.length; i++) {
    const at = history.at(i)
    if (at > to || !isSure(history, i, minConfidence)) continue
    if (at >= from && at - before > apartMs) made++
    before = at
  }
  return made
}
