import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { byTraveller, settled, type OracleFinding } from './oracle.ts'

export type TwoLodgingsParams = {
  readonly apartKm: number
  readonly overlapMs: number
  readonly assumedNights: number
  readonly homeMs: number
  readonly partyAtMost: number
}

/** One person in two lodgings: colour each stay by itself, repaint until stays that contradict one another have one colour. */
export function twoLodgings(
  events: readonly TestEvent[],
  { apartKm, overlapMs, assumedNights, homeMs, partyAtMost }: TwoLodgingsParams,
  kmBetween: (premises: string, other: string) => number,
): OracleFinding[] {
  const leaves = (e: TestEvent): number => e.until ?? e.at + assumedNights * 86_400_000
  const counted = settled(events).filter(
    (e) => e.feed === 'registrations' && (e.people ?? 1) <= partyAtMost && leaves(e) - e.at <= homeMs,
  )
  const contradict = (a: TestEvent, b: TestEvent): boolean =>
    a !== b &&
    kmBetween(a.site ?? 'S1', b.site ?? 'S1') > apartKm &&
    Math.min(leaves(a), leaves(b)) - Math.max(a.at, b.at) >= overlapMs
  return [...byTraveller(counted)].flatMap(([traveller, stays]) => {
    const colour = new Map(stays.map((stay, i) => [stay, i]))
    for (let changed = true; changed;) {
      changed = false
      for (const a of stays)
        for (const b of stays) {
          if (!contradict(a, b) || colour.get(a) === colour.get(b)) continue
          const least = Math.min(colour.get(a) as number, colour.get(b) as number)
          colour.set(a, least).set(b, least)
          changed = true
        }
    }
    return [...new Set(colour.values())]
      .map((one) => stays.filter((stay) => colour.get(stay) === one))
      .filter(({ length }) => length > 1)
      .map((group) => ({
        rule: 'two-lodgings',
        key: hex64(traveller),
        start: Math.min(...group.map(({ at }) => at)),
        end: Math.max(...group.map(leaves)),
        events: group.map((stay) => hex64(eventKeyOf(stay))),
      }))
  })
}
