import { DeliverPolicy } from '@nats-io/jetstream'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import { streams } from './feeds/log-subjects.ts'
import { publishReference } from './gateway/reference.ts'
import type { EventLog } from './intake/event-log.ts'
import { shippedTables, type ReferenceTables } from './reference/read-csv.ts'

/**
 * Puts the tables that come with the product into the log, where it does not have them yet: publishing them at each start
 * would undo what an operator has changed since, as of two rows with one id and start the later counts.
 */
export async function publishReferenceTables(
  tables: ReferenceTables,
  deps: { nats: Nats; eventLog: EventLog; log: Log; now: () => number },
): Promise<void> {
  const known = await publishedIds(deps.nats)
  for (const table of shippedTables)
    await publishReference(deps.eventLog, table, tables[table], deps.now(), (id) => known.has(id))
  const rows = shippedTables.reduce((sum, table) => sum + tables[table].length, 0)
  deps.log.info({ rows }, 'reference data is in the log')
}

/** Message ids of all reference data in the log. */
async function publishedIds(nats: Nats): Promise<Set<string>> {
  const ids = new Set<string>()
  const consumer = await nats.js.consumers.get(streams.events, {
    filter_subjects: 'events.reference',
    deliver_policy: DeliverPolicy.All,
    headers_only: true,
  })
  const { num_pending: pending } = await consumer.info()
  if (pending === 0) return ids
  const messages = await consumer.consume({ max_messages: 500 })
  for await (const message of messages) {
    ids.add(message.headers?.get('Nats-Msg-Id') ?? '')
    if (message.info.pending === 0) break
  }
  return ids
}
