import { dayOf, hourMs } from '../local-time.ts'
import { documentOf } from '../story.ts'
import { lodge, openAt, visitor } from './cast.ts'
import { defineKind } from './kind.ts'

/**
 * One document that enters twice, or leaves twice, with nothing between. Withdrawn: the exit between comes after all, from a post
 * that was offline. Hard negatives: one crossing that was recorded twice, and who was refused and came back.
 */
export default defineKind({
  rule: 'direction-conflict',
  perDay: 2,
  spanDays: 8,
  leadDays: 16,
  plant(plot) {
    const { dice, places, story, day } = plot
    const who = visitor(dice)
    const airport = dice.from(places.airports)
    const gate = dice.pick(places.land)
    const luck = dice.float()
    const end = (
      truth: 'stands' | 'withdrawn' | 'never',
      variant: string,
      decidedBy: ReturnType<typeof story.cross>,
    ) =>
      story.end({
        rule: 'direction-conflict',
        truth,
        variant,
        subjects: [documentOf(who)],
        decidedBy,
        also: ['border-run', 'release-surge', 'unregistered-stay'],
      })
    const firstIn = openAt(dice, airport, day - dice.int(4, 12))
    story.cross(firstIn, airport.id, 'entry', who, { declaredProvince: 'Bangkok' })
    const firstUntil = openAt(dice, gate, dayOf(firstIn) + 2)
    lodge(plot, who, firstIn, firstUntil)

    if (luck < 0.35) {
      const again = story.cross(openAt(dice, gate, day), gate.id, 'entry', who)
      const outAt = openAt(dice, airport, day + 3)
      lodge(plot, who, again.sendAt, outAt)
      story.cross(outAt, airport.id, 'exit', who)
      return end('stands', 'entry after entry', again)
    }
    if (luck < 0.65) {
      story.cross(firstUntil, gate.id, 'exit', who)
      const other = dice.from(places.airports)
      return end('stands', 'exit after exit', story.cross(openAt(dice, other, day), other.id, 'exit', who))
    }
    if (luck < 0.8) {
      const again = story.cross(openAt(dice, gate, day, 0.5), gate.id, 'entry', who)
      story.cross(firstUntil, gate.id, 'exit', who, { sendAt: again.sendAt + dice.int(4, 20) * hourMs })
      const outAt = openAt(dice, airport, day + 3)
      lodge(plot, who, again.sendAt, outAt)
      story.cross(outAt, airport.id, 'exit', who)
      return end('withdrawn', 'the exit came late', again)
    }
    story.cross(firstUntil, gate.id, 'exit', who)
    const inAt = openAt(dice, gate, day)
    if (luck < 0.9) {
      story.cross(inAt, gate.id, 'entry', who)
      story.cross(inAt + dice.int(8, 45) * 1_000, gate.id, 'entry', who)
    } else {
      const refusedAt = openAt(dice, gate, day - 1)
      story.cross(refusedAt, gate.id, 'entry', who, { outcome: 'refused' })
      story.cross(inAt, gate.id, 'entry', who)
    }
    const outAt = openAt(dice, airport, day + 3)
    lodge(plot, who, inAt, outAt)
    const last = story.cross(outAt, airport.id, 'exit', who)
    return end('never', luck < 0.9 ? 'recorded twice' : 'refused first', last)
  },
})
