import { dayMs, hourMs } from '../local-time.ts'
import { documentOf } from '../story.ts'
import { lodge, openAt, visitor } from './cast.ts'
import { defineKind, watched } from './kind.ts'

/**
 * A document that is listed when it crosses, or is listed after it has crossed. Hard negatives: an entry that ended before, and a number
 * that differs in one place.
 */
export default defineKind({
  rule: 'watchlist',
  perDay: 1.3,
  spanDays: 6,
  leadDays: 3,
  plant(plot) {
    const { dice, places, story, day } = plot
    const who = visitor(dice)
    const gate = dice.from(places.airports)
    const inAt = openAt(dice, gate, day)
    const outAt = openAt(dice, gate, day + 3)
    const luck = dice.float()
    const [variant, listedAt, validTo] =
      luck < 0.35
        ? (['listed before', inAt - dayMs, undefined] as const)
        : luck < 0.65
          ? (['listed after', inAt + dice.int(4, 30) * hourMs, undefined] as const)
          : luck < 0.85
            ? (['entry has ended', inAt - 2 * dayMs, inAt - 6 * hourMs] as const)
            : (['another number', inAt - dayMs, undefined] as const)
    const stands = luck < 0.65
    const entered = story.cross(inAt, gate.id, 'entry', who, { declaredProvince: gate.province })
    lodge(plot, who, inAt, outAt)
    story.cross(outAt, gate.id, 'exit', who)
    const last = who.documentNumber.at(-1) as string
    const listed = luck < 0.85 ? who : { ...who, documentNumber: who.documentNumber.slice(0, -1) + ((Number(last) + 1) % 10) } // prettier-ignore
    return story.end({
      rule: 'watchlist',
      truth: stands ? 'stands' : 'never',
      variant,
      subjects: [documentOf(who)],
      ...(listedAt < inAt ? { decidedBy: entered } : { decidedAt: listedAt }),
      notices: [
        {
          sendAt: listedAt,
          watch: watched(
            'document',
            `${story.id}-entry`,
            documentOf(listed),
            Math.min(listedAt, inAt),
            validTo,
          ),
        },
      ],
    })
  },
})
