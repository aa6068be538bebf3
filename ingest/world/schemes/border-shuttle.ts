import { dayMs, hourMs, minuteMs, startOf } from '../local-time.ts'
import { vehicle } from '../people.ts'
import type { Road } from '../places.ts'
import type { Sent } from '../sent.ts'
import { plateOf, type Planted } from '../story.ts'
import { defineKind, type Plot } from './kind.ts'

const variants = [
  // variant, truth, kind of vehicle, round trips, hour at the border, hours there
  ['night shuttle', 'stands', 'van', 4, 24, 1.2],
  ['night shuttle', 'stands', 'pickup', 3, 26, 2],
  ['night shuttle', 'stands', 'van', 5, 23.5, 0.7],
  ['two trips', 'never', 'van', 2, 24, 1.2],
  ['by day', 'never', 'pickup', 4, 13, 1.2],
  ['a bus', 'never', 'bus', 4, 24, 1.2],
  ['lives there', 'never', 'pickup', 4, 24, 9],
] as const

/**
 * A van that drives from the interior to the border and back within hours, at night, three times and more in a fortnight. Hard negatives:
 * twice only, by day, a bus, somebody who lives there.
 */
export default defineKind({
  rule: 'border-shuttle',
  perDay: 1.2,
  spanDays: 4,
  leadDays: 14,
  plant(plot) {
    return drives(plot, plot.dice.pick(plot.dice.chance(0.62) ? variants.slice(0, 3) : variants.slice(3)))
  },
})

function drives(plot: Plot, choice: (typeof variants)[number]): Planted {
  const [variant, truth, kind, trips, hour, staysHours] = choice
  const { seed, dice, places, story, day, number } = plot
  const serial = (((day % 1_000) + 1_000) % 1_000) * 30 + number
  const car = vehicle(seed, kind, { van: 0, pickup: 40_000, bus: 100_000 }[kind] + serial)
  const road = dice.pick(
    places.roads.values.filter(({ id }) =>
      ['mae-sot', 'mae-sai', 'aranyaprathet', 'trat', 'ranong'].includes(id),
    ),
  )
  let decidedBy: Sent | undefined
  for (let trip = trips - 1; trip >= 0; trip--) {
    const at = startOf(day) - trip * 3 * dayMs + hour * hourMs + dice.int(0, 40) * minuteMs
    run(plot, road, car, at, 'to-border')
    const back = run(plot, road, car, at + staysHours * hourMs, 'from-border')
    if (trip === trips - 3 || trips < 3) decidedBy = back
  }
  return story.end({
    rule: 'border-shuttle',
    truth,
    variant,
    subjects: [plateOf(car)],
    ...(decidedBy === undefined ? {} : { decidedBy }),
  })
}

/** From the last camera of the interior to the last of the road, there at `borderAt`; or the way back from it. */
function run(
  { dice, places, story }: Plot,
  road: Road,
  car: Parameters<typeof story.see>[2],
  borderAt: number,
  heading: 'to-border' | 'from-border',
): Sent {
  const end = road.km.at(-1) as number
  const kmh = dice.between(72, 88)
  const inner = road.cameras.findLastIndex(({ zone }) => zone === 'interior')
  const seen = road.cameras.flatMap((camera, i) => {
    if (i < Math.max(0, inner) || places.dark.has(camera.id)) return []
    const away = ((end - (road.km[i] as number)) / kmh) * hourMs
    return [{ camera, at: Math.round(borderAt + (heading === 'to-border' ? -away : away)) }]
  })
  const sent = seen
    .sort((a, b) => a.at - b.at)
    .map(({ camera, at }) => story.see(at, camera.id, car, { heading }))
  return sent.at(-1) as Sent
}
