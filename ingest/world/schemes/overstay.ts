import { dayMs, dayOf, hourMs, startOf } from '../local-time.ts'
import { person } from '../people.ts'
import { documentOf, holder } from '../story.ts'
import { lodge, openAt, visitor } from './cast.ts'
import { defineKind } from './kind.ts'

/** Passes of neighbours and how many days they are good for; passports of visitors whom all years give 90. */
const papers = [
  ['LAO', 'border-pass', 3],
  ['KHM', 'border-pass', 7],
  ['MMR', 'temporary-border-pass', 7],
  ['KOR', 'passport', 90],
  ['BRA', 'passport', 90],
] as const

/**
 * Somebody who is still here when the permitted stay is over. Withdrawn: the exit was filed days late. Hard negatives: who leaves on
 * the day before the last.
 */
export default defineKind({
  rule: 'overstay',
  perDay: 1.8,
  spanDays: 9,
  leadDays: 93,
  plant(plot) {
    const { dice, places, story, day } = plot
    const [nationality, documentType, days] = dice.pick(papers)
    const passport = documentType === 'passport'
    const who = passport ? visitor(dice, nationality) : holder(person(dice, nationality), documentType)
    const gate = dice.pick(
      passport ? places.airports.values : places.land.filter(({ neighbour }) => neighbour === nationality),
    )
    const inAt = openAt(dice, gate, day - days - 1)
    const dueAt = startOf(dayOf(inAt) + days) + dayMs
    story.cross(inAt, gate.id, 'entry', who, { declaredProvince: gate.province })
    const luck = dice.float()
    const late = luck < 0.7
    const outAt = openAt(dice, gate, late ? day + dice.int(3, 5) : dayOf(inAt) + days - 2)
    const near = passport ? undefined : places.hotelsIn.get(gate.province)
    lodge(plot, who, inAt, late ? dueAt + 2 * dayMs : outAt, near === undefined ? undefined : dice.from(near))
    const withdrawn = !late && luck < 0.85
    const out = story.cross(outAt, gate.id, 'exit', who, withdrawn ? { sendAt: dueAt + dice.int(20, 60) * hourMs } : {}) // prettier-ignore
    return story.end({
      rule: 'overstay',
      truth: late ? 'stands' : withdrawn ? 'withdrawn' : 'never',
      variant: `${nationality} ${documentType}, ${late ? 'late' : withdrawn ? 'exit filed late' : 'in time'}`,
      subjects: [documentOf(who)],
      decidedAt: Math.min(dueAt, out.sendAt),
      startAt: inAt,
      endAt: late ? outAt : dueAt + dayMs,
      also: ['unregistered-stay'],
    })
  },
})
