import type { EntityEvent } from '../../../api/entity-shapes.ts'
import type { Flag, Lane, TrackEvent, TrackInput } from './track.ts'

/** Lanes that a page shows at most; the rest share one a feed. */
export const mostLanes = 16

const order = ['crossings', 'sightings', 'registrations']
const unsureBelow = 0.9

/**
 * Everything known of an entity as a timeline: a lane a feed and site, busiest sites first within a feed; past `mostLanes` the least used
 * of a feed share the lane `<feed> ` named by `other`.
 */
export function entityTrack(
  events: readonly EntityEvent[],
  flags: readonly Flag[],
  { nameOf, other }: { nameOf: (site: string) => string; other: (sites: number) => string },
): TrackInput {
  const counts = new Map<string, number>()
  for (const { feed, site } of events) counts.set(`${feed} ${site}`, (counts.get(`${feed} ${site}`) ?? 0) + 1)
  // Sites as often used stay in the order of their first use, so that a journey reads as a slope.
  const byUse = [...counts].sort((a, b) => b[1] - a[1]).map(([lane]) => lane)
  const kept = new Set(byUse.length <= mostLanes ? byUse : byUse.slice(0, mostLanes - 1))
  const feedOf = (lane: string): string => lane.slice(0, lane.indexOf(' '))
  const lanes: Lane[] = order.flatMap((feed) => {
    const own = byUse.filter((lane) => feedOf(lane) === feed)
    const shown = own
      .filter((lane) => kept.has(lane))
      .map((lane) => ({ id: lane, name: nameOf(lane.slice(feed.length + 1)), feed }))
    const rest = own.length - shown.length
    return rest === 0 ? shown : [...shown, { id: `${feed} `, name: other(rest), feed }]
  })
  return {
    lanes,
    flags,
    gaps: [],
    events: events.map((event): TrackEvent => {
      const lane = `${event.feed} ${event.site}`
      return {
        id: event.eventKey,
        at: event.at,
        until: event.until > 0 ? event.until : null,
        lane: kept.has(lane) ? lane : `${event.feed} `,
        mark: markOf(event),
        faint:
          event.feed === 'sightings'
            ? event.confidence < unsureBelow
            : event.feed === 'registrations' && event.until === 0,
      }
    }),
  }
}

function markOf({ feed, kind }: EntityEvent): TrackEvent['mark'] {
  if (feed === 'sightings') return 'sighting'
  if (feed === 'registrations') return 'stay'
  return kind === 'entry' || kind === 'exit' ? kind : 'check'
}

export interface Movement {
  readonly from: string
  readonly to: string
  readonly count: number
}

/** How often it went from one site to the next, most first; staying where it is moves nothing. */
export function movementsOf(events: readonly Pick<EntityEvent, 'site'>[]): readonly Movement[] {
  const counts = new Map<string, Movement>()
  for (let i = 1; i < events.length; i++) {
    const [from, to] = [events[i - 1]?.site ?? '', events[i]?.site ?? '']
    if (from === to) continue
    const key = `${from} ${to}`
    counts.set(key, { from, to, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)
}
