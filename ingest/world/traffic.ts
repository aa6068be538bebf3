import { isHoliday } from './calendar.ts'
import { Dice } from './dice.ts'
import { dayMs, dayOf, hourMs, localInstant, minuteMs, startOf, utcInstant, weekdayOf } from './local-time.ts'
import { person, vehicle, type Vehicle } from './people.ts'
import { isOpen, type Gate, type Places, type Road } from './places.ts'
import { readLooks, readPlate } from './plate-reading.ts'
import { hours, idPrefix, type Family, type RawRecord, type Sent } from './sent.ts'

const carHours = hours([
  2, 1.4, 1.2, 1.3, 2, 4, 7, 9, 9, 8, 7, 7, 7, 7, 7, 8, 9, 10, 9, 7, 5.5, 4.5, 3.5, 2.6,
])
const truckHours = hours([6, 6, 5, 5, 5, 6, 6, 4, 4, 5, 5, 5, 5, 5, 5, 5, 4, 4, 4, 5, 6, 7, 7, 6])
const busHours = hours([3, 2, 1, 1, 2, 5, 7, 8, 8, 6, 5, 4, 4, 4, 4, 5, 6, 8, 9, 9, 8, 6, 5, 4])
const carWeek = [1.1, 0.97, 0.93, 0.94, 1, 1.18, 1.12]
const truckWeek = [0.35, 1, 1.05, 1.05, 1.05, 1, 0.7]
/** A vehicle drives once in so many days, so that nobody is on two roads at once. */
const restDays = { car: 5, truck: 3, bus: 2 } as const

/** Everything on wheels: private cars along stretches of the roads, buses on their lines, and freight over the border. */
export function createTraffic(seed: number, scale: number, places: Places): Family {
  const { freight } = places
  return {
    name: 'traffic',
    spanDays: 4,
    day(day) {
      const sent: Sent[] = []
      const dice = new Dice(seed, 'traffic', day)
      const weekday = weekdayOf(day)
      const cars = 4_100 * scale * (isHoliday(day) ? 1.2 : (carWeek[weekday] as number))
      const trucks = 330 * scale * (isHoliday(day) ? 0.4 : (truckWeek[weekday] as number))
      for (let i = dice.count(cars); i > 0; i--) car(day, i, sent)
      for (let i = dice.count(150 * scale); i > 0; i--) bus(day, i, sent)
      for (let i = dice.count(trucks); i > 0; i--) truck(day, i, sent)
      return sent
    },
  }

  /** Who drives as number `i` of a day: nobody else does on that day, nor on the days after until the vehicle has rested. */
  function numberOf(kind: keyof typeof restDays, day: number, i: number): number {
    const most = Math.ceil({ car: 5_200, truck: 400, bus: 160 }[kind] * scale) + 2
    const rest = restDays[kind]
    return (((day % rest) + rest) % rest) * most + i
  }

  function car(day: number, i: number, sent: Sent[]): void {
    const dice = new Dice(seed, 'car', day, i)
    const road = dice.from(places.roads)
    const length = Math.min(road.cameras.length, dice.int(1, 7))
    const first = dice.int(0, road.cameras.length - length)
    drive(dice, {
      id: `${idPrefix}-v${day}-${i}`,
      road,
      first,
      last: first + length - 1,
      outward: dice.chance(0.5),
      startAt: startOf(day) + dice.from(carHours) * hourMs + dice.int(0, 3_599_999),
      kmh: dice.between(68, 112),
      vehicle: vehicle(seed, 'car', numberOf('car', day, i)),
      sent,
    })
  }

  /** A bus keeps to its line and its time: there on one of its days, back on the next. */
  function bus(day: number, i: number, sent: Sent[]): void {
    const number = numberOf('bus', day, i)
    const line = new Dice(seed, 'line', number)
    const dice = new Dice(seed, 'bus', day, i)
    const road = line.from(places.roads)
    drive(dice, {
      id: `${idPrefix}-b${day}-${i}`,
      road,
      first: 0,
      last: road.cameras.length - 1,
      outward: (Math.floor(day / restDays.bus) + number) % 2 === 0,
      startAt: startOf(day) + line.from(busHours) * hourMs + line.int(0, 59) * minuteMs + dice.int(0, 8 * minuteMs), // prettier-ignore
      kmh: dice.between(70, 88),
      vehicle: vehicle(seed, 'bus', number),
      sent,
    })
  }

  /** A lorry and its driver over the border and back: Thais out and in again, neighbours in and out again, within a day. */
  function truck(day: number, i: number, sent: Sent[]): void {
    const dice = new Dice(seed, 'truck', day, i)
    const { gate, road } = dice.from(freight)
    const driver = numberOf('truck', day, i)
    const lorry = vehicle(seed, 'truck', driver)
    const who = new Dice(seed, 'driver', driver)
    const { documentNumber, birthYear, sex } = person(who, '')
    const documentType = who.chance(0.7) ? 'crew' : 'work-pass'
    const thai = driver % 3 !== 0
    const id = `${idPrefix}-f${day}-${i}`
    const first = Math.max(0, road.cameras.length - dice.int(3, 6))
    const leg = { road, first, last: road.cameras.length - 1, kmh: dice.between(55, 76), vehicle: lorry, sent } // prettier-ignore
    const cross = (part: string, direction: 'entry' | 'exit', at: number): void =>
      void sent.push({
        feed: 'crossings',
        sendAt: at + dice.int(300, 4_000),
        record: {
          id: `${id}-${part}`,
          at: localInstant(at),
          site: gate.id,
          direction,
          mode: 'land',
          documentType,
          documentNumber: documentNumber.replace('X', 'C'),
          nationality: thai ? 'THA' : gate.neighbour,
          birthYear,
          sex,
          plate: lorry.plate,
          ...(lorry.plateProvince === undefined ? {} : { plateProvince: lorry.plateProvince }),
          plateCountry: lorry.plateCountry,
        },
      })
    let at = startOf(day) + dice.from(truckHours) * hourMs + dice.int(0, 3_599_999)
    if (thai) {
      at = drive(dice, { ...leg, id: `${id}-a`, outward: true, startAt: at })
      at = whenOpen(dice, gate, at + dice.int(20, 150) * minuteMs)
      cross('x', 'exit', at)
      at = whenOpen(dice, gate, at + dice.int(3 * 60, 14 * 60) * minuteMs)
      cross('y', 'entry', at)
      drive(dice, { ...leg, id: `${id}-b`, outward: false, startAt: at + dice.int(15, 60) * minuteMs })
      return
    }
    // A neighbour unloads at a depot before the first cameras of the interior, and sleeps on this side at most one night.
    at = whenOpen(dice, gate, at)
    cross('x', 'entry', at)
    at = drive(dice, { ...leg, id: `${id}-a`, outward: false, startAt: at + dice.int(15, 60) * minuteMs })
    at = drive(dice, { ...leg, id: `${id}-b`, outward: true, startAt: at + dice.int(40, 180) * minuteMs })
    cross('y', 'exit', whenOpen(dice, gate, at + dice.int(10, 40) * minuteMs))
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
    ...readLooks(dice, seen),
  }
  return { feed: 'sightings', sendAt: at + dice.int(200, 1_500), record }
}

/** Who comes after hours waits for the morning. */
function whenOpen(dice: Dice, gate: Gate, at: number): number {
  if (isOpen(gate, at)) return at
  const today = startOf(dayOf(at)) + gate.opensMs
  return (today > at ? today : today + dayMs) + dice.int(3, 90) * minuteMs
}
