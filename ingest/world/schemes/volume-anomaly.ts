import { dayMs, hourMs, startOf } from '../local-time.ts'
import { person } from '../people.ts'
import type { Sent } from '../sent.ts'
import { holder } from '../story.ts'
import { hourOf } from './cast.ts'
import { defineKind } from './kind.ts'

/** The busiest posts of the road, where an hour has enough people to be compared with. */
const busy = [
  'TH-MY-SADAO',
  'TH-LA-FB1',
  'TH-KH-KHLONGLUEK',
  'TH-MY-PADANG',
  'TH-MM-MAESAI1',
  'TH-MM-MAESOT1',
]

/** How long a surge lasts. */
const hours = 3

/**
 * Three hours in which many times the usual number leave by one post. Withdrawn: it was a fault of the system, and the records are
 * taken back. Hard negative: hours that are half as busy again.
 */
export default defineKind({
  rule: 'volume-anomaly',
  perDay: 0.8,
  spanDays: 3,
  leadDays: 0,
  plant({ dice, scale, story, day, number }) {
    const gate = busy[(((day * 5 + number * 3) % busy.length) + busy.length) % busy.length] as string
    const luck = dice.float()
    const [variant, truth, times] =
      luck < 0.65 ? (['a surge', 'stands', 8] as const) : luck < 0.8 ? (['taken back', 'withdrawn', 8] as const) : (['half as many again', 'never', 0.5] as const) // prettier-ignore
    // A post has its next one on that weekday six weeks later, and then in other hours: again in the same ones it would be usual.
    const inTheMorning = Math.floor(day / (7 * busy.length)) % 2 === 0
    const from = startOf(day) + (inTheMorning ? dice.int(9, 11) : dice.int(14, 15)) * hourMs
    const usual = 55 * scale
    const people = hours * Math.round(truth === 'never' ? times * usual : Math.max(60, times * usual))
    const sent: Sent[] = []
    for (let i = 0; i < people; i++) {
      const who = holder(person(dice, 'THA'), 'border-pass')
      sent.push(
        story.cross(from + Math.floor((i / people) * (hours * 60 - 1) * 60) * 1_000, gate, 'exit', who),
      )
    }
    if (truth === 'withdrawn')
      for (const one of sent)
        story.mend(one, from + (hours + 2) * hourMs + dice.int(0, 600_000), { cancelled: true })
    return story.end({
      rule: 'volume-anomaly',
      truth,
      variant,
      subjects: [{ place: gate }],
      startAt: hourOf(dice, day, 0, 0),
      endAt: startOf(day) + dayMs - 1,
      // With its first whole hour.
      decidedAt: from + hourMs,
    })
  },
})
