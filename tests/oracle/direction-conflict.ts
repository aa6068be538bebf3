import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { byTraveller, settled, type OracleFinding } from './oracle.ts'

/** Direction conflict: draw an arrow between any two crossings that conflict, then walk the arrows. */
export function directionConflict(
  events: readonly TestEvent[],
  {
    withinMs,
    sameRecordMs,
    documentTypes,
  }: { withinMs: number; sameRecordMs: number; documentTypes: readonly string[] },
): OracleFinding[] {
  const moves = settled(events).filter(
    (e) =>
      e.feed === 'crossings' &&
      e.direction !== 'check' &&
      documentTypes.includes(e.documentType ?? 'passport'),
  )
  return [...byTraveller(moves)].flatMap(([traveller, own]) => {
    const next = new Map<TestEvent, TestEvent>()
    own.forEach((a, i) =>
      own.forEach((b, j) => {
        const same = (a.direction ?? 'entry') === (b.direction ?? 'entry')
        const doubled = b.at - a.at <= sameRecordMs && (a.site ?? 'S1') === (b.site ?? 'S1')
        const decided = [a, b].every(({ outcome }) => outcome !== 'refused' && outcome !== 'referred')
        if (j === i + 1 && same && decided && !doubled && b.at - a.at <= withinMs) next.set(a, b)
      }),
    )
    const heads = own.filter((e) => next.has(e) && ![...next.values()].includes(e))
    return heads.map((head) => {
      const run = [head]
      for (let to = next.get(head); to !== undefined; to = next.get(to)) run.push(to)
      return {
        rule: 'direction-conflict',
        key: hex64(traveller),
        start: head.at,
        end: (run.at(-1) as TestEvent).at,
        events: run.map((e) => hex64(eventKeyOf(e))),
      }
    })
  })
}
