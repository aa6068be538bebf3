import { JetStreamApiError, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream'
import { auditStream } from '../../ingest/streams.ts'
import type { AuditMessage } from '../../sql/audit-message.ts'
import { beginning, hashOf } from './audit-chain.ts'
import { Problem } from './problem.ts'

export type AuditDraft = Omit<AuditMessage, 'number' | 'at' | 'previous' | 'hash'>

/** Writes down who looks at whom, before anything is shown. */
export interface AuditLog {
  /** Throws Problem 503 when the entry cannot be stored: then nothing may be shown. */
  write(draft: AuditDraft): Promise<AuditMessage>
  /** Number of the newest entry of the log; 0: there is none. Throws when the log cannot be reached. */
  newest(): Promise<number>
}

const attempts = 20

/**
 * The audit journal in the AUDIT stream, a chain of hashes. Several dashboards may write to it: an entry is taken only if it follows the
 * last one (expected last sequence of the stream), else it is chained anew to what came between.
 */
export function createAuditLog(deps: {
  js: JetStreamClient
  jsm: JetStreamManager
  wall?: () => number
}): AuditLog {
  const wall = deps.wall ?? Date.now
  let last: { seq: number; number: number; hash: string } | undefined
  let writing: Promise<unknown> = Promise.resolve()

  async function append(draft: AuditDraft): Promise<AuditMessage> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      last ??= await readLast()
      const entry = { ...draft, number: last.number + 1, at: wall(), previous: last.hash }
      const message: AuditMessage = { ...entry, hash: hashOf(entry) }
      try {
        const { seq } = await deps.js.publish(`audit.${draft.act}`, JSON.stringify(message), {
          expect: { lastSequence: last.seq },
        })
        last = { seq, number: message.number, hash: message.hash }
        return message
      } catch (error) {
        last = undefined
        if (!(error instanceof JetStreamApiError)) throw error
      }
    }
    throw new Error('The audit journal is being written to by too many at once.')
  }

  async function readLast(): Promise<{ seq: number; number: number; hash: string }> {
    const { state } = await deps.jsm.streams.info(auditStream)
    if (state.last_seq === 0) return { seq: 0, number: 0, hash: beginning }
    const stored = await deps.jsm.streams.getMessage(auditStream, { seq: state.last_seq })
    if (stored === null) throw new Error('The last entry of the audit journal is gone.')
    const { number, hash } = stored.json<AuditMessage>()
    return { seq: state.last_seq, number, hash }
  }

  return {
    newest: async () => (await readLast()).number,
    write(draft) {
      const written = writing
        .then(() => append(draft))
        .catch(() => {
          throw new Problem(503, {
            code: 'AUDIT_UNREACHABLE',
            message: 'The look could not be written down, so nothing is shown.',
            fix: 'Try again in a few seconds; /health/ready says what is missing.',
          })
        })
      writing = written.catch(() => {})
      return written
    },
  }
}
