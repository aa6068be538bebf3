import { hourMs, minuteMs, startOf } from '../local-time.ts'
import type { Lodging } from '../places.ts'
import type { Sent } from '../sent.ts'
import { hourOf, visitor } from './cast.ts'
import { defineKind } from './kind.ts'

/** Nights that one relay goes on. */
const nights = 7

/**
 * A small house near the border where every night others sleep, who come late and are gone by five in the morning. Hard negatives: a
 * licensed hotel at the same place with as many guests for one night among others who stay longer, and a house of the interior.
 */
export default defineKind({
  rule: 'relay-lodging',
  perDay: 0.5,
  spanDays: 2,
  leadDays: 9,
  plant({ dice, places, story, day }) {
    const luck = dice.float()
    const houses = places.houses.relay
    const at = (list: readonly Lodging[]): Lodging =>
      list[((day % list.length) + list.length) % list.length] as Lodging
    const relay = luck < 0.7
    const licensed = places.hotels.values.filter(({ zone, capacity }) => zone === 'border' && capacity >= 150)
    const hotel = luck >= 0.85
    const house = relay ? at(houses) : hotel ? at(licensed) : at(places.houses.hostel)
    const sent: Sent[] = []
    for (let night = day - nights; night < day; night++)
      for (let party = dice.int(3, 5); party > 0; party--) {
        const inAt = relay ? hourOf(dice, night, 19, 23) : hourOf(dice, night, 14, 21)
        const outAt = relay
          ? startOf(night + 1) + 3 * hourMs + dice.int(0, 110) * minuteMs
          : startOf(night + (hotel && party % 2 === 0 ? 3 : 1)) + dice.int(9 * 60, 11 * 60) * minuteMs
        sent.push(
          story.stay(inAt, outAt, house.id, visitor(dice), {
            partySize: dice.int(1, 4),
            room: `${party}${night % 10}`,
          }),
        )
      }
    return story.end({
      rule: 'relay-lodging',
      truth: relay ? 'stands' : 'never',
      variant: relay ? 'moved on at night' : hotel ? 'licensed hotel' : 'house of the interior',
      subjects: [{ place: house.id }],
      decidedBy: sent[Math.floor(sent.length / 2)] as Sent,
    })
  },
})
