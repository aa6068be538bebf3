import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { settled, type OracleFinding } from './oracle.ts'

interface Params {
  windowNights: number
  atLeast: number
  share: number
  oneNightMs: number
  baselineNights: number
  factor: number
  knownNights: number
  movedShare: number
  movedFromHour: number
  movedToHour: number
  occupancy: number
  zones: readonly string[]
}

const hour = 3_600_000

/** Relay lodging: ask the definition of every night there could be one for, then glue windows that lie over each other. */
export function relayLodging(
  events: readonly TestEvent[],
  params: Params,
  places: Readonly<Record<string, { zone: string; licensed: boolean; capacity?: number }>>,
): OracleFinding[] {
  const stays = settled(events).filter(({ feed }) => feed === 'registrations')
  // A night is named by the local date on which it began; noon parts them.
  const night = (at: number): number => Math.floor((at - 5 * hour) / (24 * hour))
  const short = ({ at, until }: TestEvent): boolean =>
    typeof until === 'number' && until - at <= params.oneNightMs
  const sum = (list: readonly number[]): number => list.reduce((total, count) => total + count, 0)

  return Object.entries(places).flatMap(([key, { zone, licensed, capacity = 30 }]) => {
    const own = stays.filter(({ site }) => (site ?? 'S1') === key)
    if (own.length === 0 || !params.zones.includes(zone)) return []
    const ones = own.filter(short)
    const on = (list: readonly TestEvent[], one: number): number =>
      list.filter(({ at }) => night(at) === one).length
    const qualifies = (last: number): boolean => {
      if (on(ones, last) === 0) return false
      const first = last - params.windowNights + 1
      const counts = Array.from({ length: params.windowNights }, (_, i) => on(ones, first + i))
      const all = sum(counts)
      const rest = all - Math.max(...counts)
      const counted = rest + Math.min(Math.max(...counts), rest)
      const ended = own.filter(
        ({ at, until }) => typeof until === 'number' && night(at) >= first && night(at) <= last,
      ).length
      const before = Array.from({ length: params.baselineNights }, (_, i) => first - 1 - i)
      const known = Math.max(0, ...before.filter((one) => on(own, one) > 0).map((one) => first - one))
      const length = Math.max(known, params.knownNights)
      const falling = before.map((one) => on(ones, one)).sort((a, b) => b - a)
      // Nights further back than any check-in have none: with those cut off the list is as long as what is known.
      const list = falling.slice(0, length)
      const usual =
        length === 0
          ? 0
          : params.windowNights * median([...list, ...Array<number>(length - list.length).fill(0)])
      const inside = ones.filter(({ at }) => night(at) >= first && night(at) <= last)
      const small = inside.filter(({ until }) => {
        const hourOfDay = new Date(Number(until) + 7 * hour).getUTCHours()
        return hourOfDay >= params.movedFromHour && hourOfDay < params.movedToHour
      })
      const excused =
        small.length < params.movedShare * all &&
        (counted < params.factor * usual || (known < params.knownNights && licensed))
      const people = sum(inside.map((stay) => stay.people ?? 1))
      return (
        counted >= params.atLeast &&
        counted >= params.share * (ended - (all - counted)) &&
        people >= params.occupancy * params.windowNights * capacity &&
        !excused
      )
    }
    const nights = own.map(({ at }) => night(at))
    const range = Array.from(
      { length: Math.max(...nights) - Math.min(...nights) + 1 },
      (_, i) => Math.min(...nights) + i,
    )
    const covered = new Set(
      range
        .filter(qualifies)
        .flatMap((last) => Array.from({ length: params.windowNights }, (_, i) => last - i)),
    )
    const findings: OracleFinding[] = []
    const within = [...covered].sort((a, b) => a - b)
    // A gap in what is covered parts two findings; so do windows that only touch: the later one's first night has no earlier cover.
    for (let i = 0; i < within.length;) {
      let j = i + 1
      while (j < within.length && within[j] === (within[j - 1] as number) + 1 && !parted(within[j] as number))
        j++
      const inside = ones.filter(
        ({ at }) => night(at) >= (within[i] as number) && night(at) <= (within[j - 1] as number),
      )
      findings.push({
        rule: 'relay-lodging',
        key,
        start: Math.min(...inside.map(({ at }) => at)),
        end: Math.max(...inside.map(({ until }) => Number(until))),
        events: inside.map((event) => hex64(eventKeyOf(event))),
      })
      i = j
    }
    return findings

    /** Whether no qualifying window holds both this night and the one before. */
    function parted(one: number): boolean {
      return !range.some((last) => qualifies(last) && last >= one && last - params.windowNights + 1 < one)
    }
  })
}

/** Mean of the two middle ones, which are the same of an odd number. */
function median(falling: readonly number[]): number {
  const half = falling.length / 2
  return ((falling[Math.ceil(half) - 1] as number) + (falling[Math.floor(half)] as number)) / 2
}
