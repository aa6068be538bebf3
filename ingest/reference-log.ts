import { DeliverPolicy } from '@nats-io/jetstream'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import {
  historyErrorHeader,
  historySubjects,
  streams,
  type HistoryReference,
  type ReferenceChange,
  type ReferenceRow,
} from './feeds/log-subjects.ts'
import { StoreUnavailable } from './intake/event-log.ts'
import { applyChange, createReference, type Reference } from './reference/reference.ts'

/** The reference data as the log has it, for those who ask the gateway. Nothing is read before the first question. */
export interface ReferenceLog {
  /** With everything that stood in the log when it was asked. Throws {@link StoreUnavailable}. */
  read(): Promise<Reference>
  stop(): void
}

/** One page of rows from the store must come within, ms. */
const answerWithinMs = 10_000

export function createReferenceLog(deps: { nats: Nats; log: Log }): ReferenceLog {
  const { nats, log } = deps
  let following: Promise<Following> | undefined

  async function follow(): Promise<Following> {
    const reference = createReference()
    const { state: stream } = await nats.jsm.streams.info(streams.events)
    // What the log no longer holds is in the store; what it holds is newer.
    if (stream.first_seq > 1) await fromStore(nats, reference)
    const consumer = await nats.js.consumers.get(streams.events, {
      filter_subjects: 'events.reference',
      deliver_policy: DeliverPolicy.All,
    })
    const messages = await consumer.consume({ max_messages: 500 })
    const state = { reference, seq: 0, waiting: new Set<() => void>(), stop: () => messages.stop() }
    void (async () => {
      for await (const message of messages) {
        try {
          applyChange(reference, message.json<ReferenceChange>())
        } catch (error) {
          log.error({ logSeq: message.seq }, 'message is no reference data', error)
        }
        state.seq = message.seq
        for (const wake of state.waiting) wake()
      }
    })()
    return state
  }

  return {
    async read() {
      try {
        following ??= follow()
        const state = await following
        const last = await nats.jsm.streams.getMessage(streams.events, { last_by_subj: 'events.reference' })
        while (state.seq < (last?.seq ?? 0))
          await new Promise<void>((done) => {
            const wake = (): void => {
              state.waiting.delete(wake)
              done()
            }
            state.waiting.add(wake)
          })
        return state.reference
      } catch (cause) {
        following = undefined
        throw cause instanceof StoreUnavailable ? cause : new StoreUnavailable('TIMEOUT', { cause })
      }
    },
    stop: () => void following?.then(({ stop }) => stop()).catch(() => {}),
  }
}

interface Following {
  readonly reference: Reference
  readonly seq: number
  readonly waiting: Set<() => void>
  readonly stop: () => void
}

async function fromStore(nats: Nats, reference: Reference): Promise<void> {
  for (let offset: number | null = 0; offset !== null;) {
    const answer = await nats.connection.request(historySubjects.reference, JSON.stringify({ offset }), {
      timeout: answerWithinMs,
    })
    if (answer.headers?.get(historyErrorHeader)) throw new StoreUnavailable('REFUSED')
    const page = answer.json<HistoryReference>()
    for (const { table, row } of page.rows)
      applyChange(reference, { table, rows: [JSON.parse(row) as ReferenceRow], loggedAt: 0 })
    offset = page.next
  }
}
