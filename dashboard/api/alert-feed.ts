import {
  DeliverPolicy,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream'
import { setTimeout as delay } from 'node:timers/promises'
import { streams } from '../../ingest/feeds/log-subjects.ts'
import type { Log } from '../../platform/log.ts'
import type { AlertCommit, AlertRevision } from '../../processors/alert.ts'

/** Place in the ALERTS stream: message, and revision within it. A bare message stands for all of its revisions. */
export interface Position {
  readonly seq: number
  readonly index: number
}

export const formatPosition = ({ seq, index }: Position): string =>
  index === Infinity ? `${seq}` : `${seq}.${index}`

/** Parses `12` or `12.3`; undefined when it is neither. */
export function parsePosition(text: string | undefined): Position | undefined {
  const [, seq, index] = /^(\d{1,15})(?:\.(\d{1,9}))?$/.exec(text ?? '') ?? []
  return seq === undefined
    ? undefined
    : { seq: Number(seq), index: index === undefined ? Infinity : Number(index) }
}

const isAfter = (a: Position, b: Position): boolean => a.seq > b.seq || (a.seq === b.seq && a.index > b.index)

/** What a listener is told. `missed`: revisions between its position and the next one are not remembered any more. */
export type FeedEvent =
  | { readonly kind: 'revision'; readonly position: Position; readonly revision: AlertRevision }
  | { readonly kind: 'missed' }

interface Remembered {
  readonly position: Position
  readonly revision: AlertRevision
}

/**
 * The live alerts: one ordered consumer of ALERTS for all listeners, and the latest revisions in memory, so that a listener
 * that was cut off for a while goes on where it was.
 */
export class AlertFeed {
  readonly #deps: { js: JetStreamClient; jsm: JetStreamManager; log: Log }
  readonly #keep: number
  readonly #listeners = new Set<(event: FeedEvent) => void>()
  #recent: Remembered[] = []
  /** Everything after this is in memory; positions before it are too old to resume from. */
  #floor: Position = { seq: 0, index: Infinity }
  #seq = 0
  #messages: ConsumerMessages | undefined
  #done: Promise<void> = Promise.resolve()
  #stopped = false

  /** `keep`: revisions that are remembered. */
  constructor(options: { keep?: number }, deps: { js: JetStreamClient; jsm: JetStreamManager; log: Log }) {
    this.#keep = options.keep ?? 2000
    this.#deps = deps
  }

  /** Begins to read, a few thousand messages back. Throws when the stream is not there. */
  async start(): Promise<void> {
    const { state } = await this.#deps.jsm.streams.info(streams.alerts)
    const from = Math.max(state.first_seq, state.last_seq - 5000, 1)
    this.#floor = { seq: from - 1, index: Infinity }
    this.#seq = from - 1
    this.#done = this.#readOn()
  }

  get listeners(): number {
    return this.#listeners.size
  }

  /** Calls `listener` with what comes after `after` (undefined: from now on) until the returned function is called. */
  async listen(after: Position | undefined, listener: (event: FeedEvent) => void): Promise<() => void> {
    let from = after
    if (from !== undefined && from.seq > this.#seq) {
      // Ahead of this reader: by a moment, or because the stream was made anew.
      if (from.seq > (await this.#lastSeq())) from = undefined
    } else if (from !== undefined && isAfter(this.#floor, from)) from = undefined
    if (after !== undefined && from === undefined) listener({ kind: 'missed' })
    const passOn = (event: FeedEvent): void => {
      if (event.kind === 'missed' || from === undefined || isAfter(event.position, from)) listener(event)
    }
    if (from !== undefined) for (const remembered of this.#recent) passOn({ kind: 'revision', ...remembered })
    this.#listeners.add(passOn)
    return () => this.#listeners.delete(passOn)
  }

  /**
   * Where a listener goes on that knows everything which the store has, the store having alerts up to message `storedSeq`:
   * as late as can be, since messages without revisions pass too and old positions are forgotten. A stream that was made anew has
   * no such message: then where this reader is.
   */
  async positionOf(storedSeq: number): Promise<string> {
    const ahead = storedSeq > this.#seq && storedSeq > (await this.#lastSeq())
    const seq = ahead ? this.#seq : storedSeq
    const stored = { seq, index: Infinity }
    const last = this.#recent.at(-1)?.position ?? this.#floor
    const known = isAfter(last, stored) ? stored : { seq: Math.max(this.#seq, seq), index: Infinity }
    return formatPosition(isAfter(this.#floor, known) ? this.#floor : known)
  }

  async #lastSeq(): Promise<number> {
    const { state } = await this.#deps.jsm.streams.info(streams.alerts)
    return state.last_seq
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#listeners.clear()
    await this.#messages?.close()
    await this.#done
  }

  /** Reads until stopped; a consumer that ends (its server was restarted, its state lost) is made again at the right place. */
  async #readOn(): Promise<void> {
    while (!this.#stopped)
      try {
        const consumer = await this.#deps.js.consumers.get(streams.alerts, {
          deliver_policy: DeliverPolicy.StartSequence,
          opt_start_seq: this.#seq + 1,
        })
        this.#messages = await consumer.consume({ max_messages: 500 })
        await this.#read(this.#messages)
      } catch (error) {
        if (this.#stopped) return
        this.#deps.log.warn({ stream: streams.alerts, reason: (error as Error).name }, 'reading alerts again')
        await delay(500)
      }
  }

  async #read(messages: ConsumerMessages): Promise<void> {
    for await (const message of messages) {
      if (message.seq <= this.#seq) continue
      this.#seq = message.seq
      let commit: AlertCommit
      try {
        commit = message.json<AlertCommit>()
      } catch (error) {
        this.#deps.log.error(
          { stream: streams.alerts, logSeq: message.seq },
          'alert message unreadable',
          error,
        )
        continue
      }
      commit.revisions.forEach((revision, index) =>
        this.#take({ position: { seq: message.seq, index }, revision }),
      )
    }
  }

  #take(remembered: Remembered): void {
    this.#recent.push(remembered)
    // Cut in halves, since a shift for each would move the whole list.
    if (this.#recent.length > this.#keep * 2) {
      const dropped = this.#recent.splice(0, this.#recent.length - this.#keep)
      this.#floor = (dropped.at(-1) as Remembered).position
    }
    for (const listener of this.#listeners) listener({ kind: 'revision', ...remembered })
  }
}
