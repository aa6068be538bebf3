import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { isSure, settled, type OracleFinding } from './oracle.ts'

interface Params {
  windowMs: number
  atLeast: number
  fromHour: number
  toHour: number
  turnMs: number
  visitMs: number
  awayKm: number
  legMs: number
  leftOut: readonly string[]
  minConfidence: number
}

/** Where the cameras are: near the border or not, and how far from each other. */
interface Layout {
  near(site: string): boolean
  km(a: string, b: string): number
}
interface Place extends Layout {
  readonly awayKm: number
}

/** Border shuttle: try every stretch of border reads as a visit, straight from the definition, then chain the trips. */
export function borderShuttle(events: readonly TestEvent[], params: Params, layout: Layout): OracleFinding[] {
  const map = { near: layout.near, km: layout.km, awayKm: params.awayKm }
  const sightings = settled(events).filter(
    (event) => event.feed === 'sightings' && isSure(event, params.minConfidence),
  )
  return [...new Set(sightings.map(({ vehicle }) => vehicle ?? 0n))]
    .filter((vehicle) => vehicle !== 0n)
    .flatMap((vehicle) => {
      const reads = sightings.filter((event) => (event.vehicle ?? 0n) === vehicle)
      const trips = stretches(reads, map).flatMap((stretch) => tripOf(reads, stretch, params, map))
      return chains(trips, params).map((chain) => {
        const members = reads.filter((read) => chain.some((trip) => trip.includes(read)))
        return {
          rule: 'border-shuttle',
          key: hex64(vehicle),
          start: (members[0] as TestEvent).at,
          end: (members.at(-1) as TestEvent).at,
          events: members.map((read) => hex64(eventKeyOf(read))),
        }
      })
    })
}

const site = (read: TestEvent): string => read.site ?? 'S1'

/** Border reads from a to b, such that no two neighbours in it are parted, and it cannot be made longer. */
function stretches(reads: readonly TestEvent[], map: Place): TestEvent[][] {
  const border = reads.filter((read) => map.near(site(read)))
  const parted = (a: TestEvent, b: TestEvent): boolean =>
    reads.slice(reads.indexOf(a) + 1, reads.indexOf(b)).some((read) => far(map, read, a) && far(map, read, b))
  const found: TestEvent[][] = []
  for (let i = 0; i < border.length; i++)
    for (let j = i; j < border.length; j++) {
      const stretch = border.slice(i, j + 1)
      const whole = stretch.every((read, n) => n === 0 || !parted(stretch[n - 1] as TestEvent, read))
      const before = border[i - 1]
      const after = border[j + 1]
      const longest =
        (before === undefined || parted(before, stretch[0] as TestEvent)) &&
        (after === undefined || parted(stretch.at(-1) as TestEvent, after))
      if (whole && longest) found.push(stretch)
    }
  return found
}

const far = (map: Place, read: TestEvent, from: TestEvent): boolean =>
  !map.near(site(read)) && map.km(site(read), site(from)) >= map.awayKm

/** The reads of the trip that a stretch makes: border reads first and last by position, or none. */
function tripOf(
  reads: readonly TestEvent[],
  stretch: readonly TestEvent[],
  params: Params,
  map: Place,
): TestEvent[][] {
  const [first, last] = [stretch[0] as TestEvent, stretch.at(-1) as TestEvent]
  const place = (read: TestEvent): number => reads.indexOf(read)
  const border = reads.filter((read) => map.near(site(read)))
  const previous = border[border.indexOf(first) - 1]
  const next = border[border.indexOf(last) + 1]
  const before = reads
    .filter((read) => place(read) < place(first) && (previous === undefined || place(read) > place(previous)))
    .filter((read) => far(map, read, first) && read.at >= first.at - params.legMs)
  const after = reads
    .filter((read) => place(read) > place(last) && (next === undefined || place(read) < place(next)))
    .filter((read) => far(map, read, last) && read.at <= last.at + params.legMs)
  const night = stretch.some(({ at }) => {
    const hour = new Date(at + 7 * 3_600_000).getUTCHours()
    const { fromHour, toHour } = params
    return fromHour <= toHour ? hour >= fromHour && hour < toHour : hour >= fromHour || hour < toHour
  })
  const turns = stretch.slice(1).every((read, n) => read.at - (stretch[n] as TestEvent).at < params.turnMs)
  if (!night || !turns || last.at - first.at > params.visitMs || before.length === 0 || after.length === 0) return []
  const trip = [before.at(-1) as TestEvent, ...stretch, after[0] as TestEvent]
  const classes = trip.map(({ vehicleClass }) => vehicleClass ?? '').filter((name) => name !== '' && name !== 'unknown')
  const most = Math.max(0, ...classes.map((name) => classes.filter((other) => other === name).length))
  const common = classes.find((name) => classes.filter((other) => other === name).length === most)
  return common !== undefined && params.leftOut.includes(common) ? [] : [trip]
} // prettier-ignore

/** Trips of which neighbours lie in a span with enough of them. */
function chains(trips: readonly TestEvent[][], { windowMs, atLeast }: Params): TestEvent[][][] {
  const time = (trip: readonly TestEvent[]): number => (trip[1] as TestEvent).at
  const spans = trips
    .map((first) => trips.filter((trip) => time(trip) >= time(first) && time(trip) <= time(first) + windowMs))
    .filter((span) => span.length >= atLeast)
  const found: TestEvent[][][] = []
  for (const span of spans) {
    const known = found.find((chain) => chain.some((trip) => span.includes(trip)))
    if (known === undefined) found.push([...span])
    else known.push(...span.filter((trip) => !known.includes(trip)))
  }
  return found
}
