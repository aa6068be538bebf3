import { hourMs, minuteMs } from '../local-time.ts'
import { vehicle } from '../people.ts'
import { documentOf, plateOf } from '../story.ts'
import { hourOf, openAt, visitor } from './cast.ts'
import { defineKind, type Plot } from './kind.ts'
import type { Sent } from '../sent.ts'
import type { Holder, Planted } from '../story.ts'
import type { Truth } from '../labels.ts'

/**
 * Arrival by air with a destination that is not the border, and within hours there: at a route check, by a domestic flight, or in a car
 * that met them, which a camera sees. Withdrawn: a lodging there files in the evening. Hard negatives: who said so, and
 * who goes there a day later.
 */
export default defineKind({
  rule: 'airport-to-border',
  perDay: 2.2,
  spanDays: 7,
  leadDays: 1,
  plant(plot) {
    const { dice } = plot
    const luck = dice.float()
    if (luck < 0.25) return told(plot, { by: byCheck, truth: 'stands', variant: 'route check' })
    if (luck < 0.45) return told(plot, { by: byFlight, truth: 'stands', variant: 'domestic flight' })
    if (luck < 0.7) return told(plot, { by: byCar, truth: 'stands', variant: 'car that met them' })
    if (luck < 0.8) return told(plot, { by: byCheck, truth: 'withdrawn', variant: 'lodging files there' })
    if (luck < 0.9) return told(plot, { by: byCheck, truth: 'never', variant: 'said so', declared: 'Tak' })
    return told(plot, { by: byCheck, truth: 'never', variant: 'a day later', laterMs: 20 * hourMs })
  },
})

/** Districts at the ends of the roads that the car takes. */
const highRisk = new Set(['Mae Sot', 'Mae Sai', 'Aranyaprathet'])

type Way = (plot: Plot, who: Holder, landedAt: number) => { met: object; go: () => Sent }

function told(
  plot: Plot,
  options: { by: Way; truth: Truth; variant: string; declared?: string; laterMs?: number },
): Planted {
  const { dice, places, story, day } = plot
  const { truth, variant, laterMs = 0 } = options
  const who = visitor(dice, dice.pick(['CHN', 'IND', 'KEN', 'ETH', 'BRA', 'PHL', 'IDN', 'VNM']))
  const landedAt = hourOf(dice, day, 1, 8)
  const declared = options.declared ?? dice.pick(['Bangkok', 'Phuket', 'Chon Buri', 'Chiang Mai'])
  const { met, go } = options.by(plot, who, landedAt + laterMs)
  story.cross(landedAt, 'TH-AIR-BKK', 'entry', who, { declaredProvince: declared, ...met })
  const decidedBy = go()
  const lodging = dice.from(places.hotelsIn.get('Tak') ?? places.hotels)
  const outAt = openAt(dice, places.airports.values[0] as (typeof places.airports.values)[0], day + 4)
  if (truth !== 'stands') {
    const at = decidedBy.sendAt + dice.int(20, 60) * minuteMs
    // Who goes a day later slept in the city first.
    if (laterMs > 0) story.stay(landedAt + hourMs, landedAt + laterMs, dice.from(places.hotels).id, who)
    const sendAt = truth === 'withdrawn' ? at + dice.int(3, 6) * hourMs : at + 20 * minuteMs
    story.stay(at, outAt - 14 * hourMs, lodging.id, who, { sendAt })
    story.cross(outAt, 'TH-AIR-BKK', 'exit', who)
  }
  return story.end({
    rule: 'airport-to-border',
    truth,
    variant,
    subjects: [documentOf(who)],
    decidedBy,
    startAt: landedAt,
    endAt: landedAt + 3 * 24 * hourMs,
    // Who vanishes there is never registered, and never leaves.
    also: truth === 'stands' ? ['unregistered-stay', 'overstay'] : [],
  })
}

/** About 500 km by road to the last check before Mae Sot. */
function byCheck({ dice, story }: Plot, who: Holder, landedAt: number): ReturnType<Way> {
  return {
    met: {},
    go: () => story.cross(landedAt + dice.int(400, 560) * minuteMs, 'TH-RD-HUAIHINFON', 'check', who),
  }
}

function byFlight({ dice, story }: Plot, who: Holder, landedAt: number): ReturnType<Way> {
  const to = dice.pick(['TH-AIR-MAQ', 'TH-AIR-UNN'])
  return { met: {}, go: () => story.cross(landedAt + dice.int(240, 600) * minuteMs, to, 'check', who) }
}

/** The plate stands on the arrival record: that is what links the two. */
function byCar(
  { seed, dice, story, places, day, number }: Plot,
  _: Holder,
  landedAt: number,
): ReturnType<Way> {
  const car = vehicle(seed, 'van', 40_000 + (((day % 400) + 400) % 400) * 20 + number)
  const road = dice.pick(
    places.roads.values.filter(({ id }) => ['mae-sot', 'mae-sai', 'aranyaprathet'].includes(id)),
  )
  return {
    met: plateOf(car),
    go: () => {
      let at = landedAt + dice.int(40, 80) * minuteMs
      let last: Sent | undefined
      for (const [i, camera] of road.cameras.entries()) {
        if (i > 0)
          at += Math.round(
            (((road.km[i] as number) - (road.km[i - 1] as number)) / dice.between(75, 92)) * hourMs,
          )
        if (places.dark.has(camera.id)) continue
        const seen = story.see(at, camera.id, car, { heading: 'to-border' })
        if (highRisk.has(camera.district)) last ??= seen
      }
      if (last === undefined) throw new RangeError(`The road to ${road.id} has no camera near the border.`)
      return last
    },
  }
}
