import { hourMs, minuteMs } from '../local-time.ts'
import { distanceKm } from '../places.ts'
import { documentOf } from '../story.ts'
import { farApart, hourOf, lodge, openAt, visitor } from './cast.ts'
import { defineKind } from './kind.ts'

/**
 * One document at two places that nobody can reach in the time between: faster than 900 km/h where one of them is an
 * airport, than 130 km/h by road. Hard negatives: a flight within the country that takes two hours, two gates of one town within minutes.
 */
export default defineKind({
  rule: 'impossible-travel',
  perDay: 1.5,
  spanDays: 6,
  leadDays: 1,
  plant(plot) {
    const { dice, places, story, day } = plot
    const who = visitor(dice)
    const luck = dice.float()
    const end = (truth: 'stands' | 'never', variant: string, decidedBy: ReturnType<typeof story.cross>) =>
      story.end({
        rule: 'impossible-travel',
        truth,
        variant,
        subjects: [documentOf(who)],
        decidedBy,
        also: ['border-run'],
      })
    const airport = dice.pick(places.airports.values)
    const far = places.land.filter((gate) => distanceKm(airport, gate) >= 500)
    if (luck < 0.35 && far.length > 0) {
      const gate = dice.pick(far)
      const outAt = openAt(dice, gate, day, 0.2, 0.8)
      // Far beyond what clocks that are minutes off explain.
      const inAt = outAt - Math.floor((distanceKm(airport, gate) / dice.between(2_000, 3_500)) * hourMs)
      story.cross(inAt, airport.id, 'entry', who, { declaredProvince: gate.province })
      return end('stands', 'faster than a plane', story.cross(outAt, gate.id, 'exit', who))
    }
    if (luck < 0.7) return byRoad()
    if (luck < 0.85) {
      const [from, to] = farApart(dice, places.airports.values, 400)
      const inAt = hourOf(dice, day, 6, 16)
      story.cross(inAt, from.id, 'entry', who, { declaredProvince: to.province })
      const outAt = inAt + dice.int(150, 260) * minuteMs
      return end('never', 'a flight', story.cross(outAt, to.id, 'exit', who))
    }
    const gate = places.land.find(({ id }) => id === 'TH-LA-FB1')
    const other = places.borders.values.find(({ id }) => id === 'TH-LA-THASADET')
    if (gate === undefined || other === undefined) return byRoad()
    const inAt = openAt(dice, other, day, 0.2, 0.7)
    const outAt = openAt(dice, gate, day + 2)
    story.cross(inAt, gate.id, 'entry', who)
    lodge(plot, who, inAt, outAt)
    story.cross(outAt, gate.id, 'exit', who)
    const back = story.cross(outAt + 12 * minuteMs, gate.id, 'check', who)
    return end('never', 'two gates of one town', back)

    /** Every gate by land is open from nine to five. */
    function byRoad() {
      const [from, to] = farApart(dice, places.land, 500)
      const km = distanceKm(from, to)
      const inAt = hourOf(dice, day, 9, 10)
      // Soon enough that no flight within the country explains it.
      const outAt = inAt + Math.floor((km / Math.max(dice.between(190, 400), km / 3.5)) * hourMs)
      story.cross(inAt, from.id, 'entry', who)
      return end('stands', 'faster than a car', story.cross(outAt, to.id, 'exit', who))
    }
  },
})
