import { DeliverPolicy, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream'
import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import { readBatch } from '../feeds/arrow-batch.ts'
import { streams } from '../feeds/log-subjects.ts'
import type { FeedName } from '../feeds/layout.ts'
import { feedNames } from '../feeds/layout.ts'
import type { Ledger } from './ledger.ts'

export interface LogFollowerOptions {
  /** How much of the log's end is read before the first record is taken, bytes (default 512 MiB). */
  readonly warmBytes?: number
}

/** Reads the EVENTS log along, so that the ledger knows what other processes, and this one before a restart, have stored. */
export interface LogFollower {
  /** Resolves when everything is read that stood in the log at the start. */
  readonly warm: Promise<void>
  readonly state: { readonly warm: boolean; readonly logSeq: number }
  stop(): Promise<void>
}

/** Starts reading at the log's end. `onTime` gets the greatest event time of each batch of others, ms UTC. */
export async function followLog(
  options: LogFollowerOptions,
  deps: { nats: Nats; ledger: Ledger; own: Set<string>; log: Log; onTime: (at: number) => void },
): Promise<LogFollower> {
  const { nats, ledger, own, log } = deps
  const started = performance.now()
  const { state: stream } = await nats.jsm.streams.info(streams.events)
  // The log counts bytes and messages as a whole, so where the last bytes begin is an estimate.
  const share = Math.min(1, (options.warmBytes ?? 512 * 1024 ** 2) / Math.max(stream.bytes, 1))
  const from = stream.last_seq - Math.ceil((stream.last_seq - stream.first_seq + 1) * share) + 1
  const target = stream.messages === 0 ? 0 : stream.last_seq
  const state = { warm: target === 0, logSeq: 0 }
  const { promise: warm, resolve: warmed } = Promise.withResolvers<void>()
  if (state.warm) warmed()

  const take = (message: JsMsg): void => {
    if (isFeed(message.subject) && !own.delete(message.headers?.get('Nats-Msg-Id') ?? '')) {
      try {
        deps.onTime(learn(ledger, message.data))
      } catch (error) {
        log.error({ subject: message.subject, logSeq: message.seq }, 'message is no batch', error)
      }
    }
    state.logSeq = message.seq
    if (!state.warm && message.seq >= target) {
      state.warm = true
      log.info(
        { count: ledger.size, logSeq: message.seq, ms: Math.round(performance.now() - started) },
        'ledger is warm',
      )
      warmed()
    }
  }

  const consumer = await nats.js.consumers.get(streams.events, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(from, stream.first_seq, 1),
  })
  const messages: ConsumerMessages = await consumer.consume({ max_bytes: 32 * 1024 ** 2 })
  const reading = (async () => {
    for await (const message of messages) take(message)
  })()
  return {
    warm,
    state,
    stop: async () => {
      messages.stop()
      await reading
    },
  }
}

function isFeed(subject: string): boolean {
  return feedNames.includes(subject.slice('events.'.length) as FeedName)
}

/** Tells the ledger of every row of a batch; gives the greatest event time. */
function learn(ledger: Ledger, bytes: Uint8Array): number {
  const batch = readBatch(bytes)
  const keys = halves(batch.u64('event_key'))
  const versions = halves(batch.u64('version'))
  const at = batch.ms('at')
  let maxAt = 0n
  for (let row = 0; row < batch.rows; row++) {
    const low = row * 2
    ledger.learn(
      keys[low + 1] as number,
      keys[low] as number,
      versions[low + 1] as number,
      versions[low] as number,
    )
    if ((at[row] as bigint) > maxAt) maxAt = at[row] as bigint
  }
  return Number(maxAt)
}

/** A 64-bit column as pairs of 32 bits, low half first. */
function halves(column: BigUint64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2)
}
