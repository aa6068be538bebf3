import { dayOf, hourMs } from '../local-time.ts'
import { documentOf } from '../story.ts'
import { openAt, visitor } from './cast.ts'
import { defineKind } from './kind.ts'

/** 24 hours of the law and 12 of grace. */
const dueMs = 36 * hourMs

/**
 * A visitor who entered and of whom no lodging files anything. Withdrawn: it is filed after two days. Hard negatives: who leaves
 * within 20 hours, and whose lodging files at the last moment.
 */
export default defineKind({
  rule: 'unregistered-stay',
  perDay: 2.2,
  spanDays: 9,
  leadDays: 1,
  plant(plot) {
    const { dice, places, story, day } = plot
    const who = visitor(dice)
    const gate = dice.from(places.airports)
    const luck = dice.float()
    const end = (truth: 'stands' | 'withdrawn' | 'never', variant: string) =>
      story.end({
        rule: 'unregistered-stay',
        truth,
        variant,
        subjects: [documentOf(who)],
        startAt: inAt,
        decidedAt: inAt + dueMs,
        also: ['overstay'],
      })
    const inAt = openAt(dice, gate, day)
    story.cross(inAt, gate.id, 'entry', who, { declaredProvince: 'Bangkok' })
    if (luck < 0.6) {
      story.cross(openAt(dice, gate, day + dice.int(3, 7)), gate.id, 'exit', who)
      return end('stands', 'no registration')
    }
    if (luck < 0.8) {
      const outAt = inAt + dice.int(8, 20) * hourMs
      story.cross(outAt, gate.id, 'exit', who)
      return end('never', 'left within 20 hours')
    }
    const late = luck < 0.9
    const outAt = openAt(dice, gate, dayOf(inAt) + 4)
    const checkInAt = inAt + 2 * hourMs
    story.stay(checkInAt, outAt - 2 * hourMs, dice.from(places.hotels).id, who, {
      sendAt: inAt + (late ? dice.int(45, 60) * hourMs : dice.int(31, 34) * hourMs),
    })
    story.cross(outAt, gate.id, 'exit', who)
    return end(late ? 'withdrawn' : 'never', late ? 'filed after two days' : 'filed at the last moment')
  },
})
