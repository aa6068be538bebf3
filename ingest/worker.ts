import { AckPolicy, DeliverPolicy, type Consumer, type JsMsg } from '@nats-io/jetstream'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import { hash64Of } from '../platform/hash.ts'
import { feedNames, type FeedName } from './feeds/layout.ts'
import { streams } from './feeds/log-subjects.ts'
import type { Intake, Taken } from './intake.ts'
import type { Batcher } from './intake/batches.ts'
import { findRecords } from './intake/decode.ts'

export interface WorkerOptions {
  /** Durable name; workers with one name share the messages. */
  readonly durable?: string
  /** A group is closed with this many messages (default 1000) … */
  readonly groupMessages?: number
  /** … or this many bytes (default 4 MiB) … */
  readonly groupBytes?: number
  /** … or after this time from its first message, ms (default 10). */
  readonly lingerMs?: number
}

export interface WorkerDeps {
  readonly nats: Nats
  readonly log: Log
  /** Builds the intake around a batcher whose numbers this worker gives out. */
  readonly intake: (number: (feed: FeedName) => bigint) => { intake: Intake; batcher: Batcher }
}

/** Takes what suppliers publish to `feeds.<feed>.<source>` through the same intake as HTTP. */
export interface Worker {
  /** Messages taken and acknowledged since the start. */
  taken(): number
  stop(): Promise<void>
}

/** Longer than the event log tries to store (5 s); after a kill of the server it is how long a lost acknowledgement is missed. */
const redeliverAfterMs = 12_000
/** Before what could not be stored is tried again, ms. */
const pauseMs = 1_000

/**
 * Starts the worker. Messages are gathered into groups; a group's batches are numbered by the sequences of its messages, so that
 * the same group taken again has the same message ids, and the ledger knows its records in any grouping. A message is
 * acknowledged when all of it is stored.
 */
export async function startWorker(options: WorkerOptions, deps: WorkerDeps): Promise<Worker> {
  const { nats, log } = deps
  const groupMessages = options.groupMessages ?? 1_000
  const groupBytes = options.groupBytes ?? 4 * 1024 ** 2
  const lingerMs = options.lingerMs ?? 10
  let group: JsMsg[] = []
  let groupName = ''
  let part = 0
  let taken = 0
  /** The group before, on its way into the log: meanwhile the next one is taken. */
  let settling = Promise.resolve()
  const { intake, batcher } = deps.intake((feed) => hash64Of(`${groupName} ${feed} ${part++}`) || 1n)

  const consumer = await durableConsumer(nats, options.durable ?? 'ingest')
  // At most this much waits in memory: the server sends no more before it is asked.
  const messages = await consumer.consume({ max_bytes: 16 * 1024 ** 2 })

  async function takeGroup(): Promise<void> {
    if (group.length === 0) return
    const current = group
    group = []
    groupName = `FEEDS ${current.map((message) => message.seq).join(' ')}`
    part = 0
    const results: { message: JsMsg; taken: Taken | undefined }[] = []
    for (const message of current) results.push({ message, taken: await take(intake, message, log) })
    batcher.flush()
    await settling
    settling = settle(results)
  }

  async function settle(results: readonly { message: JsMsg; taken: Taken | undefined }[]): Promise<void> {
    for (const result of results) {
      try {
        await result.taken?.stored()
        result.message.ack()
        taken++
      } catch {
        result.message.nak(pauseMs)
      }
    }
  }

  const working = (async () => {
    let bytes = 0
    let closesAt = Infinity
    const iterator = messages[Symbol.asyncIterator]()
    let next = iterator.next()
    for (;;) {
      const got = await orAfter(next, closesAt - performance.now())
      if (got === undefined) {
        await takeGroup()
        bytes = 0
        closesAt = Infinity
        continue
      }
      if (got.done === true) break
      group.push(got.value)
      bytes += got.value.data.length
      next = iterator.next()
      if (group.length === 1) closesAt = performance.now() + lingerMs
      if (group.length >= groupMessages || bytes >= groupBytes) closesAt = 0
    }
    await takeGroup()
    await settling
  })()

  return {
    taken: () => taken,
    stop: async () => {
      messages.stop()
      await working
    },
  }
}

async function durableConsumer(nats: Nats, name: string): Promise<Consumer> {
  const settings = { ack_wait: redeliverAfterMs * 1e6, max_ack_pending: 20_000 }
  await nats.jsm.consumers
    .add(streams.feeds, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ...settings,
    })
    // It is there with the settings of an earlier version.
    .catch(() => nats.jsm.consumers.update(streams.feeds, name, settings))
  return nats.js.consumers.get(streams.feeds, name)
}

const most = Number.MAX_SAFE_INTEGER

/** Undefined: the message holds nothing to judge, and is done with. */
async function take(intake: Intake, message: JsMsg, log: Log): Promise<Taken | undefined> {
  const [, feed, source] = /^feeds\.([^.]+)\.([a-z0-9][a-z0-9-]{0,31})$/.exec(message.subject) ?? []
  if (source === undefined || !feedNames.includes(feed as FeedName)) {
    log.warn(
      { stream: streams.feeds, logSeq: message.seq },
      'subject names no feed and source, message left aside',
    )
    return undefined
  }
  const { data } = message
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const found = findRecords(bytes, 'json', most)
  if (found === 'empty-body') return undefined
  // An array that does not end has nobody to be told; as one record it is rejected and kept.
  const records = typeof found === 'string' ? { count: 1, bounds: [0, bytes.length] } : found
  return intake.take(feed as FeedName, source, bytes, records)
}

/** The value of `promise`, or undefined once `ms` have passed. */
async function orAfter<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  if (ms === Infinity) return promise
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, ms))
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
