import type { CountedVolume, ReferenceChange, ReferenceRow } from '../../../ingest/feeds/log-subjects.ts'
import type { AlertRevision } from '../../../processors/alert.ts'
import type { Detector } from '../../../processors/detector.ts'
import { createEngine } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'

const hour = 3_600_000
const day = 24 * hour

/** Feeds totals as they would have come, each day's after its end, with a tick an hour later; gives the alerts that stand. */
export function standingAfter(
  detector: unknown,
  params: Readonly<Record<string, unknown>>,
  volumes: readonly CountedVolume[],
  tables: Readonly<Partial<Record<ReferenceChange['table'], readonly ReferenceRow[]>>> = {},
): AlertRevision[] {
  const engine = createEngine({
    slice: { index: 1, count: 1 },
    rules: [createRule(detector as Detector, params)],
    timeZone: 'Asia/Bangkok',
  })
  let seq = 0
  for (const [table, rows] of Object.entries(tables))
    engine.take(
      { kind: 'reference', change: { table: table as ReferenceChange['table'], rows, loggedAt: 0 } },
      ++seq,
    )
  const byDay = Map.groupBy(volumes, ({ at }) => Math.floor(at / day))
  const days = [...byDay.keys()].sort((a, b) => a - b)
  for (let number = days[0] as number; number <= (days.at(-1) as number) + 3; number++) {
    const rows = byDay.get(number) ?? []
    if (rows.length > 0)
      engine.take({ kind: 'volumes', volumes: { source: 'test', rows, loggedAt: 0 } }, ++seq)
    engine.take({ kind: 'tick', tick: { at: (number + 2) * day } }, ++seq)
  }
  return engine.open().sort((a, b) => a.startAt - b.startAt || (a.key < b.key ? -1 : 1))
}
