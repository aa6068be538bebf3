import { Type, type Static } from 'typebox'
import { distanceKm, positionAt } from '../../ingest/reference/places.ts'
import type { Reference } from '../../ingest/reference/reference.ts'
import { defineDetector } from '../detector.ts'
import type { History } from '../engine/history.ts'
import { isSure, standsForPassage } from '../engine/sure-reads.ts'
import { list } from '../words.ts'

const minute = 60_000
const hour = 60 * minute

const params = Type.Object({
  kmh: Type.Number({
    minimum: 50,
    default: 180,
    description: 'Speed above which it is not one vehicle, km/h.',
  }),
  minConfidence: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.9,
    description: 'Likelihood that a plate was read right from which a read counts.',
  }),
  withinMs: Type.Integer({
    minimum: minute,
    default: 12 * hour,
    description:
      'Longest time between two reads that are compared, ms; the whole country takes 9 h at 180 km/h.',
  }),
  clockMs: Type.Integer({
    minimum: 0,
    default: 5 * minute,
    description: 'Time by which the clocks of two cameras may differ, ms.',
  }),
  slackKm: Type.Number({
    minimum: 0,
    default: 10,
    description: 'Distance by which the positions of two cameras may be off, km.',
  }),
  passageMs: Type.Integer({
    minimum: 0,
    default: minute,
    description: 'Messages of one camera at most this far apart are one passage, ms.',
  }),
  looksAtLeast: Type.Integer({
    minimum: 1,
    default: 2,
    description:
      'Passages with each of two makes, or of two colours: cameras take one for another now and then. Where make and colour change together, one is enough.',
  }),
  looksWithinMs: Type.Integer({
    minimum: minute,
    default: 48 * hour,
    description: 'Span that they fall in, ms.',
  }),
  alike: Type.Array(Type.Array(Type.String()), {
    default: [
      ['white', 'silver', 'grey', 'gray', 'beige', 'cream'],
      ['black', 'grey', 'gray', 'blue', 'brown', 'green', 'purple'],
      ['red', 'orange', 'brown', 'maroon', 'pink', 'purple'],
      ['gold', 'bronze', 'beige', 'brown', 'yellow', 'orange', 'silver'],
    ],
    description: 'Colours that cameras take for each other, by groups; a colour in none is not judged.',
  }),
  episodeMs: Type.Integer({
    minimum: 0,
    default: 24 * hour,
    description: 'Contradictions at most this far apart are one finding, ms.',
  }),
})
type Params = Static<typeof params>

/** Two vehicles carry one plate: it is read where one vehicle cannot be, or on vehicles that do not look alike. */
export default defineDetector({
  id: 'cloned-plate',
  key: 'vehicle',
  reads: ['sightings'],
  uses: ['sites'],
  measure: 6,
  class: 'verify',
  title: { en: 'Cloned plate', th: 'ป้ายทะเบียนซ้ำ' },
  reason: {
    en: 'Cars that move people carry copies of the plates of ordinary ones. Misreads are far more frequent than copies, so both reads must be sure, and the province known: one series and number exists in every province. Look at the pictures first.',
    th: 'รถที่ใช้ขนคนมักติดป้ายทะเบียนปลอมที่คัดลอกจากรถทั่วไป การอ่านป้ายผิดพบบ่อยกว่ามาก จึงใช้เฉพาะการอ่านที่แม่นยำและทราบจังหวัด โปรดตรวจภาพก่อน',
  },
  params,
  evidence: Type.Object({
    impossible: Type.Integer({ description: 'Pairs of reads that no one vehicle can make.' }),
    kmh: Type.Integer({
      description: 'Least speed that the fastest of them needs, km/h; 0 when there is none.',
    }),
    km: Type.Integer({ description: 'Distance of its cameras, km.' }),
    gapMs: Type.Integer({ description: 'Time between its reads, ms.' }),
    between: Type.Array(Type.String(), { description: 'Its two cameras.' }),
    makes: Type.Array(Type.String(), { description: 'Makes that contradict each other.' }),
    colours: Type.Array(Type.String(), { description: 'Colours that contradict each other.' }),
    reads: Type.Integer({ description: 'Reads that it rests on.' }),
    sites: Type.Array(Type.String(), { description: 'Where, in the order of first use.' }),
    firstAt: Type.Integer({ description: 'First read, ms UTC.' }),
    lastAt: Type.Integer({ description: 'Last read, ms UTC.' }),
  }),
  lookbackMs: ({ withinMs, looksWithinMs, episodeMs, passageMs }) =>
    Math.max(withinMs, looksWithinMs) + episodeMs + 2 * passageMs,
  evaluate: ({ history, params, reference }) => {
    if (history.length < 2 || !contradicts(history, params, reference)) return []
    const seen = history.where((i) => counts(history, i, params))
    const parts = [
      ...tooFast(history, seen, params, reference),
      ...anotherVehicle(history, seen, params),
      ...looks(history, seen, params, 'make'),
      ...looks(history, seen, params, 'colour'),
    ].sort((a, b) => a.start - b.start || a.end - b.end)
    const chains: { end: number; parts: Part[] }[] = []
    for (const part of parts) {
      const chain = chains.at(-1)
      if (chain !== undefined && part.start - chain.end <= params.episodeMs) {
        chain.parts.push(part)
        chain.end = Math.max(chain.end, part.end)
      } else chains.push({ end: part.end, parts: [part] })
    }
    return chains.map(({ parts }) => {
      const reads = [...new Set(parts.flatMap(({ members }) => members))].sort((a, b) => a - b)
      const pairs = parts.flatMap(({ pair }) => pair ?? [])
      const fastest = pairs.reduce<Pair | undefined>(
        (most, pair) => (most === undefined || pair.kmh > most.kmh ? pair : most),
        undefined,
      )
      const [firstAt, lastAt] = [history.at(reads[0] as number), history.at(reads.at(-1) as number)]
      return {
        start: firstAt,
        end: lastAt,
        site: history.site(reads.at(-1) as number),
        events: reads.map((i) => history.event(i)),
        evidence: {
          impossible: pairs.length,
          kmh: Math.round(fastest?.kmh ?? 0),
          km: Math.round(fastest?.km ?? 0),
          gapMs: fastest?.gapMs ?? 0,
          between: [...(fastest?.between ?? [])],
          makes: [...new Set(parts.flatMap(({ makes }) => makes ?? []))],
          colours: [...new Set(parts.flatMap(({ colours }) => colours ?? []))],
          reads: reads.length,
          sites: [...new Set(reads.map((i) => history.site(i)))],
          firstAt,
          lastAt,
        },
      }
    })
  },
  severity: ({ impossible, makes, colours }) => {
    const looks = makes.length + colours.length > 0
    return impossible >= 3 || (impossible > 0 && looks)
      ? 'high'
      : impossible === 2 || looks
        ? 'medium'
        : 'low'
  },
  explain: ({ evidence: { impossible, kmh, km, gapMs, between, makes, colours, reads, sites, firstAt } }, words) => {
    const names = (ids: readonly string[]): string => list(ids.map(words.name), words.language)
    if (words.language === 'th') {
      const parts = [
        impossible === 0 ? '' : `${names(between)} ห่างกัน ${km} กม. ภายใน ${words.span(gapMs)} (อย่างน้อย ${kmh} กม./ชม.; ${impossible} คู่)`,
        makes.length === 0 ? '' : `ยี่ห้อต่างกัน ${list(makes, 'th')}`,
        colours.length === 0 ? '' : `สีต่างกัน ${list(colours, 'th')}`,
      ].filter((part) => part !== '')
      return `ป้ายทะเบียนเดียวถูกอ่านในลักษณะที่รถคันเดียวเป็นไปไม่ได้ (${reads} ครั้งที่ ${names(sites)} ตั้งแต่ ${words.time(firstAt)}): ${parts.join('; ')}`
    }
    const parts = [
      impossible === 0 ? '' : `${names(between)}, ${km} km apart, within ${words.span(gapMs)} (at least ${kmh} km/h; ${impossible} such ${impossible === 1 ? 'pair' : 'pairs'})`,
      makes.length === 0 ? '' : `makes ${list(makes, 'en')}`,
      colours.length === 0 ? '' : `colours ${list(colours, 'en')}`,
    ].filter((part) => part !== '')
    return `One plate was read as no one vehicle can be (${reads} reads at ${names(sites)} from ${words.time(firstAt)}): ${parts.join('; ')}.`
  }, // prettier-ignore
  unless: ({ evidence: { impossible, km }, params: { kmh, slackKm, clockMs, looksAtLeast } }, words) => {
    const needed = Math.max(0, ((km - slackKm) / kmh) * hour - clockMs)
    if (words.language === 'th')
      return impossible > 0
        ? `หากเวลาระหว่างการอ่านทั้งสองครั้งนานกว่า ${words.span(needed)}`
        : `หากยี่ห้อและสีตรงกัน หรืออย่างใดอย่างหนึ่งที่ต่างออกไปถูกอ่านน้อยกว่า ${looksAtLeast} ครั้ง`
    return impossible > 0
      ? `with more than ${words.span(needed)} between the two reads`
      : `with one make and one colour, or fewer than ${looksAtLeast} passages with another of either`
  },
})

/** Two reads that one vehicle cannot make. kmh: the least speed that it would take. */
interface Pair {
  readonly kmh: number
  readonly km: number
  readonly gapMs: number
  readonly between: readonly [string, string]
}

/** Reads that contradict each other, by position. */
interface Part {
  readonly start: number
  readonly end: number
  readonly members: readonly number[]
  readonly pair?: Pair
  readonly makes?: readonly string[]
  readonly colours?: readonly string[]
}

function counts(history: History, i: number, { minConfidence, passageMs }: Params): boolean {
  return (
    isSure(history, i, minConfidence) && history.issuerKnown(i) && standsForPassage(history, i, passageMs)
  )
}

/** Whether there is anything to find, without an allocation: there is not for nearly all vehicles. */
function contradicts(history: History, params: Params, reference: Reference): boolean {
  let [before, make, colour] = [-1, '', '']
  for (let i = 0; i < history.length; i++) {
    if (!counts(history, i, params)) continue
    if (before >= 0 && pairOf(history, before, i, params, reference) !== undefined) return true
    before = i
    const [itsMake, itsColour] = [history.make(i), history.colour(i)]
    if ((make !== '' && itsMake !== '' && itsMake !== make) || (colour !== '' && itsColour !== '' && itsColour !== colour))
      return true
    make ||= itsMake
    colour ||= itsColour
  }
  return false
} // prettier-ignore

function pairOf(
  history: History,
  a: number,
  b: number,
  { kmh, withinMs, clockMs, slackKm }: Params,
  reference: Reference,
): Pair | undefined {
  const [gapMs, from, to] = [history.at(b) - history.at(a), history.site(a), history.site(b)]
  if (gapMs > withinMs || from === to) return undefined
  const here = positionAt(reference, from, history.at(a))
  const there = positionAt(reference, to, history.at(b))
  if (here === undefined || there === undefined) return undefined
  const km = distanceKm(here, there)
  const least = ((km - slackKm) / (gapMs + clockMs)) * hour
  return km > slackKm && least > kmh ? { kmh: least, km, gapMs, between: [from, to] } : undefined
}

/** Each two reads one after the other that are too far apart for the time between them. */
function tooFast(history: History, seen: readonly number[], params: Params, reference: Reference): Part[] {
  return seen.slice(1).flatMap((b, n) => {
    const a = seen[n] as number
    const pair = pairOf(history, a, b, params, reference)
    return pair === undefined ? [] : [{ start: history.at(a), end: history.at(b), members: [a, b], pair }]
  })
}

/** Each two looks one after the other of which make and colour contradict. */
function anotherVehicle(history: History, seen: readonly number[], { looksWithinMs, alike }: Params): Part[] {
  const known = seen.filter((i) => isMake(history.make(i)) && isJudged(history.colour(i), alike))
  return known.slice(1).flatMap((b, n) => {
    const a = known[n] as number
    const [makes, colours] = [
      [history.make(a), history.make(b)],
      [history.colour(a), history.colour(b)],
    ] as const
    const another =
      history.at(b) - history.at(a) <= looksWithinMs &&
      makes[0].toLowerCase() !== makes[1].toLowerCase() &&
      !areAlike(colours[0], colours[1], alike)
    return another ? [{ start: history.at(a), end: history.at(b), members: [a, b], makes, colours }] : []
  })
}

const isMake = (make: string): boolean => make !== '' && make.toLowerCase() !== 'unknown'
const isJudged = (colour: string, alike: Params['alike']): boolean =>
  alike.some((group) => group.includes(colour.toLowerCase()))
const areAlike = (a: string, b: string, alike: Params['alike']): boolean =>
  a.toLowerCase() === b.toLowerCase() ||
  alike.some((group) => group.includes(a.toLowerCase()) && group.includes(b.toLowerCase()))

/** Spans in which two makes, or two colours, that contradict each other are seen often enough each. */
function looks(
  history: History,
  seen: readonly number[],
  { looksAtLeast, looksWithinMs, alike }: Params,
  what: 'make' | 'colour',
): Part[] {
  const look = (i: number): string => history[what](i).toLowerCase()
  const contradict = (a: string, b: string): boolean => a !== b && (what === 'make' || !areAlike(a, b, alike))
  const known = seen.filter((i) => (what === 'make' ? isMake(look(i)) : isJudged(look(i), alike)))
  const times = new Map<string, number>()
  for (const i of known) times.set(look(i), (times.get(look(i)) ?? 0) + 1)
  // One wrong word among many right ones is what is seen of most vehicles.
  if ([...times.values()].filter((count) => count >= looksAtLeast).length < 2) return []
  return known.flatMap((first, n) => {
    const span = known.slice(n).filter((i) => history.at(i) - history.at(first) <= looksWithinMs)
    const often = [...new Set(span.map(look))].filter(
      (word) => span.filter((i) => look(i) === word).length >= looksAtLeast,
    )
    const odd = often.filter((word) => often.some((other) => contradict(word, other)))
    const members = span.filter((i) => odd.includes(look(i)))
    if (members.length === 0) return []
    const [start, end] = [history.at(members[0] as number), history.at(members.at(-1) as number)]
    return [{ start, end, members, [what === 'make' ? 'makes' : 'colours']: odd.map(named) }]

    function named(word: string): string {
      return history[what](members.find((i) => look(i) === word) as number)
    }
  })
}
