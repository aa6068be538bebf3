import { hourMs, minuteMs } from '../local-time.ts'
import { vehicle } from '../people.ts'
import type { Camera } from '../places.ts'
import { plateOf } from '../story.ts'
import { farApart, hourOf } from './cast.ts'
import { defineKind, type Plot } from './kind.ts'

/** Numbers of vehicles that schemes of this kind use. */
const firstNumber = 3_000_000

/**
 * One plate on two vehicles: read surely at two places that nobody drives between in time, or on a white car in the morning and a black
 * one of another make at noon. Hard negatives: the second read unsure, the number of another province, a fast drive, a
 * camera that takes silver for grey.
 */
export default defineKind({
  rule: 'cloned-plate',
  perDay: 1.8,
  spanDays: 3,
  leadDays: 1,
  plant(plot) {
    const { seed, dice, places, story, day, number } = plot
    const car = vehicle(seed, 'car', firstNumber + (((day % 2_000) + 2_000) % 2_000) * 40 + number)
    const cameras = places.roads.values
      .flatMap((road) => road.cameras)
      .filter(({ id }) => !places.dark.has(id))
    const [one, two] = farApart(dice, cameras, 250)
    const km = kmBetween(one, two)
    const at = hourOf(dice, day, 2, 20)
    const luck = dice.float()
    const end = (truth: 'stands' | 'never', variant: string, decidedBy: ReturnType<typeof story.see>) =>
      story.end({ rule: 'cloned-plate', truth, variant, subjects: [plateOf(car)], decidedBy })
    if (luck < 0.4) {
      story.see(at, one.id, car)
      return end(
        'stands',
        'two places',
        story.see(at + dice.int(5, Math.floor((km / 260) * 60)) * minuteMs, two.id, car),
      )
    }
    if (luck < 0.7) {
      story.see(at, one.id, { ...car, make: 'Toyota', colour: 'white' })
      const other = { ...car, make: 'Isuzu', colour: 'black' }
      story.see(at + 3 * hourMs, one.id, other)
      return end('stands', 'another make and colour', story.see(at + 3.5 * hourMs, one.id, other))
    }
    return innocent(plot, { at, one, two, km, luck }, end)

    function innocent(
      _: Plot,
      { at, one, two, km, luck }: { at: number; one: Camera; two: Camera; km: number; luck: number },
      tell: typeof end,
    ) {
      story.see(at, one.id, car)
      const soon = at + Math.floor((km / 400) * hourMs)
      if (luck < 0.78)
        return tell('never', 'an unsure read', story.see(soon, two.id, car, { confidence: 0.62 }))
      if (luck < 0.86) {
        const elsewhere = car.plateProvince === 'Bangkok' ? 'Chon Buri' : 'Bangkok'
        return tell(
          'never',
          'another province',
          story.see(soon, two.id, { ...car, plateProvince: elsewhere }),
        )
      }
      if (luck < 0.93)
        return tell('never', 'a fast drive', story.see(at + Math.floor((km / 140) * hourMs), two.id, car))
      story.see(at, one.id, { ...car, colour: 'silver' })
      return tell('never', 'silver for grey', story.see(at + 6 * hourMs, one.id, { ...car, colour: 'grey' }))
    }
  },
})

function kmBetween(one: Camera, two: Camera): number {
  const rad = Math.PI / 180
  const x = (one.lon - two.lon) * Math.cos(((one.lat + two.lat) / 2) * rad)
  return 111.2 * Math.hypot(x, one.lat - two.lat)
}
