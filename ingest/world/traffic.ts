import { Dice } from './dice.ts'
import { dayMs, dayOf, hourMs, localInstant, startOf, utcInstant, weekdayOf } from './local-time.ts'
import { person, vehicle, type Vehicle } from './people.ts'
import { lastOpen, type Places, type Road } from './places.ts'
import { readPlate } from './plate-reading.ts'
import { hours, idPrefix, type Family, type RawRecord, type Sent } from './sent.ts'

const carHours = hours([
  2, 1.4, 1.2, 1.3, 2, 4, 7, 9, 9, 8, 7, 7, 7, 7, 7, 8, 9, 10, 9, 7, 5.5, 4.5, 3.5, 2.6,
])
const truckHours = hours([6, 6, 5, 5, 5, 6, 6, 4, 4, 5, 5, 5, 5, 5, 5, 5, 4, 4, 4, 5, 6, 7, 7, 6])
const busHours = hours([3, 2, 1, 1, 2, 5, 7, 8, 8, 6, 5, 4, 4, 4, 4, 5, 6, 8, 9, 9, 8, 6, 5, 4])
const carWeek = [1.1, 0.97, 0.93, 0.94, 1, 1.18, 1.12]
const truckWeek = [0.35, 1, 1.05, 1.05, 1.05, 1, 0.7]

/** Everything on wheels: private cars along stretches of the roads, buses end to end, and freight over the border. */
export function createTraffic(seed: number, scale: number, places: Places): Family {
  const freight = places.freight
  return {
    name: 'traffic',
    spanDays: 3,
    day(day) {
      const sent: Sent[] = []
      const dice = new Dice(seed, 'traffic', day)
      const weekday = weekdayOf(day)
      for (let i = dice.count(4_300 * scale * (carWeek[weekday] ?? 1)); i > 0; i--) car(day, i, sent)
      for (let i = dice.count(170 * scale); i > 0; i--) bus(day, i, sent)
      for (let i = dice.count(700 * scale * (truckWeek[weekday] ?? 1)); i > 0; i--) truck(day, i, sent)
      return sent
    },
  }

  function car(day: number, number: number, sent: Sent[]): void {
    const dice = new Dice(seed, 'car', day, number)
    const road = dice.from(places.roads)
    const length = Math.min(road.cameras.length, dice.int(1, 7))
    const first = dice.int(0, road.cameras.length - length)
    drive(dice, {
      id: `${idPrefix}-v${day}-${number}`,
      road,
      first,
      last: first + length - 1,
      outward: dice.chance(0.5),
      startAt: startOf(day) + dice.from(carHours) * hourMs + dice.int(0, 3_599_999),
      kmh: dice.between(68, 112),
      vehicle: vehicle(seed, 'car', dice.int(0, 30_000)),
      sent,
    })
  }

  function bus(day: number, number: number, sent: Sent[]): void {
    const dice = new Dice(seed, 'bus', day, number)
    const road = dice.from(places.roads)
    drive(dice, {
      id: `${idPrefix}-b${day}-${number}`,
      road,
      first: 0,
      last: road.cameras.length - 1,
      outward: dice.chance(0.5),
      startAt: startOf(day) + dice.from(busHours) * hourMs + dice.int(0, 3_599_999),
      kmh: dice.between(70, 88),
      vehicle: vehicle(seed, 'bus', dice.int(0, 400)),
      sent,
    })
  }

  /** Out through a checkpoint after the road, or in through it before the road; most are back within two days. */
  function truck(day: number, number: number, sent: Sent[]): void {
    const dice = new Dice(seed, 'truck', day, number)
    const { gate, road } = dice.from(freight)
    const driver = dice.int(0, 3_000)
    const lorry = vehicle(seed, 'truck', driver)
    const { documentNumber, birthYear, sex } = person(new Dice(seed, 'driver', driver), '')
    const thai = driver % 3 !== 0
    const id = `${idPrefix}-f${day}-${number}`
    const kmh = dice.between(55, 76)
    const first = Math.max(0, road.cameras.length - dice.int(3, 6))
    const leg = { id, road, first, last: road.cameras.length - 1, kmh, vehicle: lorry, sent }
    const startAt = startOf(day) + dice.from(truckHours) * hourMs + dice.int(0, 3_599_999)
    const outward = dice.chance(0.5)
    const lastSeenAt = outward ? drive(dice, { ...leg, outward, startAt }) : startAt
    const reachedAt = lastSeenAt + dice.int(20, 150) * 60_000
    // A lorry that comes after hours waits for the morning.
    const open = lastOpen(gate, reachedAt)
    const crossedAt =
      open === reachedAt ? reachedAt : nextOpening(gate.opensMs, reachedAt) + dice.int(0, 90) * 60_000
    sent.push({
      feed: 'crossings',
      sendAt: crossedAt + dice.int(300, 4_000),
      record: {
        id: `${id}-x`,
        at: localInstant(crossedAt),
        site: gate.id,
        direction: outward ? 'exit' : 'entry',
        mode: 'land',
        documentType: dice.chance(0.7) ? 'crew' : 'work-pass',
        documentNumber: documentNumber.replace('X', 'C'),
        nationality: thai ? 'THA' : gate.neighbour,
        birthYear,
        sex,
        plate: lorry.plate,
        ...(lorry.plateProvince === undefined ? {} : { plateProvince: lorry.plateProvince }),
        plateCountry: lorry.plateCountry,
      },
    })
    if (!outward) drive(dice, { ...leg, outward, startAt: crossedAt + dice.int(15, 60) * 60_000 })
  }
}

interface Leg {
  readonly id: string
  readonly road: Road
  readonly first: number
  readonly last: number
  readonly outward: boolean
  readonly startAt: number
  readonly kmh: number
  readonly vehicle: Vehicle
  readonly sent: Sent[]
}

/** One run along cameras first…last; gives the time at the end of it. */
function drive(dice: Dice, leg: Leg): number {
  const { first, last, outward, road } = leg
  let at = leg.startAt
  for (let step = 0; step <= last - first; step++) {
    const index = outward ? first + step : last - step
    const before = outward ? index - 1 : index + 1
    if (step > 0) {
      const km = Math.abs((road.km[index] as number) - (road.km[before] as number))
      at += Math.round((km / (leg.kmh * dice.between(0.9, 1.1))) * hourMs)
    }
    const heading = outward ? 'to-border' : 'from-border'
    const camera = road.cameras[index]
    if (camera !== undefined)
      leg.sent.push(passage(dice, `${leg.id}-${step}`, camera.id, at, leg.vehicle, heading))
  }
  return at
}

/** One passage before a camera, as the camera reads it. */
export function passage(
  dice: Dice,
  id: string,
  site: string,
  at: number,
  seen: Vehicle,
  heading: 'to-border' | 'from-border' | 'unknown',
): Sent {
  const read = readPlate(dice, seen.plate)
  const record: RawRecord = {
    id,
    at: utcInstant(at),
    site,
    ...read,
    ...(seen.plateProvince === undefined || dice.chance(0.03) ? {} : { plateProvince: seen.plateProvince }),
    plateCountry: seen.plateCountry,
    vehicleClass: seen.vehicleClass,
    heading,
    make: seen.make,
    colour: seen.colour,
  }
  return { feed: 'sightings', sendAt: at + dice.int(200, 1_500), record }
}

function nextOpening(opensMs: number, at: number): number {
  const today = startOf(dayOf(at)) + opensMs
  return today > at ? today : today + dayMs
}
