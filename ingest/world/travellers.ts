import { Dice, weighted } from './dice.ts'
import { dayOf, hourMs, localInstant, minuteMs, startOf, weekdayOf } from './local-time.ts'
import { person, visitors } from './people.ts'
import { isOpen, lastOpen, type Gate, type Lodging, type Places } from './places.ts'
import { hours, idPrefix, type Family, type Sent } from './sent.ts'

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

/**
 * Tourists: a party enters by air or land with a declared province, sleeps in one to three lodgings (each registered by
 * the house, often hours late, often in the evening's bulk file), and leaves again, mostly the way it came.
 */
export function createTravellers(seed: number, scale: number, places: Places): Family {
  return {
    name: 'travellers',
    spanDays: 13,
    day(day) {
      const count = new Dice(seed, 'travellers', day).count(1_400 * scale * (byWeekday[weekdayOf(day)] ?? 1))
      const sent: Sent[] = []
      for (let party = 0; party < count; party++)
        travel(new Dice(seed, 'party', day, party), day, party, sent)
      return sent
    },
  }

  function travel(dice: Dice, day: number, party: number, sent: Sent[]): void {
    const id = `${idPrefix}-t${day}-${party}`
    const nationality = dice.from(visitors)
    const people = Array.from({ length: dice.from(partySizes) }, () => person(dice, nationality))
    const byAir = dice.chance(0.72)
    const gates = byAir ? places.airports : places.borders
    const gate = dice.from(gates)
    const enteredAt = momentAt(dice, day, gate, byAir)
    const stops = Array.from({ length: dice.from(stopCounts) }, (_, i) => lodging(dice, gate, i, byAir))
    const cross = (direction: 'entry' | 'exit', at: number, where: Gate): void =>
      people.forEach((one, i) => {
        const crossedAt = at + i * 9_000
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
            ...(direction === 'entry' && stops[0] ? { declaredProvince: stops[0].province } : {}),
            ...(direction === 'entry' && dice.chance(0.004) ? { outcome: 'referred' } : {}),
          },
        })
      })
    cross('entry', enteredAt, gate)

    const phone = dice.chance(0.4) ? `+66 8${dice.int(10_000_000, 99_999_999)}` : undefined
    let checkInAt = Math.max(
      enteredAt + dice.int(60, 240) * minuteMs,
      startOf(day) + 14 * hourMs + dice.int(0, 5_400) * 1000,
    )
    stops.forEach((stop, i) => {
      const leaveDay = dayOf(checkInAt) + dice.from(nightCounts)
      const checkOutAt = startOf(leaveDay) + dice.int(9 * 60, 12 * 60) * minuteMs
      const host = people[0]
      sent.push({
        feed: 'registrations',
        sendAt: filedAt(dice, stop, checkInAt),
        record: {
          id: `${id}-stay-${i}`,
          premises: stop.id,
          checkInAt: localInstant(checkInAt),
          checkOutAt: localInstant(checkOutAt),
          room: `${dice.int(1, 12)}${String(dice.int(1, 24)).padStart(2, '0')}`,
          partySize: people.length,
          documentType: 'passport',
          ...host,
          ...(phone === undefined ? {} : { phone }),
          comingFrom: stops[i - 1]?.province ?? gate.province,
          ...(stops[i + 1] ? { goingTo: stops[i + 1]?.province } : {}),
        },
      })
      checkInAt = checkOutAt + dice.int(7_200, 25_200) * 1000
    })

    const home = dice.chance(0.75) ? gate : dice.from(gates)
    cross('exit', byAir ? checkInAt : lastOpen(home, checkInAt), home)
  }

  /** The first night after a land entry is often near the border; later ones are anywhere, by capacity. */
  function lodging(dice: Dice, gate: Gate, stop: number, byAir: boolean): Lodging {
    if (dice.chance(0.006)) return dice.pick(places.houses.ordinary)
    const near = places.hotelsIn.get(gate.province)
    return stop === 0 && !byAir && near !== undefined && dice.chance(0.35)
      ? dice.from(near)
      : dice.from(places.hotels)
  }
}

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
  return checkInAt + dice.int(8 * 3600, 23 * 3600) * 1000
}
