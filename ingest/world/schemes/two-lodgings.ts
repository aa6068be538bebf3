import { localInstant, hourMs } from '../local-time.ts'
import { distanceKm } from '../places.ts'
import { documentOf } from '../story.ts'
import { farApart, hourOf, lastSent, openAt, visitor } from './cast.ts'
import { defineKind } from './kind.ts'

/**
 * One document registered in two lodgings far apart for the same nights. Withdrawn: the first house corrects its check-out. Hard
 * negatives: two houses of one town, and a next house that is reached before noon of the planned check-out.
 */
export default defineKind({
  rule: 'two-lodgings',
  perDay: 1.6,
  spanDays: 8,
  leadDays: 1,
  plant({ dice, places, story, day }) {
    const who = visitor(dice)
    const airport = dice.from(places.airports)
    const hotels = places.hotels.values
    const luck = dice.float()
    const [one, far] = farApart(dice, hotels, 120)
    const near = hotels.filter((other) => other.id !== one.id && distanceKm(one, other) < 25)
    const same = luck >= 0.75 && luck < 0.87 && near.length > 0
    const two = same ? dice.pick(near) : far
    const inAt = openAt(dice, airport, day, 0.05, 0.5)
    const outAt = openAt(dice, airport, day + 5)
    story.cross(inAt, airport.id, 'entry', who, { declaredProvince: one.province })
    const firstIn = inAt + 2 * hourMs
    const first = story.stay(firstIn, hourOf(dice, day + 4, 9, 12), one.id, who)
    const overlaps = luck < 0.75 || same
    const secondIn = overlaps ? hourOf(dice, day + 1, 14, 20) : Date.parse(String(first.record['checkOutAt'])) - dice.int(20, 80) * 60_000 // prettier-ignore
    const second = story.stay(secondIn, hourOf(dice, overlaps ? day + 3 : day + 5, 9, 10), two.id, who)
    const withdrawn = luck >= 0.6 && luck < 0.75
    if (withdrawn)
      story.mend(first, second.sendAt + dice.int(2, 20) * hourMs, {
        checkOutAt: localInstant(secondIn - 5 * hourMs),
      })
    story.cross(outAt, airport.id, 'exit', who)
    return story.end({
      rule: 'two-lodgings',
      truth: luck < 0.6 ? 'stands' : withdrawn ? 'withdrawn' : 'never',
      variant:
        luck < 0.6
          ? 'two at once'
          : withdrawn
            ? 'check-out corrected'
            : same
              ? 'two houses of one town'
              : 'an hour early',
      subjects: [documentOf(who)],
      decidedBy: lastSent([first, second]),
      startAt: firstIn,
      endAt: outAt,
    })
  },
})
