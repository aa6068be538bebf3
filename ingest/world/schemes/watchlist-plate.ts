import { dayMs, hourMs } from '../local-time.ts'
import { vehicle } from '../people.ts'
import { plateOf } from '../story.ts'
import { hourOf } from './cast.ts'
import { defineKind, watched } from './kind.ts'

/**
 * A listed plate, read right, or with one mark taken for a look-alike; or listed after it was seen. Hard negatives: an entry
 * that ended before, a number that differs in a mark which nobody confuses.
 */
export default defineKind({
  rule: 'watchlist-plate',
  perDay: 1.3,
  spanDays: 4,
  leadDays: 3,
  plant({ seed, dice, places, story, day, number }) {
    const car = vehicle(seed, 'pickup', 60_000 + (((day % 400) + 400) % 400) * 20 + number)
    const road = dice.from(places.roads)
    const cameras = road.cameras.filter(({ id }) => !places.dark.has(id))
    const at = hourOf(dice, day, 5, 22)
    const luck = dice.float()
    const [variant, listedAt, validTo] =
      luck < 0.3
        ? (['read right', at - dayMs, undefined] as const)
        : luck < 0.45
          ? (['a look-alike', at - dayMs, undefined] as const)
          : luck < 0.65
            ? (['listed after', at + dice.int(4, 30) * hourMs, undefined] as const)
            : luck < 0.85
              ? (['entry has ended', at - 2 * dayMs, at - 6 * hourMs] as const)
              : (['another number', at - dayMs, undefined] as const)
    const figures = car.plate.slice(car.plate.indexOf(' ') + 1)
    const swap = (from: string, to: string): string =>
      car.plate.slice(0, -figures.length) + figures.replace(from, to)
    const alike = [['8', '3'], ['0', '8'], ['1', '7'], ['5', '6'], ['6', '5'], ['7', '1'], ['3', '8']].find(([from = '']) => figures.includes(from)) // prettier-ignore
    const misread = variant === 'a look-alike' && alike !== undefined
    const read = misread ? { ...car, plate: swap(alike[0] as string, alike[1] as string) } : car
    const first = story.see(at, (cameras[0] as (typeof cameras)[number]).id, read, misread ? { confidence: 0.8 } : {}) // prettier-ignore
    const next = cameras[1]
    if (next !== undefined && !misread) story.see(at + 3 * hourMs, next.id, car)
    const other = { ...car, plate: `${car.plate.slice(0, -1)}${car.plate.endsWith('4') ? '9' : '4'}` }
    const listed = variant === 'another number' ? other : car
    return story.end({
      rule: 'watchlist-plate',
      truth: luck < 0.65 ? 'stands' : 'never',
      variant: misread || variant !== 'a look-alike' ? variant : 'read right',
      subjects: [plateOf(read), plateOf(car)],
      ...(listedAt < at ? { decidedBy: first } : { decidedAt: listedAt }),
      notices: [
        {
          sendAt: listedAt,
          watch: watched('plate', `${story.id}-entry`, plateOf(listed), Math.min(listedAt, at), validTo),
        },
      ],
    })
  },
})
