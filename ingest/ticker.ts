import type { Tick } from './feeds/log-subjects.ts'
import type { EventLog } from './intake/event-log.ts'

export interface TickerOptions {
  /** `wall`: ticks follow the clock. `events`: they follow the greatest event time taken, for replays. */
  readonly clock: 'wall' | 'events'
  /** Distance of two ticks, ms. */
  readonly tickMs: number
}

export interface TickerDeps {
  readonly eventLog: EventLog
  /** ms UTC. */
  readonly now: () => number
  /** Greatest event time in the log so far, ms UTC; 0: none. */
  readonly latestAt: () => number
}

/** The clock of the log: `events.tick`, message id `tick:<at>`, so several tickers are harmless. */
export interface Ticker {
  /** Publishes the tick that is due, if there is one. A log that cannot store is no error: a later tick says more. */
  tick(): Promise<void>
  start(): void
  stop(): void
}

export function createTicker({ clock, tickMs }: TickerOptions, deps: TickerDeps): Ticker {
  let last = 0
  let busy = false
  let timer: NodeJS.Timeout | undefined

  // Ticks of the wall are rounded, so that all tickers mean the same ones; those of events are exact: the last event must
  // not lie ahead of the last tick.
  const due = (): number => (clock === 'wall' ? Math.floor(deps.now() / tickMs) * tickMs : deps.latestAt())

  const tick = async (): Promise<void> => {
    const at = due()
    // A clock that was set back stands still until it has caught up.
    if (busy || at <= last) return
    busy = true
    try {
      await deps.eventLog.publish(
        'events.tick',
        Buffer.from(JSON.stringify({ at } satisfies Tick)),
        `tick:${at}`,
      )
      last = at
    } catch {
      // The event log has said so already; suppliers are told by 503.
    } finally {
      busy = false
    }
  }
  return {
    tick,
    start: () => {
      // A replay outruns the wall: look more often than the ticks of a live clock come.
      timer = setInterval(tick, clock === 'wall' ? tickMs : Math.min(tickMs, 250))
    },
    stop: () => clearInterval(timer),
  }
}
