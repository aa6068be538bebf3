import {
  distanceKm,
  flowOf,
  holidayOf,
  isOpen,
  permittedDays,
  positionAt,
  zoneOf,
} from '../../ingest/reference/places.ts'
import { capacityAt, roomCapacityAt, type Reference } from '../../ingest/reference/reference.ts'
import { loadDetectors } from '../../processors/registry.ts'
import type { TestEvent } from '../support/events.ts'
import * as oracle from './oracle.ts'

/** What a twin may look at besides events and parameters: the same as its detector. */
export interface TwinWorld {
  readonly reference: Reference
  /** The last tick of the log, ms UTC. */
  readonly now: number
}

/** What a detector finds, by brute force over all events. */
export type Twin = (
  events: readonly TestEvent[],
  params: Readonly<Record<string, unknown>>,
  world: TwinWorld,
) => oracle.OracleFinding[]

type Untyped = (
  events: readonly TestEvent[],
  params: Readonly<Record<string, unknown>>,
  world: TwinWorld,
) => unknown

/** Parameters in the type that a twin asks for: a rule has checked them against its detector's schema. */
const asked = <F extends (events: readonly TestEvent[], params: never, ...rest: never[]) => unknown>(
  params: Readonly<Record<string, unknown>>,
): Parameters<F>[1] => params as Parameters<F>[1]

/** Twins whose arguments are others than (events, params, world). */
const adapted: Readonly<Record<string, Twin>> = {
  'airport-to-border': (events, params, { reference, now }) => {
    const { sites, premises, districts } = reference
    const places = { sites: sites.rows(), premises: premises.rows(), districts: districts.rows() }
    return oracle.airportToBorder(
      events,
      asked<typeof oracle.airportToBorder>(params),
      places,
      now,
      citizens(reference),
    )
  },
  'border-run': (events, params, { reference, now }) =>
    oracle.borderRun(
      events,
      asked<typeof oracle.borderRun>(params),
      now,
      (entry) => {
        const row = reference.stays.at(
          `${entry.nationality ?? ''}:${entry.documentType ?? 'passport'}`,
          entry.at,
        )
        return typeof row?.['landEntries'] === 'number' ? row['landEntries'] : undefined
      },
      citizens(reference),
    ),
  'border-shuttle': (events, params, { reference, now }) =>
    oracle.borderShuttle(events, asked<typeof oracle.borderShuttle>(params), {
      near: (site) => (params['zones'] as string[]).includes(zoneOf(reference, site, now)),
      km: kmIn(reference, now),
    }),
  'cloned-plate': (events, params, { reference, now }) =>
    oracle.clonedPlate(events, asked<typeof oracle.clonedPlate>(params), kmIn(reference, now)),
  convoy: (events, params, { reference, now }) =>
    oracle.convoy(events, asked<typeof oracle.convoy>(params), {
      km: kmIn(reference, now),
      flow: (camera, at) => flowOf(reference, camera, at),
    }),
  'impossible-travel': (events, params, { reference }) =>
    oracle.impossibleTravel(events, asked<typeof oracle.impossibleTravel>(params), reference.sites.rows()),
  'mass-check-in': (events, params, { reference, now }) =>
    oracle.massCheckIn(events, asked<typeof oracle.massCheckIn>(params), (premises) =>
      capacityAt(reference, premises, now),
    ),
  'overcrowded-lodgings': (events, params, { reference, now }) => {
    type Params = Parameters<typeof oracle.overcrowdedLodgings>[3] & { readonly roomHolds: number }
    const { roomHolds, ...rest } = params as unknown as Params
    const capacity = (premises: string, at: number): number => capacityAt(reference, premises, at)
    const changes = (premises: string): number[] => reference.premises.changes(premises)
    return [
      ...oracle.overcrowdedLodgings(events, capacity, changes, rest),
      ...oracle.overcrowdedRooms(
        events,
        (premises) => roomCapacityAt(reference, premises, now) ?? roomHolds,
        rest,
      ),
    ]
  },
  overstay: (events, params, { reference, now }) =>
    oracle.overstay(events, asked<typeof oracle.overstay>(params), now, (entry) =>
      permittedDays(reference, entry.nationality ?? '', entry.documentType ?? 'passport', entry.at),
    ),
  'relay-lodging': (events, params, { reference, now }) =>
    oracle.relayLodging(
      events,
      asked<typeof oracle.relayLodging>(params),
      Object.fromEntries(
        reference.premises.ids().map((id) => [
          id,
          {
            zone: zoneOf(reference, id, now),
            licensed: reference.premises.at(id, now)?.['licensed'] === true,
            capacity: capacityAt(reference, id, now),
          },
        ]),
      ),
    ),
  silence: (events, params, { reference, now }) =>
    oracle.silence(events, asked<typeof oracle.silence>(params), now, (key, at) =>
      isOpen(reference, key, at),
    ),
  'two-lodgings': (events, params, { reference, now }) =>
    oracle.twoLodgings(events, asked<typeof oracle.twoLodgings>(params), kmIn(reference, now)),
  'unregistered-stay': (events, params, { reference, now }) =>
    oracle.unregisteredStay(events, asked<typeof oracle.unregisteredStay>(params), now, citizens(reference)),
  'volume-anomaly': (events, params, { reference, now }) => {
    const { aroundHolidays, utcOffsetMs } = params as { aroundHolidays: number; utcOffsetMs: number }
    const around = Array.from({ length: 2 * aroundHolidays + 1 }, (_, n) => (n - aroundHolidays) * 86_400_000)
    return oracle.volumeAnomaly(events, asked<typeof oracle.volumeAnomaly>(params), now, {
      open: (site, at) => isOpen(reference, site, at),
      calm: (at) =>
        around.every(
          (away) =>
            holidayOf(reference, new Date(at + away + utcOffsetMs).toISOString().slice(0, 10)) === undefined,
        ),
    })
  },
  watchlist: (events, params, { reference }) =>
    oracle.watchlist(events, asked<typeof oracle.watchlist>(params), reference.watchlists.rows()),
  'watchlist-plate': (events, params, { reference }) =>
    oracle.watchlistPlate(events, asked<typeof oracle.watchlistPlate>(params), reference.watchlists.rows()),
}

/** Who may stay for good, by the table of permitted stays. */
function citizens(reference: Reference): (event: TestEvent) => boolean {
  return ({ nationality = '', documentType = 'passport', at }) =>
    (permittedDays(reference, nationality, documentType, at) ?? 0) >= 36_500
}

/** Distance of two sites, km; 0 when one is not known. */
function kmIn(reference: Reference, now: number): (a: string, b: string) => number {
  return (a, b) => {
    const [here, there] = [positionAt(reference, a, now), positionAt(reference, b, now)]
    return here === undefined || there === undefined ? 0 : distanceKm(here, there)
  }
}

const camel = (id: string): string => id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The twin of every detector, by id: the function of tests/oracle/<id>.ts that is named after it. */
export async function twins(): Promise<ReadonlyMap<string, Twin>> {
  const functions = oracle as unknown as Readonly<Record<string, Untyped | undefined>>
  return new Map(
    (await loadDetectors()).map(({ id }): [string, Twin] => {
      const own = adapted[id] ?? functions[camel(id)]
      if (own === undefined) throw new Error(`${id} has no twin in tests/oracle.`)
      return [id, own as Twin]
    }),
  )
}
