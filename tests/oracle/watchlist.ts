import type { ReferenceRow } from '../../ingest/feeds/log-subjects.ts'
import { instant } from '../../ingest/reference/reference.ts'
import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { settled, type OracleFinding } from './oracle.ts'

interface Params {
  readonly historyMs: number
  readonly episodeMs: number
}

/** Listed documents: an event is a hit when some row says so; hits are of one episode when steps of an episode's length join them. */
export function watchlist(
  events: readonly TestEvent[],
  params: Params,
  rows: readonly ReferenceRow[],
): OracleFinding[] {
  const shown = settled(events).filter(({ feed }) => feed !== 'sightings')
  return episodes(
    'watchlist',
    shown,
    ({ traveller }) => traveller,
    rows,
    params,
    () => true,
  )
}

/** Listed plates: the same over vehicles, with scores; a look-alike needs a camera in doubt. */
export function watchlistPlate(
  events: readonly TestEvent[],
  params: Params & { readonly scoreAtLeast: number; readonly doubtBelow: number },
  rows: readonly ReferenceRow[],
): OracleFinding[] {
  const passed = settled(events).filter(({ feed }) => feed !== 'registrations')
  return episodes(
    'watchlist-plate',
    passed,
    ({ vehicle }) => vehicle,
    rows,
    params,
    (row, event) => {
      // The engine keeps likelihoods as steps of 1/255.
      const sure = event.feed === 'sightings' ? Math.round((event.confidence ?? 1) * 255) / 255 : 1
      return (
        Number(row['score']) >= params.scoreAtLeast &&
        !(row['variant'] === 'look-alike' && sure >= params.doubtBelow)
      )
    },
  )
}

function episodes(
  rule: string,
  events: readonly TestEvent[],
  tokenOf: (event: TestEvent) => bigint | undefined,
  rows: readonly ReferenceRow[],
  { historyMs, episodeMs }: Params,
  meets: (row: ReferenceRow, event: TestEvent) => boolean,
): OracleFinding[] {
  const listed = Map.groupBy(rows, ({ id }) => id)
  const hits = events.filter((event) =>
    listed
      .get(hex64(tokenOf(event) ?? 0n))
      ?.some(
        (row) =>
          instant(row.validFrom) < instant(row.validTo ?? '') &&
          event.at >= instant(row.validFrom) - historyMs &&
          event.at < instant(row.validTo ?? '') &&
          meets(row, event),
      ),
  )
  const left = new Set(hits)
  const findings: OracleFinding[] = []
  for (const hit of hits) {
    if (!left.delete(hit)) continue
    const episode = [hit]
    for (let grown = true; grown;) {
      grown = false
      for (const other of left)
        if (
          tokenOf(other) === tokenOf(hit) &&
          episode.some(({ at }) => Math.abs(at - other.at) <= episodeMs)
        ) {
          episode.push(other)
          left.delete(other)
          grown = true
        }
    }
    episode.sort((a, b) => a.at - b.at || (eventKeyOf(a) < eventKeyOf(b) ? -1 : 1))
    findings.push({
      rule,
      key: hex64(tokenOf(hit) as bigint),
      start: (episode[0] as TestEvent).at,
      end: (episode.at(-1) as TestEvent).at,
      events: episode.map((event) => hex64(eventKeyOf(event))),
    })
  }
  return findings
}
