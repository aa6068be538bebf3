import { streamSettings } from '../../ingest/streams.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, ensureStreams } from '../../platform/nats.ts'
import { parseSlice } from '../../platform/config.ts'
import { startProcessor } from '../../processors/processor.ts'
import { codeFingerprint } from '../../processors/registry.ts'
import { createStopWatch } from './stop-watch.ts'
import { parts, rulesOf } from './worlds.ts'

/**
 * The processor of a scoreboard: the real one, with a stop-watch around every detector. NATS_URL, SLICE, SNAPSHOTS and PART come from
 * the environment; what it has done goes to the parent as {@link Progress}, several times a second.
 */
export interface Progress {
  /** Last EVENTS sequence that was evaluated; NaN when revisions are still on their way. */
  readonly seq: number
  /** CPU time of the whole process, ms. */
  readonly cpuMs: number
  /** CPU time in `evaluate` by detector, ms. */
  readonly evaluateMs: Readonly<Record<string, number>>
}

const watch = createStopWatch()
const nats = await connectNats(process.env['NATS_URL'] ?? '', { log: silentLog, name: 'scoreboard' })
await ensureStreams(nats, streamSettings(), 1)
const processor = await startProcessor(
  {
    slice: parseSlice(process.env['SLICE'] ?? '1/1'),
    rules: (await rulesOf(parts.find((part) => part === process.env['PART']))).map(watch.timed),
    code: await codeFingerprint(),
    timeZone: 'Asia/Bangkok',
    snapshotFolder: process.env['SNAPSHOTS'] ?? '',
    snapshotEvery: 40_000,
  },
  { nats, log: silentLog },
)
processor.done.catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
})
const timer = setInterval(() => {
  const { seq, waiting, committedSeq } = processor.status()
  const { user, system } = process.cpuUsage()
  const progress: Progress = { seq: waiting > 0 && committedSeq < seq ? NaN : seq, cpuMs: (user + system) / 1_000, evaluateMs: watch.evaluateMs }
  process.send?.(progress)
}, 100) // prettier-ignore
process.once('SIGTERM', () => {
  clearInterval(timer)
  void processor.stop().then(() => nats.close()).then(() => process.exit(0))
}) // prettier-ignore
process.once('disconnect', () => process.exit(0))
