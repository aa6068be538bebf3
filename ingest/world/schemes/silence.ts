import { Dice } from '../dice.ts'
import { hourMs, minuteMs, startOf } from '../local-time.ts'
import type { Places } from '../places.ts'
import { idPrefix } from '../sent.ts'
import { Story, type Planted } from '../story.ts'
import type { Kind } from './kind.ts'

/** A camera without power, [from, to). `ordered`: it was taken down by order, and the reference desk was told. */
export interface Darkness {
  readonly site: string
  readonly from: number
  readonly to: number
  readonly ordered: boolean
}

/** Which cameras of {@link Places.dark} go dark on a local day: each about once a fortnight, for a day or two. */
export function darkness(seed: number, places: Places, day: number): Darkness[] {
  return [...places.dark].flatMap((site, i) => {
    if ((((day + Math.round(i * 2.5)) % 15) + 15) % 15 !== 0) return []
    const dice = new Dice(seed, 'dark', site, day)
    const from = startOf(day) + dice.int(6 * 60, 18 * 60) * minuteMs
    return [
      {
        site,
        from,
        to: from + dice.int(30 * 60, 50 * 60) * minuteMs,
        ordered: (Math.floor(day / 15) + i) % 3 === 0,
      },
    ]
  })
}

/**
 * A camera that stops, and comes back after a day or two. Hard negative: one that was taken down by order. Nothing is sent for it: the
 * world leaves out what the camera would have seen.
 */
const silence: Kind = {
  rule: 'silence',
  spanDays: 3,
  leadDays: 0,
  planted: ({ seed, places }, day): Planted[] =>
    darkness(seed, places, day).map(({ site, from, to, ordered }) =>
      new Story(`${idPrefix}-si${day}-${site}`, new Dice(seed, site, day)).end({
        rule: 'silence',
        truth: ordered ? 'never' : 'stands',
        variant: ordered ? 'taken down by order' : 'no power',
        subjects: [{ place: site }],
        startAt: from,
        endAt: to,
        decidedAt: from + 6 * hourMs,
        also: ['volume-anomaly'],
        ...(ordered
          ? {
              notices: [
                {
                  sendAt: from - hourMs,
                  table: 'hours',
                  row: {
                    id: site,
                    hours: 'closed',
                    reason: 'ordered',
                    validFrom: new Date(from).toISOString(),
                    validTo: new Date(to).toISOString(),
                    source: 'works order',
                    owner: 'reference-desk',
                  },
                },
              ],
            }
          : {}),
      }),
    ),
}
export default silence
