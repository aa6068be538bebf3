import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { byTraveller, crossed, settled, type OracleFinding } from './oracle.ts'

export type UnregisteredStayParams = {
  readonly dueMs: number
  readonly graceMs: number
  readonly assumedNights: number
  readonly documentTypes: readonly string[]
}

/** Unregistered stay: strike out the entries that something explains; what is left and overdue stands. */
export function unregisteredStay(
  events: readonly TestEvent[],
  { dueMs, graceMs, assumedNights, documentTypes }: UnregisteredStayParams,
  now: number,
  forGood: (entry: TestEvent) => boolean = () => false,
): OracleFinding[] {
  return [...byTraveller(settled(events))].flatMap(([traveller, all]) => {
    const moves = all.filter(crossed)
    const dueAt = (entry: TestEvent): number => entry.at + dueMs + graceMs
    const open = new Set(
      moves.filter(
        (e) =>
          e.direction !== 'exit' &&
          documentTypes.includes(e.documentType ?? 'passport') &&
          dueAt(e) <= now &&
          !forGood(e),
      ),
    )
    for (const [i, entry] of moves.entries())
      for (const later of moves.slice(i + 1)) if (later.at <= dueAt(entry)) open.delete(entry)
    for (const stay of all.filter(({ feed }) => feed === 'registrations'))
      for (const entry of open) {
        const leaves = stay.until ?? stay.at + assumedNights * 86_400_000
        if (stay.at <= dueAt(entry) && leaves >= entry.at) open.delete(entry)
      }
    return [...open].map((entry) => ({
      rule: 'unregistered-stay',
      key: hex64(traveller),
      start: entry.at,
      end: dueAt(entry),
      events: all
        .slice(all.indexOf(entry))
        .filter(
          (e) => e === entry || (e.feed === 'crossings' && e.direction === 'check' && e.at <= dueAt(entry)),
        )
        .map((e) => hex64(eventKeyOf(e))),
    }))
  })
}
