import { connect, type NatsConnection } from '@nats-io/transport-node'
import {
  jetstream,
  jetstreamManager,
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream'
import type { Log } from './log.ts'

const day = 86_400
const nanos = (seconds: number): number => seconds * 1e9

/** A connection that re-connects for ever, with JetStream on it. */
export interface Nats {
  readonly connection: NatsConnection
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
  close(): Promise<void>
}

/** Connects and waits for the server up to `waitMs`. Throws when it cannot be reached, naming the address. */
export async function connectNats(
  url: string,
  deps: { log: Log; name: string; waitMs?: number },
): Promise<Nats> {
  const deadline = Date.now() + (deps.waitMs ?? 30_000)
  for (;;) {
    try {
      const connection = await connect({
        servers: url.split(','),
        name: deps.name,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        pingInterval: 10_000,
      })
      const options = { timeout: 10_000 }
      const js = jetstream(connection, options)
      return {
        connection,
        js,
        jsm: await jetstreamManager(connection, options),
        close: () => connection.close(),
      }
    } catch (cause) {
      if (Date.now() > deadline)
        throw new Error(`No NATS server with JetStream answers at NATS_URL=${redact(url)}.`, { cause })
      deps.log.debug({ url: redact(url) }, 'nats not there yet')
      await new Promise((done) => setTimeout(done, 200))
    }
  }
}

/** One stream as this system sets it up. */
export interface StreamSettings {
  readonly name: string
  readonly subjects: readonly string[]
  readonly maxAgeDays: number
  readonly maxBytes: number
  /** Window in which the server drops a message id that it has seen. */
  readonly duplicateWindowMs: number
}

/**
 * Creates the streams that are not there and leaves those that are as their operator set them. A server reserves a stream's
 * size on its disk; where it has less, the size is halved until it fits, down to {@link smallestStreamBytes}. The small ones come first, so
 * that a large one does not take what they need. Throws when there is no room for one, naming it.
 */
export async function ensureStreams(
  nats: Nats,
  settings: readonly StreamSettings[],
  replicas: number,
): Promise<void> {
  for (const stream of settings.toSorted((a, b) => a.maxBytes - b.maxBytes)) {
    for (let bytes = stream.maxBytes; ; bytes /= 2) {
      try {
        await nats.jsm.streams.add({
          name: stream.name,
          subjects: [...stream.subjects],
          retention: RetentionPolicy.Limits,
          storage: StorageType.File,
          // A full stream refuses: the supplier is told to come back, instead of the oldest record vanishing.
          discard: DiscardPolicy.New,
          max_age: nanos(stream.maxAgeDays * day),
          max_bytes: Math.floor(bytes),
          duplicate_window: nanos(stream.duplicateWindowMs / 1000),
          num_replicas: replicas,
        })
        break
      } catch (error) {
        // Another role may have made it first, or an operator sized it otherwise: both are fine as long as it is there.
        if (await exists(nats, stream.name)) break
        const full = error instanceof JetStreamApiError && error.code === insufficientStorage
        if (!full) throw error
        if (bytes / 2 < smallestStreamBytes)
          throw new Error(
            `The NATS server's disk has no room for the stream ${stream.name}: free some space, or give the server another disk.`,
            { cause: error },
          )
      }
    }
  }
}

/** Below this a stream is of no use; the server's disk is full. */
export const smallestStreamBytes = 64 * 1024 * 1024
const insufficientStorage = 10047

async function exists(nats: Nats, name: string): Promise<boolean> {
  return nats.jsm.streams.info(name).then(
    () => true,
    () => false,
  )
}

function redact(url: string): string {
  return url.replace(/\/\/[^@/]*@/g, '//…@')
}
