import { layouts, type FeedName } from '../../ingest/feeds/layout.ts'
import { judge } from '../../ingest/intake/judge.ts'
import type { Outgoing } from '../../ingest/world/world.ts'
import type { Reference } from '../../ingest/reference/reference.ts'
import { hash64Of, hex64 } from '../../platform/hash.ts'
import type { AlertRevision } from '../../processors/alert.ts'
import { loadRules } from '../../processors/registry.ts'
import { settled, type OracleFinding } from '../oracle/oracle.ts'
import { twins } from '../oracle/twins.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { pseudonyms } from './pseudonyms.ts'

/** What stands on one side only, by detector. */
export interface Difference {
  readonly rule: string
  readonly standing: number
  readonly missing: readonly string[]
  readonly extra: readonly string[]
}

/** The record as the oracle reads it; undefined when no intake takes it. `at`: when it is logged, ms UTC. */
export function eventOf({ feed, source, record }: Outgoing, at: number): TestEvent | undefined {
  const bytes = Buffer.from(JSON.stringify(record))
  const row = judge(feed, bytes, 0, bytes.length, { source, now: at, pseudonyms })
  if (!('cells' in row)) return undefined
  const cell = cellsOf(feed, row.cells)
  const text = (name: string): string => String(cell(name) ?? '')
  const common = {
    feed,
    id: `${source}:${record.id}`,
    source,
    revision: row.revision,
    fingerprint: row.fingerprint,
    cancelled: cell('cancelled') === 1,
    at: row.at,
    ingestedAt: at,
    site: text('site'),
  }
  if (feed === 'sightings')
    return {
      ...common,
      vehicle: cell('vehicle') as bigint,
      confidence: Math.fround(Number(cell('confidence'))),
      plateProvince: text('plate_province'),
      plateCountry: text('plate_country'),
      vehicleClass: text('vehicle_class'),
      heading: text('heading') as NonNullable<TestEvent['heading']>,
      make: text('make'),
      colour: text('colour'),
    }
  const person = {
    traveller: cell('traveller') as bigint,
    documentType: text('document_type'),
    nationality: text('nationality'),
    birthYear: Number(cell('birth_year')),
    sex: text('sex') as NonNullable<TestEvent['sex']>,
  }
  if (feed === 'registrations')
    return {
      ...common,
      ...person,
      until: cell('check_out_at') as number | null,
      people: Number(cell('party_size')),
      room: text('room'),
    }
  return {
    ...common,
    ...person,
    vehicle: cell('vehicle') as bigint,
    direction: text('direction') as NonNullable<TestEvent['direction']>,
    mode: text('mode') as NonNullable<TestEvent['mode']>,
    outcome: text('outcome') as NonNullable<TestEvent['outcome']>,
    declaredProvince: text('declared_province'),
  }
}

function cellsOf(feed: FeedName, cells: readonly unknown[]): (name: string) => unknown {
  return (name) => cells[layouts[feed].findIndex(([column]) => column === name)]
}

/**
 * Holds the alerts that stand in the end against a batch run over everything that was accepted: the twins of tests/oracle, one key
 * at a time, since their definitions are of one key; of company, two vehicles at a time. `tell` has each detector's differences as soon
 * as they are known.
 */
export async function compareWithOracle(
  all: readonly TestEvent[],
  revisions: readonly AlertRevision[],
  world: { readonly reference: Reference; readonly now: number },
  tell: (one: Difference) => void = () => {},
): Promise<Difference[]> {
  const events = settled(all)
  const nameOf = new Map(events.map((event) => [hex64(eventKeyOf(event)), hex64(hash64Of(event.id))]))
  const last = new Map<string, AlertRevision>()
  for (const one of revisions)
    if (one.revision > (last.get(one.alertId)?.revision ?? 0)) last.set(one.alertId, one)
  const open = [...last.values()].filter(({ status }) => status === 'open')
  const brute = await twins()
  const groups = groupsOf(events)
  const found: Difference[] = []
  for (const { detector, params } of await loadRules()) {
    const twin = brute.get(detector.id)
    if (twin === undefined) continue
    const linked = detector.follows === 'vehicle'
    const company = detector.companions?.(params)
    const lists =
      company !== undefined
        ? pairsNear(groups.vehicle, events, company)
        : detector.key === 'site'
          ? [events]
          : [...groups[detector.key].values()].map((own) =>
              linked ? withVehicles(own, groups.vehicle) : own,
            )
    const expected = new Set(
      lists.flatMap((own) => twin(own, params, world)).map((one) => shape(one, nameOf)),
    )
    const standing = new Set(
      open
        .filter(({ rule }) => rule === detector.id)
        .map(({ rule, key, startAt: start, endAt: end, events }) =>
          shape({ rule, key, start, end, events }, new Map()),
        ),
    )
    const difference = {
      rule: detector.id,
      standing: standing.size,
      missing: [...expected].filter((one) => !standing.has(one)),
      extra: [...standing].filter((one) => !expected.has(one)),
    }
    tell(difference)
    found.push(difference)
  }
  return found
}

type Groups = Readonly<Record<'traveller' | 'vehicle' | 'premises', ReadonlyMap<string, TestEvent[]>>>

function groupsOf(events: readonly TestEvent[]): Groups {
  const groups = { traveller: new Map(), vehicle: new Map(), premises: new Map() } as Record<
    keyof Groups,
    Map<string, TestEvent[]>
  >
  const put = (kind: keyof Groups, key: string, event: TestEvent): void => {
    const own = groups[kind].get(key)
    if (own === undefined) groups[kind].set(key, [event])
    else own.push(event)
  }
  for (const event of events) {
    if (event.traveller !== undefined && event.traveller !== 0n)
      put('traveller', hex64(event.traveller), event)
    if (event.vehicle !== undefined && event.vehicle !== 0n) put('vehicle', hex64(event.vehicle), event)
    if (event.feed === 'registrations') put('premises', event.site ?? '', event)
  }
  return groups
}

/** A traveller's events with all those of the vehicles that they crossed in, each once. */
function withVehicles(own: readonly TestEvent[], vehicles: ReadonlyMap<string, TestEvent[]>): TestEvent[] {
  const keys = new Set(
    own.flatMap(({ vehicle }) => (vehicle === undefined || vehicle === 0n ? [] : [hex64(vehicle)])),
  )
  return [...new Set([...own, ...[...keys].flatMap((key) => vehicles.get(key) ?? [])])]
}

/** Events of each two vehicles that passed cameras within `withinMs` of each other `atLeast` times or more, ever. */
function pairsNear(
  vehicles: ReadonlyMap<string, TestEvent[]>,
  events: readonly TestEvent[],
  { withinMs, atLeast }: { readonly withinMs: number; readonly atLeast: number },
): TestEvent[][] {
  const keys = [...vehicles.keys()]
  const numbers = new Map([...vehicles.values()].map(([first], i) => [first?.vehicle, i]))
  const near = new Map<number, number>()
  const sightings = events.filter(({ feed, vehicle }) => feed === 'sightings' && numbers.has(vehicle))
  for (const passed of Map.groupBy(sightings, ({ site }) => site).values())
    for (const [i, { at, vehicle }] of passed.entries())
      for (let n = i - 1; n >= 0 && at - (passed[n] as TestEvent).at <= withinMs; n--) {
        const [a, b] = [vehicle, passed[n]?.vehicle].map((one) => numbers.get(one) as number) as [number, number]
        const pair = Math.min(a, b) * keys.length + Math.max(a, b)
        if (a !== b) near.set(pair, (near.get(pair) ?? 0) + 1)
      }
  const own = (number: number): TestEvent[] => vehicles.get(keys[number] as string) ?? []
  return [...near]
    .filter(([, times]) => times >= atLeast)
    .map(([pair]) => [...own(Math.floor(pair / keys.length)), ...own(pair % keys.length)])
} // prettier-ignore

const shape = (
  { rule, key, start, end, events }: OracleFinding,
  names: ReadonlyMap<string, string>,
): string =>
  JSON.stringify([rule, key, start, end, events.map((event) => names.get(event) ?? event).toSorted()])
