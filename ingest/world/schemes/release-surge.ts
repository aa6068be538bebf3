import type { Document } from '../labels.ts'
import { dayOf } from '../local-time.ts'
import type { Gate } from '../places.ts'
import type { Sent } from '../sent.ts'
import { documentOf } from '../story.ts'
import { hourOf, lodge, openAt, visitor } from './cast.ts'
import { defineKind } from './kind.ts'

/** Posts opposite to places that people were released from. */
const gates = ['TH-MM-MAESOT1', 'TH-MM-MAESAI1', 'TH-KH-KHLONGLUEK', 'TH-LA-FB4']

/**
 * People who flew in weeks ago and left by no checkpoint come back by one, many on one day. Hard negatives: as many who did leave
 * by a checkpoint, and three without an exit.
 */
export default defineKind({
  rule: 'release-surge',
  perDay: 0.5,
  spanDays: 4,
  leadDays: 27,
  plant(plot) {
    const { dice, places, story, day } = plot
    const id = dice.pick(gates)
    const gate = places.land.find((one) => one.id === id) ?? (places.land[0] as Gate)
    const luck = dice.float()
    const [variant, people, exits] =
      luck < 0.65
        ? (['released', dice.int(14, 32), false] as const)
        : luck < 0.85
          ? (['a group that had left', dice.int(14, 24), true] as const)
          : (['three of them', 3, false] as const)
    const nationality = dice.pick(['CHN', 'IND', 'KEN', 'ETH', 'IDN', 'PHL'])
    const firstAt = hourOf(dice, day, 10, 13)
    const airport = places.airports.values[0] as Gate
    const subjects: Document[] = []
    const back: Sent[] = []
    for (let i = 0; i < people; i++) {
      const who = visitor(dice, nationality)
      const landedAt = openAt(dice, airport, day - dice.int(8, 25))
      story.cross(landedAt, airport.id, 'entry', who, { declaredProvince: 'Bangkok' })
      const leftAt = openAt(dice, gate, dayOf(landedAt) + dice.int(2, 4))
      lodge(plot, who, landedAt, leftAt)
      if (exits) story.cross(leftAt, gate.id, 'exit', who)
      const at = firstAt + Math.floor((i / people) * dice.between(2, 2.4) * 3_600) * 1_000
      back.push(story.cross(at, gate.id, 'entry', who))
      // Those who were released sleep in a centre that files them.
      lodge(plot, who, at, openAt(dice, gate, day + 3), places.hotelsIn.get(gate.province)?.values[0])
      subjects.push(documentOf(who))
    }
    back.sort((a, b) => a.sendAt - b.sendAt)
    return story.end({
      rule: 'release-surge',
      truth: luck < 0.65 ? 'stands' : 'never',
      variant,
      subjects: [{ place: gate.id }],
      decidedBy: back[Math.min(9, back.length - 1)] as Sent,
      startAt: firstAt,
      endAt: Math.max(...back.map(({ sendAt }) => sendAt)),
      also: [
        ...['direction-conflict', 'border-run', 'overstay', 'unregistered-stay'].map((rule) => ({
          rule,
          subjects,
        })),
        ...['mass-check-in', 'overcrowded-lodgings'].map((rule) => ({
          rule,
          subjects: [{ place: places.hotelsIn.get(gate.province)?.values[0]?.id ?? '' }],
        })),
        { rule: 'volume-anomaly', subjects: [{ place: gate.id }] },
      ],
    })
  },
})
