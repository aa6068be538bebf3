import { dayMs, hourMs, minuteMs, startOf } from '../local-time.ts'
import { vehicle, type Vehicle } from '../people.ts'
import type { Road } from '../places.ts'
import type { Sent } from '../sent.ts'
import { plateOf } from '../story.ts'
import { defineKind, type Plot } from './kind.ts'

/**
 * A car ahead and one behind it, minutes apart and in the same order past many cameras, on two journeys and more. Hard negatives: one
 * journey, three coaches of one firm, two neighbours who drive to work at the same hour every day.
 */
export default defineKind({
  rule: 'convoy',
  perDay: 1.3,
  spanDays: 3,
  leadDays: 12,
  plant(plot) {
    const { seed, dice, places, story, day, number } = plot
    const serial = (((day % 1_000) + 1_000) % 1_000) * 40 + number * 4
    const luck = dice.float()
    const roads = places.roads.values.filter((road) => usable(plot, road).length >= 5)
    const road = dice.pick(roads)
    const kind = luck >= 0.78 && luck < 0.88 ? 'bus' : 'car'
    const first = kind === 'bus' ? 60_000 : 4_000_000
    const cars = Array.from({ length: kind === 'bus' ? 3 : 2 }, (_, i) =>
      vehicle(seed, kind, first + serial + i),
    )
    const subjects = cars.map(plateOf)
    const end = (truth: 'stands' | 'never', variant: string, decidedBy: Sent) =>
      story.end({ rule: 'convoy', truth, variant, subjects, decidedBy })
    const hour = dice.int(0, 21)
    if (luck < 0.65) {
      const journeys = dice.int(2, 3)
      const daysBetween = dice.int(2, 4)
      let decidedBy: Sent | undefined
      for (let n = journeys - 1; n >= 0; n--) {
        const at = startOf(day) - n * daysBetween * dayMs + hour * hourMs + dice.int(0, 180) * minuteMs
        const last = together(plot, road, cars, at, n % 2 === 0)
        if (n === journeys - 2) decidedBy = last
      }
      return end('stands', 'lead car', decidedBy as Sent)
    }
    if (luck < 0.78)
      return end('never', 'one journey', together(plot, road, cars, startOf(day) + hour * hourMs, true))
    if (kind === 'bus') {
      together(plot, road, cars, startOf(day) - 3 * dayMs + hour * hourMs, true)
      return end('never', 'three coaches', together(plot, road, cars, startOf(day) + hour * hourMs, false))
    }
    // To work past four cameras, at seven or so, one or the other ahead.
    let last: Sent | undefined
    const start = dice.int(0, usable(plot, road).length - 4)
    for (let ago = 9; ago >= 0; ago--) {
      const order = dice.chance(0.5) ? cars : cars.toReversed()
      last = together(plot, road, order, startOf(day - ago) + 7 * hourMs + dice.int(0, 9) * minuteMs, true, [
        start,
        4,
      ])
    }
    return end('never', 'neighbours', last as Sent)
  },
})

const usable = ({ places }: Plot, road: Road): number[] =>
  road.cameras.flatMap(({ id }, i) => (places.dark.has(id) ? [] : [i]))

/** One journey: each behind the one before by one to six minutes, about the same at every camera. */
function together(
  plot: Plot,
  road: Road,
  cars: readonly Vehicle[],
  startAt: number,
  outward: boolean,
  [from, count]: readonly [number, number] = [0, 7],
): Sent {
  const { dice, story } = plot
  const cameras = usable(plot, road).slice(from, from + count)
  if (!outward) cameras.reverse()
  const gapMs = dice.int(60, 330) * 1_000
  const kmh = dice.between(78, 96)
  let last: Sent | undefined
  const km0 = road.km[cameras[0] as number] as number
  for (const index of cameras) {
    const at = startAt + Math.round((Math.abs((road.km[index] as number) - km0) / kmh) * hourMs)
    for (const [i, car] of cars.entries())
      last = story.see(at + i * gapMs + dice.int(-15, 15) * 1_000, road.cameras[index]?.id as string, car, {
        heading: outward ? 'to-border' : 'from-border',
      })
  }
  return last as Sent
}
