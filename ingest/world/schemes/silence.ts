import { Dice } from '../dice.ts'
import { hourMs, minuteMs, startOf } from '../local-time.ts'
import { backlogMs, outageOf, portalOutageOf } from '../noise.ts'
import type { Places } from '../places.ts'
import { idPrefix, worldSources } from '../sent.ts'
import { Story, type Planted } from '../story.ts'
import type { Kind, Stage } from './kind.ts'

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
 * A camera that stops, and comes back after a day or two. Withdrawn: lines that are down, since what was recorded meanwhile comes later.
 * Hard negative: a camera that was taken down by order. Nothing is sent for any: the world leaves out what the camera would have seen, and
 * holds back what the line would have carried.
 */
const silence: Kind = {
  rule: 'silence',
  spanDays: 3,
  leadDays: 0,
  planted: (stage, day) => [...cameras(stage, day), ...lines(stage, day)],
}
export default silence

const cameras = ({ seed, places }: Stage, day: number): Planted[] =>
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
  )

/** Posts and the lodging portal without a line; their silence is over when the backlog has come. */
function lines({ seed, places }: Stage, day: number): Planted[] {
  const gates = [...places.airports.values, ...places.borders.values]
  const down = [
    ...gates.map((gate) => [gate.id, outageOf(seed, gate, day)] as const),
    [`source:${worldSources.registrations}`, portalOutageOf(seed, day)] as const,
  ]
  return down.flatMap(([place, outage]) => {
    if (outage === undefined) return []
    const { from, until } = outage
    return new Story(`${idPrefix}-si${day}-${place}`, new Dice(seed, place, day)).end({
      rule: 'silence',
      truth: 'withdrawn',
      variant: 'line down',
      subjects: [{ place }],
      startAt: from,
      endAt: until,
      decidedAt: until + backlogMs,
    })
  })
}
