import { dayMs, hourMs, minuteMs, startOf } from '../local-time.ts'
import type { Lodging } from '../places.ts'
import type { Planted } from '../story.ts'
import { hourOf, visitor } from './cast.ts'
import { defineKind, type Plot } from './kind.ts'

/**
 * A house with more people than it holds, filled by parties up to three in the morning; and a hotel room with eleven to fourteen. Hard
 * negatives: a house that is full to the last place, and one whose guests of yesterday leave before those of today come.
 */
export default defineKind({
  rule: 'overcrowded-lodgings',
  perDay: 2.2,
  spanDays: 5,
  leadDays: 1,
  plant(plot) {
    const { dice, places, day, number } = plot
    const luck = dice.float()
    const houses = places.houses.filled
    const house = houses[(((day * 3 + number) % houses.length) + houses.length) % houses.length] as Lodging
    if (luck < 0.5) return overfull(plot, house)
    if (luck < 0.8) return oneRoom(plot)
    return within(plot, house, luck < 0.9)
  },
})

/** One arrival of a party: when it comes, how many, and when the house files it. */
export interface Arrival {
  readonly at: number
  readonly people: number
  readonly sendAt: number
}

function overfull(plot: Plot, house: Lodging): Planted {
  const { dice, day } = plot
  const leaveDay = day + dice.int(1, 2)
  const arrivals: Arrival[] = []
  for (let left = Math.round(house.capacity * dice.between(1.3, 2)); left > 0;) {
    const people = Math.min(left, dice.int(2, 7))
    // The relay moves people at night: up to three in the morning.
    const at = startOf(day) + dice.int(15 * 60, 27 * 60) * minuteMs
    arrivals.push({ at, people, sendAt: at + dice.int(10, dice.chance(0.3) ? 540 : 90) * minuteMs })
    left -= people
  }
  return fill(plot, {
    house,
    arrivals,
    leaveAt: () => startOf(leaveDay) + 10 * hourMs + dice.int(0, 90) * minuteMs,
  })
}

/** Parties that fill a house above its capacity, one record a party, as houses without a desk file them. */
export function fill(
  { dice, story }: Pick<Plot, 'dice' | 'story'>,
  { house, arrivals, leaveAt }: { house: Lodging; arrivals: readonly Arrival[]; leaveAt: () => number },
): Planted {
  const guests = arrivals.map(({ at, people, sendAt }) => {
    const who = visitor(dice)
    const sent = story.stay(at, leaveAt(), house.id, who, {
      room: String(dice.int(1, 8)),
      partySize: people,
      comingFrom: house.province,
      sendAt,
    })
    return { people, sent, who }
  })
  let present = 0
  const decidedBy = [...guests]
    .sort((a, b) => a.sent.sendAt - b.sent.sendAt)
    .find(({ people }) => (present += people) > house.capacity)?.sent
  return story.end({
    rule: 'overcrowded-lodgings',
    truth: 'stands',
    variant: 'house',
    subjects: [{ place: house.id }],
    ...(decidedBy === undefined ? {} : { decidedBy }),
    also: ['mass-check-in', 'relay-lodging'],
  })
}

/** Each with a document of their own, one room number. */
function oneRoom({ dice, places, story, day }: Plot): Planted {
  const hotel = dice.pick(places.hotels.values)
  const room = String(dice.int(90_000, 99_999))
  const leaveAt = hourOf(dice, day + 1, 9, 11)
  const inAt = hourOf(dice, day, 16, 22)
  const sent = Array.from({ length: dice.int(11, 14) }, (_, i) =>
    story.stay(inAt + i * 40_000, leaveAt, hotel.id, visitor(dice), {
      room,
      sendAt: inAt + dice.int(20, 50) * minuteMs + i * 1_000,
    }),
  )
  const decidedBy = sent.at(-1)
  return story.end({
    rule: 'overcrowded-lodgings',
    truth: 'stands',
    variant: 'room',
    subjects: [{ place: hotel.id }],
    ...(decidedBy === undefined ? {} : { decidedBy }),
    also: ['mass-check-in'],
  })
}

/** Full and not over: at once, or one half after the other. */
function within({ dice, story, day }: Plot, house: Lodging, atOnce: boolean): Planted {
  const halves = atOnce ? [0, 0] : [0, 1]
  for (const [i, later] of halves.entries())
    for (let left = Math.floor(house.capacity * (atOnce ? 0.5 : 0.9)); left > 0; left -= 3) {
      const at = startOf(day) + later * dayMs + dice.int(14 * 60, 22 * 60) * minuteMs
      story.stay(at, startOf(day) + (later + 1) * dayMs + dice.int(8 * 60, 11 * 60) * minuteMs, house.id, visitor(dice), {
        room: `${i}${left}`,
        partySize: Math.min(3, left),
      })
    } // prettier-ignore
  return story.end({
    rule: 'overcrowded-lodgings',
    truth: 'never',
    variant: atOnce ? 'full' : 'one half after the other',
    subjects: [{ place: house.id }],
    also: ['mass-check-in', 'relay-lodging'],
  })
}
