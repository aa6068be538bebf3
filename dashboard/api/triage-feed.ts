import { DeliverPolicy, type ConsumerMessages, type JetStreamClient } from '@nats-io/jetstream'
import { setTimeout as delay } from 'node:timers/promises'
import { triageStream } from '../../ingest/streams.ts'
import type { Log } from '../../platform/log.ts'
import type { TriageMessage } from '../../sql/triage-message.ts'

/** Tells what analysts do from now on: one consumer of TRIAGE for all pages. A page that was cut off reads its list again. */
export class TriageFeed {
  readonly #deps: { js: JetStreamClient; log: Log }
  readonly #listeners = new Set<(message: TriageMessage) => void>()
  #messages: ConsumerMessages | undefined
  #done: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(deps: { js: JetStreamClient; log: Log }) {
    this.#deps = deps
  }

  start(): void {
    this.#done = this.#readOn()
  }

  /** Calls `listener` with each action until the returned function is called. */
  listen(listener: (message: TriageMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#listeners.clear()
    await this.#messages?.close()
    await this.#done
  }

  async #readOn(): Promise<void> {
    while (!this.#stopped)
      try {
        const consumer = await this.#deps.js.consumers.get(triageStream, {
          deliver_policy: DeliverPolicy.New,
        })
        this.#messages = await consumer.consume()
        for await (const message of this.#messages)
          for (const listener of this.#listeners) listener(message.json<TriageMessage>())
      } catch (error) {
        if (this.#stopped) return
        this.#deps.log.warn({ stream: triageStream, reason: (error as Error).name }, 'reading triage again')
        await delay(500)
      }
  }
}
