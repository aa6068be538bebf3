import { readBatches } from '../ingest/feeds/arrow-batch.ts'
import {
  historyErrorHeader,
  historySubjects,
  tableNames,
  type HistoryPlan,
  type HistoryReference,
  type ReferenceRow,
} from '../ingest/feeds/log-subjects.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import type { Engine } from './engine/engine.ts'

/** The archive gave no histories: nobody answered, or it could not. */
export class NoHistory extends Error {
  readonly code = 'NO_HISTORY'
}

/** A part may wait behind charts in an embedded store. */
const answerWithinMs = 60_000

/**
 * Fills an engine that has taken nothing yet with what the store holds, and gives the log sequence up to which that is whole;
 * the log is read on from there. What is met twice changes nothing. Throws {@link NoHistory}.
 *
 * @param from events that end before this (ms UTC) are left out
 * @param logId the log that the processor reads; another log's sequences mean nothing
 */
export async function rebuild(
  engine: Engine,
  { from, logId }: { from: number; logId: number },
  { nats, log }: { nats: Nats; log: Log },
): Promise<number> {
  const started = performance.now()
  const plan = await ask(nats, historySubjects.plan, { from }).then(
    (answer) => JSON.parse(decoder.decode(answer)) as HistoryPlan,
  )
  if (plan.logId !== logId) throw new NoHistory('The archive holds another log than the one that is read.')
  for (let offset: number | null = 0; offset !== null;) {
    const page = JSON.parse(
      decoder.decode(await ask(nats, historySubjects.reference, { offset })),
    ) as HistoryReference
    for (const table of tableNames) {
      const rows = page.rows
        .filter((row) => row.table === table)
        .map(({ row }) => JSON.parse(row) as ReferenceRow)
      if (rows.length > 0) engine.take({ kind: 'reference', change: { table, rows, loggedAt: 0 } }, plan.seq)
    }
    offset = page.next
  }
  let rows = 0
  for (const part of plan.parts)
    for (const batch of readBatches(await ask(nats, historySubjects.part, part), part.feed)) {
      engine.take({ kind: 'batch', batch }, plan.seq)
      rows += batch.rows
    }
  log.info(
    { rows, toSeq: plan.seq, ms: Math.round(performance.now() - started) },
    'histories built from the store',
  )
  return plan.seq
}

const decoder = new TextDecoder()

async function ask(nats: Nats, subject: string, question: object): Promise<Uint8Array> {
  const answer = await nats.connection
    .request(subject, JSON.stringify(question), { timeout: answerWithinMs })
    .catch((cause: unknown) => {
      throw new NoHistory(`No archive answers on ${subject}.`, { cause })
    })
  const error = answer.headers?.get(historyErrorHeader)
  if (error) throw new NoHistory(`The archive could not answer on ${subject}: ${error}.`)
  return answer.data
}
