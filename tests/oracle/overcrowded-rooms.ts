import type { TestEvent } from '../support/events.ts'
import { overcrowdedLodgings, settled, type OracleFinding } from './oracle.ts'

/** Overcrowded rooms: each room as if it were a lodging of its own. */
export function overcrowdedRooms(
  events: readonly TestEvent[],
  roomHolds: (premises: string) => number,
  params: { factor: number; assumedNights: number },
): OracleFinding[] {
  const stays = settled(events).filter(({ feed }) => feed === 'registrations')
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
    )
  })
}
