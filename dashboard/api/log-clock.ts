import type { JetStreamManager } from '@nats-io/jetstream'
import { streams, type Tick } from '../../ingest/feeds/log-subjects.ts'

const freshMs = 500

/** What time it is for the charts: the wall's, or in a replay (CLOCK=events) that of the last tick in the log. */
export function createLogClock(
  clock: 'wall' | 'events',
  deps: { jsm: JetStreamManager; wall?: () => number },
): () => Promise<number> {
  const wall = deps.wall ?? Date.now
  if (clock === 'wall') return async () => wall()
  let last = { at: 0, readAt: -Infinity }
  return async () => {
    const now = performance.now()
    if (now - last.readAt < freshMs) return last.at || wall()
    const message = await deps.jsm.streams.getMessage(streams.events, { last_by_subj: 'events.tick' })
    last = { at: message === null ? 0 : message.json<Tick>().at, readAt: now }
    return last.at || wall()
  }
}
