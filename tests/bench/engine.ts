import { fork } from 'node:child_process'
import { once } from 'node:events'
import { largePages } from '../../platform/large-pages.ts'
import { createEngine, type Message } from '../../processors/engine/engine.ts'
import { inTurns } from '../../processors/turns.ts'
import { loadRules } from '../../processors/registry.ts'
import { readBatch } from '../../ingest/feeds/arrow-batch.ts'
import { readReference, shippedTables } from '../../ingest/reference/read-csv.ts'
import { medians, runCommand, type Bench, type BenchOptions, type Figures } from './command.ts'
import { createLogWriter, worldInput, type LogBatch } from './input.ts'

/** From the bytes of the log to findings, all detectors present, in a process of its own. */
export const bench: Bench = (options) => medians(options, () => inOwnProcess(options))

async function inOwnProcess({ keys, records }: BenchOptions): Promise<Figures> {
  const child = fork(import.meta.filename, ['run', String(keys), String(records)], {
    env: { ...process.env, ...largePages },
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

/** World time between two ticks, ms. */
const tickMs = 60_000

/**
 * Fills the histories until as many keys have come, then measures. Batches are made between, outside the clock; ticks follow the time of the
 * world.
 */
async function run(keys: number, records: number): Promise<Figures> {
  const engine = createEngine({
    slice: { index: 1, count: 1 },
    rules: await loadRules(),
    timeZone: 'Asia/Bangkok',
  })
  const tables = readReference()
  let seq = 0
  for (const table of shippedTables)
    engine.take({ kind: 'reference', change: { table, rows: tables[table], loggedAt: 0 } }, ++seq)

  const toLog = createLogWriter()
  let [ticked, revisions, worstMs, worstTickMs] = [NaN, 0, 0, 0]
  const measured = { events: 0, ms: 0, cpu: 0 }
  let filled = false
  let all = 0
  /** Has the engine take a message as the processor does, and gives the longest time without a turn for others, ms. */
  const pauseOf = async (message: Message): Promise<number> => {
    let [since, worst] = [performance.now(), 0]
    const turn = async (): Promise<void> => {
      const now = performance.now()
      worst = Math.max(worst, now - since)
      since = now
    }
    revisions += (await inTurns(engine.takeInParts(message, ++seq), turn)).length
    await turn()
    return worst
  }
  /** A chunk of the log at a time: reading the CPU clock costs as much as a few events. */
  const take = async (chunk: readonly LogBatch[]): Promise<void> => {
    const before = process.cpuUsage()
    const started = performance.now()
    for (const { bytes, sentAt } of chunk) {
      worstMs = Math.max(worstMs, await pauseOf({ kind: 'batch', batch: readBatch(bytes) }))
      if (Number.isNaN(ticked)) ticked = sentAt
      for (; ticked + tickMs <= sentAt; ticked += tickMs)
        worstTickMs = Math.max(worstTickMs, await pauseOf({ kind: 'tick', tick: { at: ticked } }))
    }
    const { user, system } = process.cpuUsage(before)
    const events = chunk.reduce((sum, { rows }) => sum + rows, 0)
    all += events
    if (!filled) return
    measured.ms += performance.now() - started
    measured.cpu += user + system
    measured.events += events
  }

  const wanted = records > 0 ? records : keys
  let chunk: LogBatch[] = []
  for await (const message of worldInput(keys)) {
    const batch = toLog(message)
    if (batch !== undefined) chunk.push(batch)
    if (chunk.length < 20) continue
    await take(chunk)
    chunk = []
    if (!filled && engine.size.keys >= keys) {
      filled = true
      ;[worstMs, worstTickMs, revisions] = [0, 0, 0]
    }
    if (measured.events >= wanted) break
  }
  if (measured.events === 0) throw new RangeError('The world has too few days to bring so many keys.')
  const size = engine.size
  return {
    eventsPerSecond: (measured.events / measured.ms) * 1000,
    cpuMicrosecondsPerEvent: measured.cpu / measured.events,
    bytesPerRecord: size.bytes / size.records,
    worstPauseMs: worstMs,
    worstTickMs,
    keys: size.keys,
    records: size.records,
    events: measured.events,
    before: all - measured.events,
    revisions,
  }
}

if (import.meta.main) {
  const [, , mode, keys, records] = process.argv
  if (mode === 'run') process.send?.(await run(Number(keys), Number(records)))
  else void runCommand('engine')
}
