import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createEngine } from '../../processors/engine/engine.ts'
import { loadRules } from '../../processors/registry.ts'
import { readBatch } from '../../ingest/feeds/arrow-batch.ts'
import { medians, runCommand, type Bench, type BenchOptions, type Figures } from './command.ts'
import { logMessage, recordsForAllKeys } from './records.ts'

/** Rows of a batch as the worker cuts them under load. */
const rows = 5_000

/** From the bytes of the log to findings, all detectors present, in a process of its own. */
export const bench: Bench = (options) => medians(options, () => inOwnProcess(options))

async function inOwnProcess({ keys, records }: BenchOptions): Promise<Figures> {
  const child = fork(import.meta.filename, ['run', String(keys), String(records)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [figures] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('The engine ended before it had figures.')
    }),
  ])) as [Figures]
  child.kill('SIGTERM')
  return figures
}

/** Fills the histories until each key has come up, then measures; batches are made between, outside the clock. */
async function run(keys: number, records: number): Promise<Figures> {
  const engine = createEngine({
    slice: { index: 1, count: 1 },
    rules: await loadRules(),
    timeZone: 'Asia/Bangkok',
  })
  const fill = recordsForAllKeys(keys)
  const total = Math.max(records, fill * 2)
  const population = { keys, from: Date.UTC(2026, 0, 5) }
  let message = 0
  let seq = 1
  let revisions = 0
  let worstMs = 0

  const take = (upTo: number): { seconds: number; cpuSeconds: number } => {
    let ms = 0
    let cpu = 0
    while (message * rows < upTo) {
      const chunk: Uint8Array[] = []
      while (chunk.length < 20 && message * rows < upTo) chunk.push(logMessage(message++, population, rows))
      const before = process.cpuUsage()
      const started = performance.now()
      for (const bytes of chunk) {
        const from = performance.now()
        revisions += engine.take({ kind: 'batch', batch: readBatch(bytes) }, seq++).length
        worstMs = Math.max(worstMs, performance.now() - from)
      }
      const at = population.from + message * rows * 48
      revisions += engine.take({ kind: 'tick', tick: { at } }, seq++).length
      ms += performance.now() - started
      const { user, system } = process.cpuUsage(before)
      cpu += user + system
    }
    return { seconds: ms / 1000, cpuSeconds: cpu / 1e6 }
  }
  take(fill)
  const measuredFrom = message * rows
  worstMs = 0
  const { seconds, cpuSeconds } = take(total)
  const measured = message * rows - measuredFrom
  const size = engine.size
  return {
    eventsPerSecond: measured / seconds,
    cpuMicrosecondsPerEvent: (cpuSeconds / measured) * 1e6,
    bytesPerRecord: size.bytes / size.records,
    worstPauseMs: worstMs,
    keys: size.keys,
    records: size.records,
    revisions,
  }
}

if (import.meta.main) {
  const [, , mode, keys, records] = process.argv
  if (mode === 'run') process.send?.(await run(Number(keys), Number(records)))
  else void runCommand('engine')
}
