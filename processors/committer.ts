import { JetStreamApiError } from '@nats-io/jetstream'
import { streams } from '../ingest/feeds/log-subjects.ts'
import type { Slice } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import type { AlertCommit, AlertRevision } from './alert.ts'

/** Another process owns the slice now: this one must write nothing more and end. */
export class OwnershipLost extends Error {
  readonly code = 'OWNERSHIP_LOST'
}

/** Name of a slice in subjects and heartbeats. */
export const sliceName = ({ index, count }: Slice): string => `${index}-of-${count}`

/**
 * Writes what a slice puts out to the stream ALERTS. One message is one step: revisions and position together, accepted only if
 * nobody else has written to the slice's subject since. So an owner that was paused and taken over cannot write, and a restart
 * knows exactly what is out.
 */
export interface Committer {
  /** The last commit of the slice, whoever wrote it; undefined for a new slice. */
  readonly last: AlertCommit | undefined
  /** Stores a commit; waits and retries while NATS is away. Throws {@link OwnershipLost}. */
  commit(toSeq: number, emitted: number, chain: string, revisions: readonly AlertRevision[]): Promise<void>
}

const wrongLastSequence = 10071

/** Takes the slice over: from here on an earlier owner's commits fail. Throws {@link OwnershipLost} if another was faster. */
export async function takeOver(
  { slice, rules }: { slice: Slice; rules: string },
  deps: { nats: Nats; log: Log },
): Promise<Committer> {
  const { nats, log } = deps
  const subject = `alerts.${sliceName(slice)}`
  const stored = await lastOn(nats, subject)
  const before = stored?.commit
  const epoch = (before?.epoch ?? 0) + 1
  let lastSeq = stored?.seq ?? 0

  async function commit(
    toSeq: number,
    emitted: number,
    chain: string,
    revisions: readonly AlertRevision[],
  ): Promise<void> {
    const message: AlertCommit = { slice: sliceName(slice), epoch, rules, toSeq, emitted, chain, revisions }
    const data = JSON.stringify(message)
    for (let attempt = 1; ; attempt++) {
      try {
        const ack = await nats.js.publish(subject, data, {
          expect: { lastSubjectSequence: lastSeq },
          timeout: 5_000,
        })
        lastSeq = ack.seq
        return
      } catch (error) {
        if (error instanceof JetStreamApiError && error.code === wrongLastSequence) {
          // Our own message may have been stored by an attempt whose answer was lost.
          const now = await lastOn(nats, subject)
          if (now?.commit.epoch === epoch && now.commit.toSeq === toSeq && now.commit.emitted === emitted) {
            lastSeq = now.seq
            return
          }
          throw new OwnershipLost(`Slice ${sliceName(slice)} has another owner.`, { cause: error })
        }
        log.warn({ slice: sliceName(slice), attempt, toSeq }, 'commit not stored, trying again')
        await new Promise((done) => setTimeout(done, Math.min(attempt * 200, 2_000)))
      }
    }
  }

  // The chain of an owner with other rules ends with it: this one's begins at its own first revision.
  const same = before?.rules === rules
  await commit(before?.toSeq ?? 0, same ? before.emitted : 0, same ? before.chain : '', [])
  log.info({ slice: sliceName(slice), epoch, toSeq: before?.toSeq ?? 0 }, 'slice taken over')
  return { last: before, commit }
}

async function lastOn(
  nats: Nats,
  subject: string,
): Promise<{ seq: number; commit: AlertCommit } | undefined> {
  const message = await nats.jsm.streams.getMessage(streams.alerts, { last_by_subj: subject })
  return message === null
    ? undefined
    : { seq: message.seq, commit: JSON.parse(message.string()) as AlertCommit }
}
