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

/**
 * Starts reading at the log's end. What stood there is read whole; after that the heads of messages alone, since most are this
 * process's own, and of those of others the content by its sequence. `onTime` gets the greatest event time of each of these, ms UTC.
 */
export async function followLog(
  options: LogFollowerOptions,
  deps: { nats: Nats; ledger: Ledger; own: Set<string>; log: Log; onTime: (at: number) => void },
): Promise<LogFollower> {
  const { nats, ledger, own, log } = deps
  const started = performance.now()
  const { state: stream } = await nats.jsm.streams.info(streams.events)
  // The log counts bytes and messages as a whole, so where the last bytes begin is an estimate.
  const share = Math.min(1, (options.warmBytes ?? 512 * 1024 ** 2) / Math.max(stream.bytes, 1))
  const from = Math.max(
    stream.last_seq - Math.ceil((stream.last_seq - stream.first_seq + 1) * share) + 1,
    stream.first_seq,
    1,
  )
  const target = stream.messages === 0 ? 0 : stream.last_seq
  const state = { warm: target === 0, logSeq: 0 }
  const { promise: warm, resolve: warmed } = Promise.withResolvers<void>()
  if (state.warm) warmed()
  let stopped = false
  let messages: ConsumerMessages | undefined

  const learnFrom = (subject: string, seq: number, bytes: Uint8Array): void => {
    try {
      deps.onTime(learn(ledger, bytes))
    } catch (error) {
      log.error({ subject, logSeq: seq }, 'message is no batch', error)
    }
  }
  const isForeign = ({ subject, headers }: JsMsg): boolean =>
    isFeed(subject) && !own.delete(headers?.get('Nats-Msg-Id') ?? '')

  /** Gives messages from a sequence on, whole or their heads alone, until the reading is stopped. */
  async function* read(fromSeq: number, headsOnly: boolean): AsyncGenerator<JsMsg> {
    const consumer = await nats.js.consumers.get(streams.events, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: fromSeq,
      ...(headsOnly ? { headers_only: true } : {}),
    })
    messages = await consumer.consume(headsOnly ? { max_messages: 1_000 } : { max_bytes: 32 * 1024 ** 2 })
    if (stopped) messages.stop()
    yield* messages
  }

  async function follow(): Promise<void> {
    if (!state.warm)
      for await (const message of read(from, false)) {
        if (isForeign(message)) learnFrom(message.subject, message.seq, message.data)
        state.logSeq = message.seq
        if (message.seq < target) continue
        state.warm = true
        log.info(
          { count: ledger.size, logSeq: message.seq, ms: Math.round(performance.now() - started) },
          'ledger is warm',
        )
        warmed()
        break
      }
    if (stopped) return
    for await (const message of read(Math.max(state.logSeq + 1, from), true)) {
      if (isForeign(message)) {
        const bytes = await content(message.seq)
        if (bytes !== undefined) learnFrom(message.subject, message.seq, bytes)
      }
      state.logSeq = message.seq
    }
  }

  /** A message's content; undefined when it is gone, or the reading was stopped before the server answered. */
  async function content(seq: number): Promise<Uint8Array | undefined> {
    while (!stopped)
      try {
        return (await nats.jsm.streams.getMessage(streams.events, { seq }))?.data
      } catch {
        await new Promise((done) => setTimeout(done, 250))
      }
    return undefined
  }

  const reading = follow()
  reading.catch((error: unknown) => {
    if (!stopped) log.error({}, 'the log is not followed any more', error)
  })
  return {
    warm,
    state,
    stop: async () => {
      stopped = true
      messages?.stop()
      await reading.catch(() => {})
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
