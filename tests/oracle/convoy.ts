import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { isSure, settled, sureness, type OracleFinding } from './oracle.ts'

interface Params {
  windowMs: number
  habitMs: number
  atLeast: number
  cameras: number
  km: number
  gapFromMs: number
  gapToMs: number
  tripMs: number
  apartMs: number
  otherOrder: number
  regularAtLeast: number
  regularMs: number
  everyMs: number
  aboutMs: number
  flow: number
  usersHours: number
  stay: number
  maxChance: number
  leftOut: readonly string[]
  minConfidence: number
  passageMs: number
}

/** What the reference data says of cameras: distance, km, and usual vehicles an hour (undefined: unknown). */
interface Roads {
  km(a: string, b: string): number
  flow(camera: string, at: number): number | undefined
}

interface Meeting {
  readonly mine: TestEvent
  readonly theirs: TestEvent
}

const hour = 3_600_000
const day = 24 * hour

/** Convoy: every pair of vehicles, every meeting of the two, every span of trips that could be one. */
export function convoy(events: readonly TestEvent[], params: Params, roads: Roads): OracleFinding[] {
  const reads = settled(events).filter(
    (read) =>
      read.feed === 'sightings' && (read.vehicle ?? 0n) !== 0n && isSure(read, params.minConfidence),
  )
  const vehicles = [...new Set(reads.map(({ vehicle }) => vehicle as bigint))].sort((a, b) => (a < b ? -1 : 1))
  return vehicles.flatMap((a, i) =>
    vehicles.slice(i + 1).flatMap((b) => {
      const [mine, theirs] = [a, b].map((one) => reads.filter(({ vehicle }) => vehicle === one)) as [TestEvent[], TestEvent[]]
      const trips = tripsOf(meetingsOf(mine, theirs, params), params, roads)
      return findings(trips, mine, params, roads).map((chain) => {
        const members = reads.filter((read) => chain.some((trip) => trip.some((one) => one.mine === read || one.theirs === read)))
        return {
          rule: 'convoy',
          key: hex64(a),
          start: (members[0] as TestEvent).at,
          end: (members.at(-1) as TestEvent).at,
          events: members.map((read) => hex64(eventKeyOf(read))),
        }
      })
    }),
  )
} // prettier-ignore

function meetingsOf(mine: readonly TestEvent[], theirs: readonly TestEvent[], params: Params): Meeting[] {
  const passages = mine.filter(
    (read) =>
      !mine.some(
        (other) =>
          other !== read &&
          other.site === read.site &&
          Math.abs(other.at - read.at) <= params.passageMs &&
          (sureness(other) > sureness(read) || (sureness(other) === sureness(read) && mine.indexOf(other) < mine.indexOf(read))),
      ),
  )
  return passages.flatMap((read) => {
    const near = theirs.filter(
      ({ site, at }) =>
        site === read.site &&
        Math.abs(at - read.at) >= params.gapFromMs &&
        Math.abs(at - read.at) <= params.gapToMs,
    )
    const surest = Math.max(...near.map(sureness))
    const best = near.find((one) => sureness(one) === surest)
    return best === undefined ? [] : [{ mine: read, theirs: best }]
  })
} // prettier-ignore

function tripsOf(meetings: readonly Meeting[], params: Params, roads: Roads): Meeting[][] {
  const starts = meetings.filter(
    ({ mine }, n) => !meetings.slice(0, n).some((one) => mine.at - one.mine.at <= params.apartMs),
  )
  return starts
    .map((first) =>
      meetings
        .slice(meetings.indexOf(first))
        .filter(
          ({ mine }) =>
            mine.at <= first.mine.at + params.tripMs &&
            !starts.some((next) => next.mine.at > first.mine.at && next.mine.at <= mine.at),
        ),
    )
    .filter((trip) => {
      const sites = trip.map(({ mine }) => mine.site as string)
      const trade = trip.filter(({ mine, theirs }) =>
        [mine, theirs].every(({ vehicleClass }) => params.leftOut.includes(vehicleClass ?? '')),
      )
      return (
        new Set(sites).size >= params.cameras &&
        sites.some((site) => roads.km(sites[0] as string, site) >= params.km) &&
        trade.length < trip.length / 2
      )
    })
}

const orderOf = (trip: readonly Meeting[]): number => {
  const ahead = trip.map(({ mine, theirs }) => mine.at < theirs.at)
  return ahead.every(Boolean) ? 1 : ahead.some(Boolean) ? 0 : -1
}
const startOf = (trip: readonly Meeting[]): number => (trip[0] as Meeting).mine.at

function findings(
  trips: readonly Meeting[][],
  mine: readonly TestEvent[],
  params: Params,
  roads: Roads,
): Meeting[][][] {
  return [1, -1].flatMap((order) => {
    const own = trips.filter((trip) => orderOf(trip) === order)
    const spans = own
      .map((first) => {
        const from = startOf(first)
        const until = (list: readonly Meeting[][], since: number): Meeting[][] =>
          list.filter((trip) => startOf(trip) >= since && startOf(trip) <= from + params.windowMs)
        return { span: until(own, from), all: until(trips, from - params.habitMs) }
      })
      .filter(
        ({ span, all }) =>
          span.length - repeats(span, trips, params) >= params.atLeast &&
          all.filter((trip) => orderOf(trip) !== order).length <= params.otherOrder * all.length &&
          !commute(all, params) &&
          chance(span, mine, params, roads) <= params.maxChance,
      )
    const groups: Set<Meeting[]>[] = []
    for (const { span } of spans) {
      const known = groups.find((group) => span.some((trip) => group.has(trip)))
      if (known === undefined) groups.push(new Set(span))
      else for (const trip of span) known.add(trip)
    }
    return groups.map((group) => [...group])
  })
} // prettier-ignore

/** How many trips of a span follow upon any trip after the time of a habit, both by daylight. */
function repeats(
  span: readonly Meeting[][],
  all: readonly Meeting[][],
  { everyMs, aboutMs }: Params,
): number {
  const byDay = all
    .map(startOf)
    .filter((start) => (start + 7 * hour) % day >= 5 * hour && (start + 7 * hour) % day < 21 * hour)
  return span
    .map(startOf)
    .filter(
      (start) =>
        byDay.includes(start) &&
        byDay.some((other) => other >= start - everyMs - aboutMs && other <= start - everyMs + aboutMs),
    ).length
}

function commute(trips: readonly Meeting[][], { regularAtLeast, regularMs }: Params): boolean {
  const clocks = trips
    .map((trip) => (startOf(trip) + 7 * hour) % day)
    .filter((clock) => clock >= 5 * hour && clock < 21 * hour)
  const most = Math.max(
    0,
    ...clocks.map((from) => clocks.filter((one) => one >= from && one <= from + regularMs).length),
  )
  return trips.length >= regularAtLeast && most >= regularAtLeast && most * 2 >= trips.length
}

function chance(trips: readonly Meeting[][], mine: readonly TestEvent[], params: Params, roads: Roads): number {
  const flows = trips.flat().map(({ mine: { site, at } }) => roads.flow(site as string, at) ?? params.flow)
  const users = params.usersHours * Math.min(...flows)
  const together = trips.map((trip) => {
    const cameras = new Set(trip.map(({ mine: { site } }) => site)).size
    const share = Math.min(1, (params.gapToMs - params.gapFromMs) / hour / params.usersHours)
    return share * Math.pow(params.stay, cameras - 1)
  })
  const from = startOf(trips[0] as Meeting[])
  const made = mine.filter(
    (read, n) =>
      read.at >= from &&
      read.at <= from + params.windowMs + params.tripMs &&
      !mine.slice(0, n).some((one) => read.at - one.at <= params.apartMs),
  ).length
  const ways = binomial(Math.max(made, trips.length), trips.length)
  return users * ways * together.reduce((product, one) => product * one, 1)
} // prettier-ignore

function binomial(n: number, k: number): number {
  return k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k
}
