import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { byTraveller, crossed, settled, type OracleFinding } from './oracle.ts'

export type BorderRunParams = {
  readonly longStayMs: number
  readonly gapMs: number
  readonly atLeast: number
  readonly bounceMs: number
  readonly bounceAfterMs: number
  readonly landEntries: number
  readonly windowMs: number
  readonly documentTypes: readonly string[]
}

/** Two entries, the exit between them, and whether they are back to back. */
interface Pair {
  readonly entry: TestEvent
  readonly exit: TestEvent
  readonly again: TestEvent
}

/** Border run: all triples of entry, exit, entry; those that are back to back are joined where they share an entry. */
export function borderRun(
  events: readonly TestEvent[],
  params: BorderRunParams,
  now: number,
  landEntriesOf: (entry: TestEvent) => number | undefined = () => undefined,
  forGood: (entry: TestEvent) => boolean = () => false,
): OracleFinding[] {
  const moves = settled(events).filter(
    (e) => crossed(e) && params.documentTypes.includes(e.documentType ?? 'passport') && !forGood(e),
  )
  return [...byTraveller(moves)].flatMap(([traveller, own]) => {
    const entered = (e: TestEvent | undefined): boolean => e !== undefined && e.direction !== 'exit'
    const triples = own.slice(2).flatMap((again, n): Pair[] => {
      const [entry, exit] = [own[n] as TestEvent, own[n + 1] as TestEvent]
      return entered(entry) && !entered(exit) && entered(again) ? [{ entry, exit, again }] : []
    })
    const lasts = (e: TestEvent): number => (own[own.indexOf(e) + 1]?.at ?? now) - e.at
    const pairs = triples.filter(
      ({ entry, exit, again }) =>
        exit.at - entry.at >= params.longStayMs &&
        again.at - exit.at <= params.gapMs &&
        lasts(again) >= params.longStayMs &&
        again.at + params.longStayMs - entry.at <= params.windowMs,
    )
    const chains: Pair[][] = []
    for (const pair of pairs) {
      const chain = chains.find((one) => one.at(-1)?.again === pair.entry)
      if (chain === undefined) chains.push([pair])
      else chain.push(pair)
    }
    const long = chains.filter(({ length }) => length + 1 >= params.atLeast)
    const finding = (members: readonly TestEvent[], end: number): OracleFinding => ({
      rule: 'border-run',
      key: hex64(traveller),
      start: (members[0] as TestEvent).at,
      end,
      events: members.map((e) => hex64(eventKeyOf(e))),
    })
    const bounces = triples.filter(
      (triple) =>
        !long.flat().includes(triple) &&
        triple.exit.at - triple.entry.at >= params.bounceAfterMs &&
        triple.exit.at - triple.entry.at <= params.windowMs - params.bounceMs &&
        triple.again.at - triple.exit.at <= params.bounceMs,
    )
    const byLand = own.filter((e) => entered(e) && ['land', 'rail'].includes(e.mode ?? 'land'))
    const year = (e: TestEvent): string => new Date(e.at + 7 * 3_600_000).toISOString().slice(0, 4)
    const years = [...new Set(byLand.map(year))].map((one) => byLand.filter((e) => year(e) === one))
    return [
      ...long.map((chain) =>
        finding(
          [...chain.flatMap(({ entry, exit }) => [entry, exit]), (chain.at(-1) as Pair).again],
          (chain.at(-1) as Pair).again.at + params.longStayMs,
        ),
      ),
      ...bounces.map(({ entry, exit, again }) => finding([entry, exit, again], again.at)),
      ...years
        .filter((entries) => entries.length > (landEntriesOf(entries[0] as TestEvent) ?? params.landEntries))
        .map((entries) => finding(entries, (entries.at(-1) as TestEvent).at)),
    ]
  })
}
