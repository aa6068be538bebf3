import { Type } from 'typebox'
import { distanceKm, placeAt, type Place } from '../../ingest/reference/places.ts'
import type { Reference } from '../../ingest/reference/reference.ts'
import { defineDetector } from '../detector.ts'
import { list } from '../words.ts'

const hour = 3_600_000
const minute = 60_000

/** One document is shown at two places that nobody can travel between in that time. */
export default defineDetector({
  id: 'impossible-travel',
  key: 'traveller',
  reads: ['crossings'],
  uses: ['sites'],
  measure: 2,
  class: 'verify',
  title: { en: 'Impossible travel', th: 'เดินทางเร็วเกินเป็นไปได้' },
  reason: {
    en: 'A copied or borrowed document is shown at two places faster than a journey takes: over 900 km/h by air, over 130 km/h by land. Positions and clocks are allowed their errors, and a flight without a record is allowed for.',
    th: 'เอกสารปลอมหรือยืมใช้ปรากฏสองแห่งเร็วกว่าที่เดินทางได้จริง เกิน 900 กม./ชม. ทางอากาศ หรือ 130 กม./ชม. ทางบก เผื่อความคลาดเคลื่อนของตำแหน่งและนาฬิกา และเที่ยวบินที่ไม่มีบันทึกไว้แล้ว',
  },
  params: Type.Object({
    airKmh: Type.Number({ minimum: 100, default: 900, description: 'Fastest between two airports, km/h.' }),
    landKmh: Type.Number({ minimum: 20, default: 130, description: 'Fastest on land, km/h.' }),
    flightMs: Type.Integer({
      minimum: 0,
      default: 6 * hour,
      description:
        'Time that a flight nobody recorded takes besides flying, ms: to the airport, waiting, from the airport.',
    }),
    skewMs: Type.Integer({
      minimum: 0,
      default: 3 * minute,
      description: 'How far the clocks of two systems may be apart, ms.',
    }),
    minKm: Type.Number({
      minimum: 0,
      default: 50,
      description: 'Distance below which errors of position and clock decide, km.',
    }),
    withinMs: Type.Integer({
      minimum: minute,
      default: 24 * hour,
      description: 'Longest time between the two, ms: beyond it every place is in reach.',
    }),
    documentTypes: Type.Array(Type.String(), {
      default: ['passport', 'border-pass', 'temporary-border-pass', 'work-pass'],
      description: 'Documents it looks at. Crew lists are filed by a carrier, not shown by the person.',
    }),
  }),
  evidence: Type.Object({
    jumps: Type.Integer({ description: 'Times that the next place was out of reach.' }),
    km: Type.Integer({ description: 'Great-circle distance of the worst jump, km.' }),
    apartMs: Type.Integer({ description: 'Time between its two crossings, ms.' }),
    neededMs: Type.Integer({ description: 'Least time that the journey takes, ms.' }),
    way: Type.String({ description: 'Fastest way: air, land, or a flight that nobody recorded.' }),
    fromSite: Type.String({ description: 'Where the worst jump began.' }),
    toSite: Type.String({ description: 'Where it ended.' }),
    fromAt: Type.Integer({ description: 'When it began, ms UTC.' }),
    toAt: Type.Integer({ description: 'When it ended, ms UTC.' }),
    sites: Type.Array(Type.String(), { description: 'All places, in the order of first use.' }),
  }),
  lookbackMs: ({ withinMs }) => withinMs,
  evaluate: ({ history, params, reference }) => {
    if (history.length < 2) return []
    const { withinMs, documentTypes } = params
    // Runs of crossings of which each is out of reach of the one before; none in the common case.
    let runs: { at: number[]; jumps: Jump[] }[] | undefined
    let before = -1
    for (let i = 0; i < history.length; i++) {
      if (history.feed(i) !== 'crossings' || !documentTypes.includes(history.documentType(i))) continue
      const previous = before
      before = i
      if (previous < 0 || history.at(i) - history.at(previous) > withinMs) continue
      if (history.site(i) === history.site(previous)) continue
      const to = placeAt(reference, history.site(i), history.at(i))
      // A place without a position says nothing: the next crossing is held against the one before it.
      if (to === undefined) {
        before = previous
        continue
      }
      const from = placeAt(reference, history.site(previous), history.at(previous))
      const jump = from === undefined ? undefined : jumpBetween(previous, from, i, to)
      if (jump === undefined) continue
      runs ??= []
      const run = runs.at(-1)
      if (run?.at.at(-1) === previous) {
        run.at.push(i)
        run.jumps.push(jump)
      } else runs.push({ at: [previous, i], jumps: [jump] })
    }
    if (runs === undefined) return []
    return runs.map(({ at, jumps }) => {
      const [first, last] = [at[0] as number, at.at(-1) as number]
      const worst = jumps.reduce((a, b) => (b.neededMs - b.apartMs > a.neededMs - a.apartMs ? b : a))
      return {
        start: history.at(first),
        end: history.at(last),
        site: history.site(last),
        events: at.map((i) => history.event(i)),
        evidence: { jumps: jumps.length, ...worst, sites: [...new Set(at.map((i) => history.site(i)))] },
      }
    })

    function jumpBetween(from: number, a: Place, to: number, b: Place): Jump | undefined {
      const km = distanceKm(a, b)
      if (km < params.minKm) return undefined
      const [fromSite, toSite, fromAt, toAt] = [
        history.site(from),
        history.site(to),
        history.at(from),
        history.at(to),
      ]
      const sureKm = Math.max(0, km - errorKm(reference, fromSite, fromAt) - errorKm(reference, toSite, toAt))
      const byAir = [from, to].some((i) => history.mode(i) === 'air') || [a, b].some(isAirport)
      const { way, neededMs } = fastest(sureKm, byAir, params)
      const apartMs = toAt - fromAt
      if (apartMs + params.skewMs >= neededMs) return undefined
      return {
        km: Math.round(km),
        apartMs,
        neededMs: Math.round(neededMs),
        way,
        fromSite,
        toSite,
        fromAt,
        toAt,
      }
    }
  },
  severity: ({ jumps, neededMs, apartMs }) =>
    jumps > 1 || neededMs >= 3 * Math.max(apartMs, minute) ? 'high' : 'medium',
  explain: ({ evidence: e, params: { airKmh, landKmh } }, words) => {
    const thai = words.language === 'th'
    const how = {
      air: thai ? `ทางอากาศ ${airKmh} กม./ชม.` : `by air at ${airKmh} km/h`,
      land: thai ? `ทางบก ${landKmh} กม./ชม.` : `on land at ${landKmh} km/h`,
      flight: thai ? 'โดยเที่ยวบินที่ไม่มีบันทึก' : 'with a flight that nobody recorded',
    }[e.way as Jump['way']]
    const more = e.jumps - 1
    const all = list(e.sites.map(words.name), words.language)
    if (thai)
      return `เอกสารฉบับเดียวใช้ที่ ${words.name(e.fromSite)} เมื่อ ${words.time(e.fromAt)} และที่ ${words.name(e.toSite)} อีก ${words.span(e.apartMs)} ต่อมา ห่างกัน ${e.km} กม. ต้องใช้เวลาอย่างน้อย ${words.span(e.neededMs)} (${how})${more > 0 ? ` และอีก ${more} ครั้ง ที่ ${all}` : ''}`
    return `One document was shown at ${words.name(e.fromSite)} on ${words.time(e.fromAt)} and at ${words.name(e.toSite)} ${words.span(e.apartMs)} later: ${e.km} km, which takes ${words.span(e.neededMs)} at least (${how})${more > 0 ? `; ${more} more ${more === 1 ? 'jump' : 'jumps'}, at ${all}` : ''}.`
  },
  unless: ({ evidence: { neededMs }, params: { skewMs } }, words) => {
    const needed = words.span(Math.max(0, neededMs - skewMs))
    return words.language === 'th' ? `หากห่างกันอย่างน้อย ${needed}` : `with ${needed} or more between the two`
  },
})

interface Jump {
  readonly km: number
  readonly apartMs: number
  readonly neededMs: number
  readonly way: 'air' | 'land' | 'flight'
  readonly fromSite: string
  readonly toSite: string
  readonly fromAt: number
  readonly toAt: number
}

const isAirport = ({ kind }: Place): boolean => kind === 'airport'

/** The fastest way and its least time. Far places without an airport's record may still have a flight between them. */
function fastest(
  km: number,
  byAir: boolean,
  { airKmh, landKmh, flightMs }: { airKmh: number; landKmh: number; flightMs: number },
): Pick<Jump, 'way' | 'neededMs'> {
  const air = (km / airKmh) * hour
  if (byAir) return { way: 'air', neededMs: air }
  const land = (km / landKmh) * hour
  return land <= flightMs + air
    ? { way: 'land', neededMs: land }
    : { way: 'flight', neededMs: flightMs + air }
}

/** How far a site may be from where the reference data has it, km: A 5, B 3, C and unknown 10 (see ingest/reference). */
function errorKm(reference: Reference, site: string, at: number): number {
  const confidence = reference.sites.at(site, at)?.['positionConfidence']
  return confidence === 'A' ? 5 : confidence === 'B' ? 3 : 10
}
