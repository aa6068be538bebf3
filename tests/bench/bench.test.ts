import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const promised = [
  'pipeline.eventsPerSecond',
  'pipeline.ratio',
  'engine.eventsPerSecond',
  'engine.bytesPerRecord',
  'archive.rowsPerSecond',
  'ingest.batchEventsPerSecond',
  'ingest.singleEventsPerSecond',
  'latency.p99Ms',
  'recover.ms',
  'dashboard.exploreP95Ms',
  'dashboard.firstChartMs',
  'dashboard.firstLoadKb',
  'dashboard.queueOpenMs',
  'dashboard.timelineMs',
]

it('every benchmark gives its figures, and with --json nothing else', { timeout: 900_000 }, async () => {
  const small = [
    '--json',
    '--keys',
    '20000',
    '--records',
    '20000',
    '--seconds',
    '1',
    '--runs',
    '1',
    '--rows',
    '20000',
  ]
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'all.ts'),
    ...small,
  ])
  const { machine, figures } = JSON.parse(stdout) as Record<string, Record<string, unknown>>
  expect(Object.keys(machine as object)).toEqual(['cpu', 'cores', 'node', 'nats', 'chdb', 'load'])
  for (const name of promised) expect(figures?.[name], name).toSatisfy((value) => Number(value) > 0)
  expect(Object.values(figures as object).every((value) => Number.isFinite(value))).toBe(true)
})
