import { readBatches } from '../ingest/feeds/arrow-batch.ts'
import type { FeedName } from '../ingest/feeds/layout.ts'
import {
  historyErrorHeader,
  historySubjects,
  tableNames,
  type HistoryCounted,
  type HistoryPlan,
  type HistoryReference,
  type ReferenceRow,
} from '../ingest/feeds/log-subjects.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import type { Engine } from './engine/engine.ts'
import { inTurns } from './turns.ts'

/** The archive gave no histories: nobody answered, or it could not. */
export class NoHistory extends Error {
  readonly code = 'NO_HISTORY'
}

export interface RebuildRange {
  readonly from: Readonly<Partial<Record<FeedName, number>>>
  readonly timeAt: (seq: number) => Promise<number>
  readonly logId: number
}

/** A part may wait behind charts in an embedded store. */
const answerWithinMs = 60_000

/**
 * Fills an engine that has taken nothing yet with what the store holds, and gives the log sequence up to which that is whole;
 * the log is read on from there. What is met twice changes nothing. Throws {@link NoHistory}.
 *
 * @param from what ends before this is left out, by feed, ms UTC
 * @param timeAt the time that it was at a sequence of the log, ms UTC
 * @param logId the log that the processor reads; another log's sequences mean nothing
 */
export async function rebuild(
  engine: Engine,
  { from, timeAt, logId }: RebuildRange,
  { nats, log }: { nats: Nats; log: Log },
): Promise<number> {
  const started = performance.now()
  const plan = await ask(nats, historySubjects.plan, { from }).then(
    (answer) => JSON.parse(decoder.decode(answer)) as HistoryPlan,
  )
  if (plan.logId !== logId) throw new NoHistory('The archive holds another log than the one that is read.')
  engine.rebuildAt(await timeAt(plan.seq))
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
  for (let offset: number | null = 0; offset !== null;) {
    const page = JSON.parse(
      decoder.decode(await ask(nats, historySubjects.counted, { offset })),
    ) as HistoryCounted
    engine.take({ kind: 'volumes', volumes: { source: '', rows: page.rows, loggedAt: 0 } }, plan.seq)
    offset = page.next
  }
  let rows = 0
  for (const part of plan.parts)
    for (const batch of readBatches(await ask(nats, historySubjects.part, part), part.feed)) {
      await inTurns(engine.takeInParts({ kind: 'batch', batch }, plan.seq))
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
