import { BatchWriter } from '../../ingest/feeds/arrow-batch.ts'
import { cellsOf, type TestEvent } from './events.ts'

/** Messages of the log that hold the events in their order, `rowsEach` rows at most: subject and bytes. */
export function messagesOf(
  events: readonly TestEvent[],
  rowsEach: number,
): [subject: string, data: Uint8Array][] {
  const messages: [string, Uint8Array][] = []
  let writer: BatchWriter | undefined
  const flush = (): void => {
    if (writer !== undefined && writer.rows > 0) messages.push([`events.${writer.feed}`, writer.finish()])
  }
  for (const event of events) {
    if (writer === undefined || writer.feed !== event.feed || writer.rows >= rowsEach) {
      flush()
      writer = new BatchWriter(event.feed)
    }
    writer.append(cellsOf(event))
  }
  flush()
  return messages
}
