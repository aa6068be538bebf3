import { DeliverPolicy, jetstream, type Consumer, type JsMsg } from '@nats-io/jetstream'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'

/** Messages of one stream in order, from a sequence on, never more than a few ahead of the one who takes them. */
export interface LogReader {
  /** Everything that is there, at least one message, at most what `fits`; waits for the first. Empty once stopped. */
  take(fits: (taken: readonly JsMsg[], next: JsMsg) => boolean): Promise<JsMsg[]>
  /** Messages that are here and not taken yet. */
  waiting(): number
  stop(): Promise<void>
}

/** A fetch asks for about this much, by the size of the messages before, within the two numbers; as much again may wait. */
const fetchBytes = 32e6
const fewest = 64
const most = 512

/**
 * Reads `stream` from sequence `from` (1-based) with an ordered consumer, by fetches: a standing `consume` would go on
 * pulling while the store is down, and fill the memory. A consumer that fails or falls silent is made again at the right place.
 */
export function readLog(nats: Nats, options: { stream: string; from: number; log: Log }): LogReader {
  const { stream, log } = options
  let next = options.from
  // Questions of its own with little patience: one asked while the server restarts is never answered.
  const js = jetstream(nats.connection, { timeout: 1_500 })
  const state = { stopped: false }
  let ahead = fewest
  const queue: JsMsg[] = []
  let gate = Promise.withResolvers<void>()
  const signal = (): void => {
    gate.resolve()
    gate = Promise.withResolvers<void>()
  }

  const fetchOnce = async (consumer: Consumer): Promise<number> => {
    const messages = await consumer.fetch({ max_messages: ahead, expires: 2_000 })
    const stopHere = (): void => messages.stop()
    stopping.add(stopHere)
    let count = 0
    let bytes = 0
    try {
      for await (const message of messages) {
        if (message.seq < next) continue
        next = message.seq + 1
        queue.push(message)
        count++
        bytes += message.data.length
        signal()
      }
    } finally {
      stopping.delete(stopHere)
    }
    if (count > 0) ahead = Math.min(most, Math.max(fewest, Math.floor((fetchBytes * count) / (bytes + 1))))
    return count
  }

  const stopping = new Set<() => void>()
  const run = async (): Promise<void> => {
    while (!state.stopped)
      try {
        const manager = await js.jetstreamManager(false)
        const consumer = await js.consumers.get(stream, {
          deliver_policy: DeliverPolicy.StartSequence,
          opt_start_seq: next,
        })
        while (!state.stopped) {
          while (queue.length >= ahead && !state.stopped) await gate.promise
          if (state.stopped) return
          if ((await fetchOnce(consumer)) > 0) continue
          // Nothing came: either there is nothing, or the consumer is gone without a word (a restarted server).
          if ((await manager.streams.info(stream)).state.last_seq >= next) break
        }
      } catch (error) {
        if (state.stopped) return
        log.warn({ stream, code: error instanceof Error ? error.name : '' }, 'reading the log again')
        await new Promise((done) => setTimeout(done, 250))
      }
  }
  const running = run()

  return {
    async take(fits) {
      while (queue.length === 0 && !state.stopped) await gate.promise
      const taken: JsMsg[] = []
      while (!state.stopped && queue.length > 0 && (taken.length === 0 || fits(taken, queue[0] as JsMsg)))
        taken.push(queue.shift() as JsMsg)
      signal()
      return taken
    },
    waiting: () => queue.length,
    async stop() {
      state.stopped = true
      signal()
      for (const stopHere of stopping) stopHere()
      await running
    },
  }
}
