import { season } from './calendar.ts'
import { Dice, weighted } from './dice.ts'
import { dayOf, hourMs, localInstant, minuteMs, startOf, weekdayOf } from './local-time.ts'
import { person, vehicle, visitors, type Person, type Vehicle } from './people.ts'
import { isOpen, lastOpen, type Gate, type Lodging, type Places } from './places.ts'
import { hours, idPrefix, type Family, type Sent } from './sent.ts'
import { plateOf } from './story.ts'
import { passage } from './traffic.ts'

const airHours = hours([4, 3, 3, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 6, 5])
const landHours = hours([0, 0, 0, 0, 0, 2, 6, 8, 9, 9, 8, 7, 6, 6, 6, 6, 6, 5, 4, 3, 2, 1, 0, 0])
const partySizes = weighted([[1, 35], [2, 38], [3, 12], [4, 9], [5, 4], [6, 2]] as const) // prettier-ignore
const stopCounts = weighted([
  [1, 48],
  [2, 36],
  [3, 16],
] as const)
const nightCounts = weighted([
  [1, 42],
  [2, 35],
  [3, 23],
] as const)
const byWeekday = [1.05, 0.9, 0.88, 0.92, 1, 1.12, 1.13]
/** Parties of a day at scale 1: a number below this names one. */
const perDay = 1_150

interface Trip {
  readonly id: string
  readonly people: readonly Person[]
  readonly gate: Gate
  readonly byAir: boolean
  readonly enteredAt: number
  readonly stops: readonly Lodging[]
  readonly roomFor: (one: number) => string
  /** What every crossing of the party carries besides the person. */
  readonly more: Readonly<Record<string, unknown>>
}

/**
 * Tourists: a party enters by air or land with a declared province, sleeps in one to three lodgings (each person
 * registered by the house, often hours late, often in the evening's bulk file), and leaves again, mostly the way it came. Some
 * come in their own car, some in a coach with forty others who check in together.
 */
export function createTravellers(seed: number, scale: number, places: Places): Family {
  const large = weighted(
    places.hotels.values.filter(({ capacity }) => capacity >= 300).map((one) => [one, one.capacity]),
  )
  return {
    name: 'travellers',
    spanDays: 13,
    day(day) {
      const dice = new Dice(seed, 'travellers', day)
      const count = dice.count(perDay * scale * (byWeekday[weekdayOf(day)] ?? 1) * season(day))
      const sent: Sent[] = []
      for (let party = 0; party < count; party++)
        travel(new Dice(seed, 'party', day, party), day, party, sent)
      for (let coach = dice.count(2.5 * scale); coach > 0; coach--)
        ride(new Dice(seed, 'coach', day, coach), day, coach, sent)
      return sent
    },
  }

  function travel(dice: Dice, day: number, party: number, sent: Sent[]): void {
    const id = `${idPrefix}-t${day}-${party}`
    const nationality = dice.from(visitors)
    const people = Array.from({ length: dice.from(partySizes) }, () => person(dice, nationality))
    const byAir = dice.chance(0.72)
    const gate = dice.from(byAir ? places.airports : places.borders)
    const enteredAt = momentAt(dice, day, gate, byAir)
    const stops = Array.from({ length: dice.from(stopCounts) }, (_, i) => lodging(dice, gate, i, byAir))
    const car = byAir || dice.chance(0.7) ? undefined : vehicle(seed, 'car', 1_000_000 + ((day % 40) + 40) % 40 * 9_000 + party) // prettier-ignore
    // Room numbers by day and party: two parties of one week never share a room.
    const room = 1_000 + (((day % 8) * perDay + party) % (8 * perDay)) * 3
    const roomFor = (one: number): string => String(room + Math.floor(one / 2))
    stay(dice, { id, people, gate, byAir, enteredAt, stops, roomFor, more: carries(car) }, sent)
    if (car !== undefined) passBy(dice, id, gate, enteredAt, car, sent)
  }

  /** A coach: one hotel for all, whose desk files forty people in ten minutes; everybody has a room with one other. */
  function ride(dice: Dice, day: number, coach: number, sent: Sent[]): void {
    const id = `${idPrefix}-g${day}-${coach}`
    const nationality = dice.from(visitors)
    const people = Array.from({ length: dice.int(28, 44) }, () => person(dice, nationality))
    const byAir = dice.chance(0.5)
    const gate = dice.from(byAir ? places.airports : places.borders)
    const enteredAt = momentAt(dice, day, gate, byAir)
    const stops = Array.from({ length: dice.int(1, 2) }, () => dice.from(large))
    const roomFor = (one: number): string => String(700_000 + (((day % 8) + 8) % 8) * 3_000 + coach * 30 + Math.floor(one / 2)) // prettier-ignore
    const bus = byAir ? undefined : vehicle(seed, 'bus', 2_000 + ((day % 30) + 30) % 30 * 100 + coach) // prettier-ignore
    stay(dice, { id, people, gate, byAir, enteredAt, stops, roomFor, more: carries(bus) }, sent)
    if (bus !== undefined) passBy(dice, id, gate, enteredAt, bus, sent)
  }

  /** Entry, lodgings one after the other, exit. */
  function stay(dice: Dice, trip: Trip, sent: Sent[]): void {
    const { id, people, gate, byAir, enteredAt, stops } = trip
    const cross = (direction: 'entry' | 'exit', at: number, where: Gate): void =>
      people.forEach((one, i) => {
        const crossedAt = at + i * 1_400
        sent.push({
          feed: 'crossings',
          sendAt: crossedAt + dice.int(300, 4_000),
          record: {
            id: `${id}-${direction}-${i}`,
            at: localInstant(crossedAt),
            site: where.id,
            direction,
            mode: byAir ? 'air' : 'land',
            documentType: 'passport',
            ...one,
            ...trip.more,
            ...(direction === 'entry' && stops[0] ? { declaredProvince: stops[0].province } : {}),
            ...(direction === 'entry' && dice.chance(0.004) ? { outcome: 'referred' } : {}),
          },
        })
      })
    cross('entry', enteredAt, gate)

    const phone = dice.chance(0.4) ? `+66 8${dice.int(10_000_000, 99_999_999)}` : undefined
    let checkInAt = Math.max(
      enteredAt + dice.int(60, 240) * minuteMs,
      startOf(dayOf(enteredAt)) + 14 * hourMs + dice.int(0, 5_400) * 1000,
    )
    stops.forEach((stop, i) => {
      const leaveDay = dayOf(checkInAt) + dice.from(nightCounts)
      const checkOutAt = startOf(leaveDay) + dice.int(9 * 60, 12 * 60) * minuteMs
      // The law gives the house 24 hours from the arrival; the desk files the party in one go.
      const sendAt = filedAt(dice, stop, checkInAt)
      people.forEach((one, n) =>
        sent.push({
          feed: 'registrations',
          sendAt: sendAt + n * 700,
          record: {
            id: `${id}-stay-${i}-${n}`,
            premises: stop.id,
            checkInAt: localInstant(checkInAt),
            checkOutAt: localInstant(checkOutAt),
            room: trip.roomFor(n),
            partySize: 1,
            documentType: 'passport',
            ...one,
            ...(phone === undefined ? {} : { phone }),
            comingFrom: stops[i - 1]?.province ?? gate.province,
            ...(stops[i + 1] ? { goingTo: stops[i + 1]?.province } : {}),
          },
        }),
      )
      checkInAt = checkOutAt + dice.int(7_200, 25_200) * 1000
    })

    const home = dice.chance(0.75) || trip.more['plate'] !== undefined ? gate : dice.from(byAir ? places.airports : places.borders) // prettier-ignore
    cross('exit', byAir ? checkInAt : lastOpen(home, checkInAt), home)
  }

  /** Own wheels are seen by the first cameras after the border. */
  function passBy(dice: Dice, id: string, gate: Gate, enteredAt: number, car: Vehicle, sent: Sent[]): void {
    const near = places.roadTo(gate)
    if (near === undefined) return
    let at = enteredAt + dice.int(10, 40) * minuteMs
    for (let i = near.cameras.length - 1; i >= Math.max(0, near.cameras.length - 3); i--) {
      sent.push(passage(dice, `${id}-car-${i}`, near.cameras[i]?.id as string, at, car, 'from-border'))
      at += Math.round((((near.km[i] as number) - (near.km[i - 1] ?? 0)) / dice.between(65, 95)) * hourMs)
    }
  }

  /** The first night after a land entry is often near the border; later ones are anywhere, by capacity. */
  function lodging(dice: Dice, gate: Gate, stop: number, byAir: boolean): Lodging {
    // However big the world: houses do not grow.
    if (dice.chance(0.003 / Math.max(1, scale))) return dice.pick(places.houses.ordinary)
    const near = places.hotelsIn.get(gate.province)
    return stop === 0 && !byAir && near !== undefined && dice.chance(0.35)
      ? dice.from(near)
      : dice.from(places.hotels)
  }
}

const carries = (car: Vehicle | undefined): Readonly<Record<string, unknown>> =>
  car === undefined ? {} : { ...plateOf(car) }

function momentAt(dice: Dice, day: number, gate: Gate, byAir: boolean): number {
  const at = startOf(day) + dice.from(byAir ? airHours : landHours) * hourMs + dice.int(0, 3_599) * 1000
  return isOpen(gate, at)
    ? at
    : startOf(day) + Math.floor(dice.between(gate.opensMs, gate.closesMs) / 1000) * 1000
}

/** When a house files a stay: soon, hours late, in the evening's bulk file, or just within the 24 hours of the law. */
export function filedAt(dice: Dice, house: Lodging, checkInAt: number): number {
  const bulk = Number(house.id.slice(-1)) % 3 === 0
  const evening = startOf(dayOf(checkInAt)) + dice.int(20 * 3600, 86_399) * 1000
  if (bulk && evening > checkInAt && dice.chance(0.8)) return evening
  const kind = dice.float()
  if (kind < 0.5) return checkInAt + dice.int(3 * 60, 45 * 60) * 1000
  if (kind < 0.88) return checkInAt + dice.int(45 * 60, 8 * 3600) * 1000
  return checkInAt + dice.int(8 * 3600, 20 * 3600) * 1000
}
