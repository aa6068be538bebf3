import fc from 'fast-check'
import { describe } from 'vitest'
import type { ReferenceRow } from '../../../ingest/feeds/log-subjects.ts'
import watchlist from '../../../processors/detectors/watchlist.ts'
import watchlistPlate from '../../../processors/detectors/watchlist-plate.ts'
import * as oracle from '../../oracle/oracle.ts'
import { hour, monday, type TestEvent } from '../../support/events.ts'
import { holdsTheLaw } from './holds-the-law.ts'
import { crossings, traveller } from './random-events.ts'

const row = (
  id: string,
  entry: string,
  from: number,
  to: number,
  score = 1,
  variant = 'exact',
): ReferenceRow => ({
  id,
  entry,
  list: `list of ${entry}`,
  kind: 'document',
  score,
  variant,
  note: '',
  validFrom: new Date(monday + from * hour).toISOString(),
  validTo: new Date(monday + to * hour).toISOString(),
  source: 'test',
  owner: 'test',
})

describe('the law of watchlists', () => {
  const documents = [
    row('0000000100000001', 'A', 10, 20),
    row('0000000100000001', 'B', 18, 30),
    row('0000000200000002', 'A', 15, 15),
    row('0000000300000007', 'C', 25, 40),
  ]
  holdsTheLaw({
    detector: watchlist,
    params: { historyMs: 4 * hour, episodeMs: 2 * hour },
    event: crossings(hour, 40, ['A', 'B']),
    reference: { watchlists: documents },
    twin: (events, params) => oracle.watchlist(events, params, documents),
  })

  const partial = 0x2_0000_ffffn
  const plates = [
    row('0000000100000001', 'A', 10, 20),
    row('0000000100000001', 'B', 5, 30, 0.6, 'look-alike'),
    row('000000020000ffff', 'A', 5, 35, 0.8, 'unread'),
    row('0000000300000007', 'C', 0, 40, 0.56, 'unread'),
  ]
  holdsTheLaw({
    detector: watchlistPlate,
    params: { historyMs: 4 * hour, episodeMs: 2 * hour, scoreAtLeast: 0.6, doubtBelow: 0.9 },
    event: fc.oneof(
      fc.record<Omit<TestEvent, 'id'>>({
        feed: fc.constant('sightings'),
        at: fc.nat({ max: 40 }).map((n) => monday + n * hour),
        site: fc.constantFrom('A', 'B'),
        vehicle: fc.constantFrom(0x1_0000_0001n, 0x1_0000_0001n, partial, 0x3_0000_0007n, 0n),
        confidence: fc.constantFrom(0.7, 0.95),
      }),
      crossings(hour, 40, ['A']).chain((event) => traveller.map((vehicle) => ({ ...event, vehicle }))),
    ),
    reference: { watchlists: plates },
    twin: (events, params) => oracle.watchlistPlate(events, params, plates),
  })
})
