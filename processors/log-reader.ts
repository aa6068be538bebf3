import { DeliverPolicy, type JsMsg } from '@nats-io/jetstream'
import { readBatch } from '../ingest/feeds/arrow-batch.ts'
import {
  streams,
  type CountedVolumes,
  type ReferenceChange,
  type Tick,
} from '../ingest/feeds/log-subjects.ts'
import type { Nats } from '../platform/nats.ts'
import type { Message } from './engine/engine.ts'

/** A message of the log and its place in it; `message` is undefined for kinds that the engine has no use for. */
export interface LogEntry {
  readonly seq: number
  readonly message: Message | undefined
}

/** An open reading of the log; `stop` ends the iteration. */
export interface LogReading {
  readonly entries: AsyncIterable<LogEntry>
  stop(): void
}

/** Reads EVENTS in order from `fromSeq`, for ever, re-creating its consumer after a loss of connection. */
export async function readLog(nats: Nats, fromSeq: number): Promise<LogReading> {
  const consumer = await nats.js.consumers.get(streams.events, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(fromSeq, 1),
  })
  // By bytes: a message holds one row or five thousand. Short pulls, so that a server that went away is noticed within seconds.
  const messages = await consumer.consume({
    max_bytes: 16 * 1024 * 1024,
    expires: 4_000,
    idle_heartbeat: 1_000,
  })
  async function* entries(): AsyncGenerator<LogEntry> {
    for await (const message of messages) yield decode(message)
  }
  return { entries: entries(), stop: () => messages.stop() }
}

function decode(message: JsMsg): LogEntry {
  const { seq, subject } = message
  if (subject === 'events.tick') return { seq, message: { kind: 'tick', tick: message.json<Tick>() } }
  if (subject === 'events.reference')
    return { seq, message: { kind: 'reference', change: message.json<ReferenceChange>() } }
  if (subject === 'events.volumes')
    return { seq, message: { kind: 'volumes', volumes: message.json<CountedVolumes>() } }
  return { seq, message: { kind: 'batch', batch: readBatch(message.data) } }
}
