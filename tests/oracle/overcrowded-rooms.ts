import type { TestEvent } from '../support/events.ts'
import { overcrowdedLodgings, settled, type OracleFinding } from './oracle.ts'

/** Overcrowded rooms: each room as if it were a lodging of its own, and what falls into a crowded time of the house thrown away. */
export function overcrowdedRooms(
  events: readonly TestEvent[],
  capacityAt: (premises: string, at: number) => number,
  roomHolds: (premises: string) => number,
  params: { factor: number; assumedNights: number },
): OracleFinding[] {
  const stays = settled(events).filter(({ feed }) => feed === 'registrations')
  const houses = overcrowdedLodgings(events, capacityAt, () => [], params)
  const doors = new Set(
    stays.filter(({ room }) => room).map(({ site, room }) => JSON.stringify([site ?? 'S1', room])),
  )
  return [...doors].flatMap((door) => {
    const [premises, room] = JSON.parse(door) as [string, string]
    const holds = roomHolds(premises)
    const guests = stays.filter(
      (stay) => (stay.site ?? 'S1') === premises && stay.room === room && (stay.people ?? 1) <= holds,
    )
    return overcrowdedLodgings(
      guests,
      () => holds,
      () => [],
      { ...params, factor: 1 },
    ).filter(
      (one) => !houses.some(({ key, start, end }) => key === one.key && start < one.end && one.start < end),
    )
  })
}
