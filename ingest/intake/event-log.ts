import { JetStreamApiError, type PubAck } from '@nats-io/jetstream'
import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'

/** JetStream did not store a message in time, or refused it. Nothing is known to be lost: send the records again. */
export class StoreUnavailable extends Error {
  readonly code: 'DISCONNECTED' | 'TIMEOUT' | 'REFUSED'

  constructor(code: StoreUnavailable['code'], options?: ErrorOptions) {
    super('JetStream cannot store at the moment.', options)
    this.code = code
  }
}

/** Writes to the log and says how that goes. */
export interface EventLog {
  /** Largest message that the server takes, headers included, bytes. */
  readonly maxPayload: number
  readonly state: EventLogState
  /**
   * Stores a message and gives its acknowledgement. Tries again with the same id for as long as it may, so that one message
   * stands in the log whatever happens between. Throws {@link StoreUnavailable}.
   */
  publish(subject: string, bytes: Uint8Array, messageId: string): Promise<PubAck>
  close(): void
}

export interface EventLogState {
  readonly connected: boolean
  /** False for a while after a message was not stored, until the next one is. */
  readonly storing: boolean
}

export interface EventLogOptions {
  /** One attempt waits this long for the acknowledgement, ms. */
  readonly attemptMs?: number
  /** All attempts together, ms: the answer to a supplier waits this long at most. */
  readonly withinMs?: number
}

export function createEventLog(options: EventLogOptions, deps: { nats: Nats; log: Log }): EventLog {
  const { nats, log } = deps
  const attemptMs = options.attemptMs ?? 2_000
  const withinMs = options.withinMs ?? 5_000
  let failedAt = -Infinity
  const state = {
    connected: !nats.connection.isClosed(),
    get storing() {
      return performance.now() - failedAt > troubleMs
    },
  }
  let closed = false
  void (async () => {
    for await (const status of nats.connection.status()) {
      if (closed) return
      if (status.type === 'disconnect' || status.type === 'close') state.connected = false
      if (status.type === 'reconnect') state.connected = true
    }
  })()

  async function publish(subject: string, bytes: Uint8Array, messageId: string): Promise<PubAck> {
    // Without a connection the client would keep the message and send it after we have said that it is not stored.
    if (!state.connected) throw new StoreUnavailable('DISCONNECTED')
    const deadline = performance.now() + withinMs
    for (let attempt = 1; ; attempt++) {
      try {
        const ack = await nats.js.publish(subject, bytes, { msgID: messageId, timeout: attemptMs })
        failedAt = -Infinity
        return ack
      } catch (cause) {
        failedAt = performance.now()
        if (isRefusal(cause)) {
          log.error({ subject, attempt }, 'stream refuses messages', cause)
          throw new StoreUnavailable('REFUSED', { cause })
        }
        if (performance.now() + attemptMs > deadline || nats.connection.isClosed()) {
          log.warn({ subject, attempt }, 'message not stored in time')
          throw new StoreUnavailable('TIMEOUT', { cause })
        }
        await new Promise((resolve) => setTimeout(resolve, 50 * attempt))
      }
    }
  }

  return {
    get maxPayload() {
      return nats.connection.info?.max_payload ?? 1024 * 1024
    },
    state,
    publish,
    close: () => {
      closed = true
    },
  }
}

/** After this long without news a failure no longer says anything, ms. */
const troubleMs = 5_000

const maximumBytesExceeded = 10_077

/** An answer of the server that another attempt will not change: the stream is full, or the message is no good. */
function isRefusal(error: unknown): boolean {
  return error instanceof JetStreamApiError && (error.code === maximumBytesExceeded || error.status !== 503)
}
