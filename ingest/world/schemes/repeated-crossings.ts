import { minuteMs, startOf } from '../local-time.ts'
import { lastOpen, type Gate } from '../places.ts'
import { documentOf, type Planted } from '../story.ts'
import { gatesNear, visitor } from './cast.ts'
import { defineKind, type Plot } from './kind.ts'

/**
 * One passport at least four times over a border within hours, sometimes by two gates. Now and then a record of it is taken back;
 * a hard negative crosses four times in little more than 24 hours.
 */
export default defineKind({
  rule: 'repeated-crossings',
  perDay: 3,
  spanDays: 3,
  leadDays: 1,
  plant(plot) {
    const { dice, places, day } = plot
    const luck = dice.float()
    const gate = dice.pick(places.land)
    if (luck < 0.2) return slowly(plot, gate)
    const near = gatesNear(places.land, gate, 12)
    const gates = near.length > 0 && dice.chance(0.5) ? [gate, dice.pick(near)] : [gate]
    const takenBack = luck < 0.35
    return shuttle(plot, {
      gates,
      lastAt: lastOpen(gate, startOf(day) + dice.int(15 * 60, 22 * 60) * minuteMs),
      crossings: takenBack ? 4 : dice.int(4, 7),
      takenBack,
    })
  },
})

/** What a traveller who shuttles needs: where, and the last crossing's time; the ones before are found backwards. */
export function shuttle(
  { dice, story }: Pick<Plot, 'dice' | 'story'>,
  options: { gates: readonly Gate[]; lastAt: number; crossings: number; takenBack: boolean },
): Planted {
  const { gates, lastAt, crossings } = options
  const who = visitor(dice)
  const gateOf = (i: number): Gate => gates[(crossings - 1 - i) % gates.length] as Gate
  const times = [lastAt]
  while (times.length < crossings)
    times.unshift(
      lastOpen(gateOf(crossings - 1 - times.length), (times[0] as number) - dice.int(20, 70) * minuteMs),
    )
  const sent = times.map((at, i) =>
    story.cross(at, gateOf(i).id, i % 2 === 0 ? 'entry' : 'exit', who, {
      sendAt: at + dice.int(400, 2_500),
    }),
  )
  const decidedBy = sent[3]
  if (options.takenBack && sent[1] !== undefined)
    story.mend(sent[1], lastAt + dice.int(60, 150) * minuteMs, { cancelled: true })
  return story.end({
    rule: 'repeated-crossings',
    truth: options.takenBack ? 'withdrawn' : 'stands',
    variant: options.takenBack ? 'taken back' : 'shuttle',
    subjects: [documentOf(who)],
    ...(decidedBy === undefined ? {} : { decidedBy }),
    // Who is inside in the end has no lodging.
    also: ['border-run', 'direction-conflict', 'unregistered-stay'],
  })
}

/** In the morning, in the evening, the next noon, the next evening: no 24 hours hold four. */
function slowly({ dice, story, day }: Plot, gate: Gate): Planted {
  const who = visitor(dice)
  const open = gate.closesMs - gate.opensMs
  const at = (days: number, share: number): number =>
    startOf(day + days) + gate.opensMs + Math.floor((open * share) / 1_000) * 1_000
  story.cross(at(0, 0.1), gate.id, 'entry', who)
  story.cross(at(0, 0.8), gate.id, 'exit', who)
  story.cross(at(1, 0.3), gate.id, 'entry', who)
  story.cross(at(1, 0.9), gate.id, 'exit', who)
  return story.end({
    rule: 'repeated-crossings',
    truth: 'never',
    variant: 'four in 30 hours',
    subjects: [documentOf(who)],
    also: ['border-run'],
  })
}
