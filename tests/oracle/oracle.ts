import { eventKeyOf, versionOf, type TestEvent } from '../support/events.ts'
import { hex64 } from '../../platform/hash.ts'
export * from './border-shuttle.ts'
export * from './cloned-plate.ts'
export * from './convoy.ts'
export * from './direction-conflict.ts'
export * from './mass-check-in.ts'
export * from './overcrowded-rooms.ts'
export * from './relay-lodging.ts'
export * from './impossible-travel.ts'
export * from './repeated-crossings.ts'
export * from './two-lodgings.ts'
export * from './release-surge.ts'
export * from './silence.ts'
export * from './volume-anomaly.ts'
export * from './watchlist.ts'
export * from './airport-to-border.ts'
export * from './border-run.ts'
export * from './overstay.ts'
export * from './unregistered-stay.ts'

/**
 * The batch oracle: what the findings over a set of events are, by brute force. It shares no code with the engine: it keeps
 * the highest version of each event, groups, sorts, and checks every definition directly, without increments or slices.
 */
export interface OracleFinding {
  readonly rule: string
  readonly key: string
  readonly start: number
  readonly end: number
  readonly events: readonly string[]
}

const hexKey = (event: TestEvent): string => hex64(eventKeyOf(event))

/** The events that count: newest version of each, not cancelled. */
export function settled(events: readonly TestEvent[]): TestEvent[] {
  const newest = new Map<string, TestEvent>()
  for (const event of events) {
    const other = newest.get(event.id)
    if (other === undefined || versionOf(event) > versionOf(other)) newest.set(event.id, event)
  }
  return [...newest.values()]
    .filter(({ cancelled }) => cancelled !== true)
    .sort((a, b) => a.at - b.at || (eventKeyOf(a) < eventKeyOf(b) ? -1 : 1))
}

/** Settled events of each traveller, by time; events without one are left out. */
export function byTraveller(all: readonly TestEvent[]): Map<bigint, TestEvent[]> {
  const found = new Map<bigint, TestEvent[]>()
  for (const event of all) {
    const traveller = event.feed === 'sightings' ? 0n : (event.traveller ?? 0n)
    if (traveller === 0n) continue
    const own = found.get(traveller)
    if (own === undefined) found.set(traveller, [event])
    else own.push(event)
  }
  return found
}

/** Likelihood that a plate was read right, in the steps that histories hold it in: of 1/255, from the 32-bit number that the log has. */
export const sureness = ({ confidence }: TestEvent): number => Math.round(Math.fround(confidence ?? 1) * 255)

/** Whether a plate was read with `least` likelihood: half a step less counts too, as 0.9 itself is none of the steps. */
export const isSure = (event: TestEvent, least: number): boolean => sureness(event) >= Math.floor(least * 255)

/** Whether an event is an entry or exit that took place. */
export function crossed({ feed, direction, outcome }: TestEvent): boolean {
  return feed === 'crossings' && direction !== 'check' && outcome !== 'refused' && outcome !== 'referred'
}

function groups(
  events: readonly TestEvent[],
  key: (event: TestEvent) => string | undefined,
): Map<string, TestEvent[]> {
  const found = new Map<string, TestEvent[]>()
  for (const event of events) {
    const name = key(event)
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), event])
  }
  return found
}

/** Overcrowded lodgings: count the people present at every instant at which anything changes. */
export function overcrowdedLodgings(
  events: readonly TestEvent[],
  capacityAt: (premises: string, at: number) => number,
  capacityChanges: (premises: string) => readonly number[],
  { factor, assumedNights }: { factor: number; assumedNights: number },
): OracleFinding[] {
  const stays = settled(events).filter(({ feed }) => feed === 'registrations')
  return [...groups(stays, ({ site }) => site ?? 'S1')].flatMap(([key, own]) => {
    const leaves = (event: TestEvent): number => event.until ?? event.at + assumedNights * 86_400_000
    const instants = [
      ...new Set([...own.map(({ at }) => at), ...own.map(leaves), ...capacityChanges(key)]),
    ].sort((a, b) => a - b)
    const presentAt = (t: number): TestEvent[] => own.filter((event) => event.at <= t && t < leaves(event))
    const peopleAt = (t: number): number => presentAt(t).reduce((sum, { people }) => sum + (people ?? 1), 0)
    const findings: OracleFinding[] = []
    for (let i = 0; i < instants.length;) {
      let j = i
      while (
        j < instants.length &&
        peopleAt(instants[j] as number) > capacityAt(key, instants[j] as number) * factor
      )
        j++
      if (j === i) {
        i++
        continue
      }
      const span = instants.slice(i, j)
      const peak = Math.max(...span.map(peopleAt))
      const peakAt = span.find((t) => peopleAt(t) === peak) as number
      findings.push({
        rule: 'overcrowded-lodgings',
        key,
        start: span[0] as number,
        end: instants[j] as number,
        events: presentAt(peakAt).map(hexKey),
      })
      i = j
    }
    return findings
  })
}
