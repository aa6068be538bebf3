import { minuteMs } from '../local-time.ts'
import type { Lodging } from '../places.ts'
import type { Sent } from '../sent.ts'
import { hourOf, lastSent, visitor } from './cast.ts'
import { defineKind } from './kind.ts'

/**
 * A small house that fills up within half an hour, each with a document of their own. Hard negatives: a coach before
 * a large hotel, and as many over a whole afternoon.
 */
export default defineKind({
  rule: 'mass-check-in',
  perDay: 1.5,
  spanDays: 3,
  leadDays: 1,
  plant({ dice, places, story, day, number }) {
    const luck = dice.float()
    const rush = luck < 0.6
    const coach = luck >= 0.6 && luck < 0.8
    const { rush: houses } = places.houses
    const large = places.hotels.values.filter(({ capacity }) => capacity >= 500)
    const house = coach ? dice.pick(large) : (houses[((((day * 2 + number) % houses.length) + houses.length) % houses.length)] as Lodging) // prettier-ignore
    const people = coach ? dice.int(35, 45) : rush ? dice.int(25, 30) : 20
    const firstAt = hourOf(dice, day, rush ? 20 : 13, rush ? 23 : 15)
    const leaveAt = hourOf(dice, day + 1, 8, 10)
    const sent: Sent[] = []
    for (let i = 0; i < people; i++)
      sent.push(
        story.stay(
          firstAt + Math.round(i * (rush || coach ? 0.9 : 24) * minuteMs),
          leaveAt,
          house.id,
          visitor(dice),
          {
            room: coach ? `8${dice.int(10, 99)}${Math.floor(i / 2)}` : String(1 + Math.floor(i / 4)),
            sendAt:
              firstAt + Math.round(i * (rush || coach ? 1 : 24) * minuteMs) + dice.int(5, 40) * minuteMs,
          },
        ),
      )
    return story.end({
      rule: 'mass-check-in',
      truth: rush ? 'stands' : 'never',
      variant: rush ? 'small house' : coach ? 'coach' : 'over an afternoon',
      subjects: [{ place: house.id }],
      decidedBy: lastSent(sent),
      also: ['overcrowded-lodgings', 'relay-lodging'],
    })
  },
})
