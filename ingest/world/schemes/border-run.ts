import { dayMs, dayOf, hourMs, minuteMs } from '../local-time.ts'
import { documentOf, type Planted } from '../story.ts'
import { lodge, longStayers, openAt, visitor } from './cast.ts'
import { defineKind, type Plot } from './kind.ts'

/**
 * Stays that are stretched by leaving: two of 45 days and more with a few days abroad between, a border that is crossed out
 * and in on one day, a third land entry in one calendar year. Hard negatives: stays of 40 days, twelve days abroad, three entries by air.
 */
export default defineKind({
  rule: 'border-run',
  perDay: 1.6,
  spanDays: 3,
  leadDays: 140,
  plant(plot) {
    const { dice, day } = plot
    const luck = dice.float()
    if (luck < 0.35) return runs(plot, { stay: [47, 58], abroad: [1, 5], truth: 'stands' })
    if (luck < 0.6) return bounce(plot)
    const sameYear = yearOf(day) === yearOf(day - 130)
    if (luck < 0.75 && sameYear) return entries(plot, 'land')
    if (luck < 0.85) return runs(plot, { stay: [38, 43], abroad: [1, 5], truth: 'never' })
    if (luck < 0.92) return runs(plot, { stay: [47, 52], abroad: [11, 14], truth: 'never' })
    return entries(plot, 'air')
  },
})

const yearOf = (day: number): number => new Date(day * dayMs).getUTCFullYear()

function runs(
  plot: Plot,
  options: {
    stay: readonly [number, number]
    abroad: readonly [number, number]
    truth: 'stands' | 'never'
  },
): Planted {
  const { dice, places, story, day } = plot
  const who = visitor(dice, dice.pick(longStayers))
  const gate = dice.pick(places.land)
  const airport = dice.from(places.airports)
  const outAt = openAt(dice, gate, day)
  const inAt = openAt(dice, gate, day - dice.int(...options.stay) - 1)
  const firstOut = openAt(dice, gate, dayOf(inAt) - dice.int(...options.abroad))
  const firstIn = openAt(dice, airport, dayOf(firstOut) - dice.int(...options.stay) - 1)
  story.cross(firstIn, airport.id, 'entry', who)
  lodge(plot, who, firstIn, firstOut)
  story.cross(firstOut, gate.id, 'exit', who)
  story.cross(inAt, gate.id, 'entry', who)
  lodge(plot, who, inAt, outAt)
  const decidedBy = story.cross(outAt, gate.id, 'exit', who)
  return story.end({
    rule: 'border-run',
    truth: options.truth,
    variant: options.truth === 'stands' ? 'back to back' : `${options.stay[0]} days, ${options.abroad[0]} abroad`, // prettier-ignore
    subjects: [documentOf(who)],
    decidedBy,
  })
}

/** Out and in again by one gate within two hours, in the fourth week of a stay. */
function bounce(plot: Plot): Planted {
  const { dice, places, story, day } = plot
  const who = visitor(dice, dice.pick(longStayers))
  const airport = dice.from(places.airports)
  const gate = dice.pick(places.land)
  const outAt = openAt(dice, gate, day, 0.1, 0.7)
  const firstIn = openAt(dice, airport, day - dice.int(22, 28))
  const lastOut = openAt(dice, airport, day + 2)
  story.cross(firstIn, airport.id, 'entry', who)
  lodge(plot, who, firstIn, outAt - 3 * hourMs)
  story.cross(outAt, gate.id, 'exit', who)
  const decidedBy = story.cross(outAt + dice.int(20, 110) * minuteMs, gate.id, 'entry', who)
  lodge(plot, who, outAt + 4 * hourMs, lastOut)
  story.cross(lastOut, airport.id, 'exit', who)
  return story.end({
    rule: 'border-run',
    truth: 'stands',
    variant: 'bounce',
    subjects: [documentOf(who)],
    decidedBy,
  })
}

/** Three visits of ten days, five weeks apart, in one calendar year. */
function entries(plot: Plot, mode: 'land' | 'air'): Planted {
  const { dice, places, story, day } = plot
  const who = visitor(dice, dice.pick(longStayers))
  const gates = mode === 'land' ? places.land : places.airports.values
  let decidedBy: ReturnType<typeof story.cross> | undefined
  for (const ago of [90, 45, 0]) {
    const gate = dice.pick(gates)
    const inAt = openAt(dice, gate, day - ago - (ago === 0 ? 0 : dice.int(0, 9)))
    const outAt = openAt(dice, gate, dayOf(inAt) + 2)
    decidedBy = story.cross(inAt, gate.id, 'entry', who)
    lodge(plot, who, inAt, outAt)
    story.cross(outAt, gate.id, 'exit', who)
  }
  return story.end({
    rule: 'border-run',
    truth: mode === 'land' ? 'stands' : 'never',
    variant: mode === 'land' ? 'third land entry' : 'third entry by air',
    subjects: [documentOf(who)],
    ...(decidedBy === undefined ? {} : { decidedBy }),
  })
}
