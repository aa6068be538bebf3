import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { JetStreamClient } from '@nats-io/jetstream'
import triageAction from '../../sql/queries/triage-action.ts'
import { triageSubject, type TriageMessage } from '../../sql/triage-message.ts'
import { Problem } from './problem.ts'
import type { Reader } from './reader.ts'

const readableMs = 3_000

const blank = {
  alertIds: [],
  value: '',
  reason: '',
  comment: '',
  undoOf: '',
  rule: '',
  keyspace: '',
  key: '',
  site: '',
  expiresAt: 0,
}

export type Draft = Pick<TriageMessage, 'action' | 'actor' | 'role' | 'at'> & Partial<TriageMessage>

/** Writes actions to the TRIAGE stream, and waits until the archive has made them readable. */
export interface TriageLog {
  /** Throws Problem 503 when the stream does not take it; `readable` is false when the archive is late. */
  write(draft: Draft): Promise<{ actionId: string; readable: boolean }>
}

export function createTriageLog(deps: { js: JetStreamClient; reader: Reader }): TriageLog {
  return {
    async write(draft) {
      const message: TriageMessage = {
        ...blank,
        ...draft,
        actionId: draft.actionId ?? randomBytes(8).toString('hex'),
      }
      const { actionId, action } = message
      try {
        await deps.js.publish(triageSubject(action), JSON.stringify(message), { msgID: actionId })
      } catch {
        throw new Problem(503, {
          code: 'LOG_UNREACHABLE',
          message: 'The action could not be stored.',
          fix: 'Try again in a few seconds with the same actionId: it is never done twice.',
        })
      }
      const until = performance.now() + readableMs
      while (performance.now() < until) {
        if ((await deps.reader.rows(triageAction, { action_id: actionId })).length > 0)
          return { actionId, readable: true }
        await delay(20)
      }
      return { actionId, readable: false }
    },
  }
}
