import type { FeedName } from '../feeds/layout.ts'
import type { CountedVolume } from '../feeds/log-subjects.ts'
import { readReference, type ReferenceTables } from '../reference/read-csv.ts'
import { createCommuters } from './commuters.ts'
import { createLiveExtras, type LiveExtras } from './live.ts'
import { dayOf } from './local-time.ts'
import type { Scheme } from './labels.ts'
import { throughOutage, throughPortal, withNoise, withSkew } from './noise.ts'
import { createPlaces } from './places.ts'
import { kinds } from './schemes/all.ts'
import { familyOf, type Kind, type Notice, type Stage } from './schemes/kind.ts'
import { darkness } from './schemes/silence.ts'
import { worldSources, type Family, type RawRecord, type Sent } from './sent.ts'
import type { Planted } from './story.ts'
import { totalsBetween } from './totals.ts'
import { createTraffic } from './traffic.ts'
import { createTravellers } from './travellers.ts'

export interface WorldOptions {
  /** Size of the world: 1 is about 35,000 records a day. */
  readonly scale?: number
  /** When ordinary life begins (ms UTC): before it only what belongs to a scheme of a later day is told. Absent: it has always been. */
  readonly ordinaryFrom?: number
  /** Start of the live phase (ms UTC), from which on it adds its own schemes and flow; absent: none. */
  readonly liveStart?: number
  /** Sightings a second that the live phase adds (default 3). */
  readonly floorPerSecond?: number
  /** Default: the reference data of the product. */
  readonly tables?: ReferenceTables
}

/** A record in the outbox of a supplier's system. */
export interface Outgoing {
  readonly feed: FeedName
  readonly source: string
  /** When it is sent, ms UTC; never before it happened. */
  readonly sendAt: number
  readonly record: RawRecord
}

export interface World {
  /** Everything sent in [fromMs, toMs), in order. The same bytes for the same span, whatever was asked before. */
  between(fromMs: number, toMs: number): Outgoing[]
  /** Schemes whose deciding record is sent in [fromMs, toMs). */
  schemes(fromMs: number, toMs: number): Scheme[]
  /** What goes to the reference desk in [fromMs, toMs), in order: entries of watchlists, works at cameras. */
  notices(fromMs: number, toMs: number): Notice[]
  /** Totals of days that were counted elsewhere and are sent in [fromMs, toMs). */
  totals(fromMs: number, toMs: number): CountedVolume[]
  /** This world with a live phase that starts at `liveStart`, sharing what it has made so far. */
  live(liveStart: number): World
}

/** A world of border life. It keeps the days that it needs next, so asking forward in time is cheap. */
export function createWorld(seed: number, options: WorldOptions = {}): World {
  const scale = options.scale ?? 1
  const places = createPlaces(options.tables ?? readReference())
  const gates = new Map([...places.airports.values, ...places.borders.values].map((gate) => [gate.id, gate]))
  const stage: Stage = { seed, scale, places }
  const families: readonly Family[] = [
    createTravellers(seed, scale, places),
    createCommuters(seed, scale, places),
    createTraffic(seed, scale, places),
    ...kinds.map((kind) => familyOf(kind, stage)),
  ]
  const firstDay = options.ordinaryFrom === undefined ? -Infinity : dayOf(options.ordinaryFrom)
  const kept = families.map(() => new Map<number, Kept>())

  /** What a family sends of a day from `fromMs` on: what lies before is let go, and made anew when somebody goes back. */
  const dayOfFamily = (index: number, day: number, fromMs: number): readonly Sent[] => {
    const days = kept[index] as Map<number, Kept>
    const known = days.get(day)
    if (known !== undefined && known.fromMs <= fromMs) {
      const old = lowerBound(known.sent, fromMs)
      if (old * 2 > known.sent.length) days.set(day, { fromMs, sent: known.sent.slice(old) })
      return known.sent
    }
    const family = families[index] as Family
    const told = day < firstDay ? [] : family.day(day)
    const sent = withNoise(seed, family.name, day, told)
      .filter((one) => one.planted === true || !unseen(one))
      .map((one) => withSkew(seed, delayed(one)))
      .filter(({ sendAt }) => sendAt >= fromMs)
      .sort((a, b) => a.sendAt - b.sendAt)
    days.set(day, { fromMs, sent })
    return sent
  }

  const delayed = (one: Sent): Sent => {
    const sendAt =
      one.feed === 'crossings'
        ? throughOutage(seed, gates.get(String(one.record['site'])), dayOf(one.sendAt), one.sendAt)
        : one.feed === 'registrations'
          ? throughPortal(seed, one.sendAt)
          : one.sendAt
    return sendAt === one.sendAt ? one : { ...one, sendAt }
  }

  /** True of what a camera without power would have seen. */
  const unseen = ({ feed, record }: Sent): boolean => {
    const site = String(record['site'])
    if (feed !== 'sightings' || !places.dark.has(site)) return false
    const at = Date.parse(String(record['at']))
    const day = dayOf(at)
    return [day - 2, day - 1, day].some((one) =>
      darkOn(one).some(({ site: dark, from, to }) => dark === site && at >= from && at < to),
    )
  }
  const darkOn = remembered(40, (day: number) => darkness(seed, places, day))

  const between = (fromMs: number, toMs: number): Sent[] => {
    const found: Sent[] = []
    families.forEach((family, index) => {
      const first = dayOf(fromMs) - family.spanDays
      const last = dayOf(toMs - 1) + (family.leadDays ?? 0)
      for (let day = first; day <= last; day++) {
        const sent = dayOfFamily(index, day, fromMs)
        for (let i = lowerBound(sent, fromMs); i < sent.length; i++) {
          const one = sent[i] as Sent
          if (one.sendAt >= toMs) break
          found.push(one)
        }
      }
      const days = kept[index] as Map<number, unknown>
      for (const day of days.keys()) if (day < first || day > last + 1) days.delete(day)
    })
    return found
  }

  const plantedOn = kinds.map((kind) => remembered(600, (day: number) => kind.planted(stage, day)))

  /** Everything planted of which something may happen in [fromMs, toMs). */
  const around = (fromMs: number, toMs: number): Planted[] =>
    kinds.flatMap((kind: Kind, index) => {
      const list: Planted[] = []
      const last = dayOf(toMs - 1) + kind.leadDays
      for (let day = Math.max(firstDay, dayOf(fromMs) - kind.spanDays); day <= last; day++)
        list.push(...(plantedOn[index] as (day: number) => Planted[])(day))
      return list
    })

  const withExtras = (extras: LiveExtras | undefined): World => ({
    between: (fromMs, toMs) =>
      [...between(fromMs, toMs), ...(extras?.between(fromMs, toMs) ?? [])]
        .sort((a, b) => a.sendAt - b.sendAt)
        .map(({ feed, sendAt, record }) => ({ feed, source: worldSources[feed], sendAt, record })),
    schemes: (fromMs, toMs) =>
      [...around(fromMs, toMs), ...(extras?.schemes(fromMs, toMs) ?? [])]
        .map(({ scheme }) => scheme)
        .filter(({ decidedAt }) => decidedAt >= fromMs && decidedAt < toMs),
    notices: (fromMs, toMs) =>
      around(fromMs, toMs)
        .flatMap(({ notices }) => notices)
        .filter(({ sendAt }) => sendAt >= fromMs && sendAt < toMs)
        .sort((a, b) => a.sendAt - b.sendAt),
    totals: (fromMs, toMs) => totalsBetween(seed, fromMs, toMs),
    live: (liveStart) =>
      withExtras(createLiveExtras({ seed, liveStart, floorPerSecond: options.floorPerSecond ?? 2 }, places)),
  })
  const world = withExtras(undefined)
  return options.liveStart === undefined ? world : world.live(options.liveStart)
}

/** Everything sent in [fromMs, toMs) in order: {@link createWorld} for one span. */
export function generate(seed: number, fromMs: number, toMs: number, options: WorldOptions = {}): Outgoing[] {
  return createWorld(seed, options).between(fromMs, toMs)
}

/** The labels: schemes whose deciding record is sent in [fromMs, toMs). */
export function schemes(seed: number, fromMs: number, toMs: number, options: WorldOptions = {}): Scheme[] {
  return createWorld(seed, options).schemes(fromMs, toMs)
}

/** A function of a day whose last `most` answers are kept. */
function remembered<T>(most: number, make: (day: number) => T): (day: number) => T {
  const kept = new Map<number, T>()
  return (day) => {
    const known = kept.get(day)
    if (known !== undefined) return known
    const made = make(day)
    kept.set(day, made)
    if (kept.size > most) kept.delete(kept.keys().next().value as number)
    return made
  }
}

/** Records of a family and day from `fromMs` on, by the time of sending. */
interface Kept {
  readonly fromMs: number
  readonly sent: readonly Sent[]
}

function lowerBound(sent: readonly Sent[], at: number): number {
  let low = 0
  let high = sent.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sent[middle] as Sent).sendAt < at) low = middle + 1
    else high = middle
  }
  return low
}
