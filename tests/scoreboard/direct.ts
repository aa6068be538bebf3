import { BatchWriter, readBatch } from '../../ingest/feeds/arrow-batch.ts'
import { place } from '../../ingest/feeds/event-row.ts'
import { feedNames } from '../../ingest/feeds/layout.ts'
import type { ReferenceChange } from '../../ingest/feeds/log-subjects.ts'
import { judge } from '../../ingest/intake/judge.ts'
import { readReference, shippedTables } from '../../ingest/reference/read-csv.ts'
import { worldSources, type RawRecord } from '../../ingest/world/sent.ts'
import type { FeedName } from '../../ingest/feeds/layout.ts'
import type { AlertRevision } from '../../processors/alert.ts'
import { createEngine } from '../../processors/engine/engine.ts'
import type { Rule } from '../../processors/rule.ts'
import { playWorld, timeline, type PlayOptions } from './play.ts'
import { pseudonyms } from './pseudonyms.ts'
import { rowsOfNotice } from './notices.ts'
import { createStopWatch } from './stop-watch.ts'
import type { Measured } from './score.ts'
import { rulesOf } from './worlds.ts'

export interface DirectResult extends Measured {
  readonly events: number
  /** What went to the reference desk after the tables that come with the product. */
  readonly changes: readonly ReferenceChange[]
  /** What stands in the end. */
  readonly open: readonly AlertRevision[]
}

/**
 * A world through judge, batches and engine without a server: the same messages as {@link runWorld} writes, so the same revisions.
 * `change` may alter each record before it is judged.
 */
export async function runDirect(
  options: PlayOptions,
  deps: { rules?: readonly Rule[]; change?: (record: RawRecord, feed: FeedName) => RawRecord } = {},
): Promise<DirectResult> {
  const { rules = await rulesOf(options.part), change = (record) => record } = deps
  const watch = createStopWatch()
  const engine = createEngine({
    slice: { index: 1, count: 1 },
    rules: rules.map(watch.timed),
    timeZone: 'Asia/Bangkok',
  })
  const revisions: AlertRevision[] = []
  const changes: ReferenceChange[] = []
  const ticks: { seq: number; at: number }[] = []
  let seq = 0
  let events = 0
  let cpuMs = 0
  const take = (message: Parameters<typeof engine.take>[0]): void => {
    const before = process.threadCpuUsage()
    for (const revision of engine.take(message, ++seq)) revisions.push(revision)
    const { user, system } = process.threadCpuUsage(before)
    cpuMs += (user + system) / 1_000
  }
  const tables = readReference()
  for (const table of shippedTables)
    take({ kind: 'reference', change: { table, rows: tables[table], loggedAt: 0 } })

  const played = await playWorld(options, async (at, records, notices) => {
    for (const feed of feedNames) {
      const writer = new BatchWriter(feed)
      for (const record of records[feed] ?? []) {
        const bytes = Buffer.from(JSON.stringify(change(record, feed)))
        const row = judge(feed, bytes, 0, bytes.length, { source: worldSources[feed], now: at, pseudonyms })
        if (!('cells' in row)) continue
        row.cells[place.batch] = BigInt(seq + 1)
        writer.append(row.cells)
        events++
      }
      if (writer.rows > 0) take({ kind: 'batch', batch: readBatch(writer.finish()) })
    }
    for (const notice of notices)
      for (const { table, rows } of rowsOfNotice(notice)) {
        const change = { table, rows, loggedAt: at }
        changes.push(change)
        take({ kind: 'reference', change })
      }
    ticks.push({ seq: seq + 1, at })
    take({ kind: 'tick', tick: { at } })
  })
  return {
    ...played,
    revisions,
    timeOf: timeline(ticks),
    cpuShare: (id) => (watch.evaluateMs[id] ?? 0) / cpuMs,
    events,
    changes,
    open: engine.open(),
  }
}
