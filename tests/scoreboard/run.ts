import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DeliverPolicy } from '@nats-io/jetstream'
import { streams, type ReferenceChange } from '../../ingest/feeds/log-subjects.ts'
import { streamSettings } from '../../ingest/streams.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../platform/nats.ts'
import type { AlertCommit, AlertRevision } from '../../processors/alert.ts'
import { startNats } from '../support/nats-server.ts'
import { until } from '../support/until.ts'
import { beforeMs, playWorld, timeline, type PlayOptions } from './play.ts'
import type { Progress } from './processor.ts'
import type { Measured } from './score.ts'
import { createSender } from './sender.ts'
import { defaultFrom, type Part } from './worlds.ts'

export interface RunOptions extends PlayOptions {
  /** How often the processors are killed (-9) on the way. */
  readonly kills?: number
  readonly slices?: number
}

export interface RunResult extends Measured {
  readonly events: number
  readonly seconds: number
  readonly kills: number
  readonly cpuMs: number
  /** What went to the reference desk, as the log has it, without the tables that come with the product. */
  readonly changes: readonly ReferenceChange[]
}

/**
 * Runs a world through the real thing: intake, EVENTS on a NATS server, a processor in a process of its own, ALERTS. Time is the
 * world's: the log is what it would be if the world had been sent live.
 */
export async function runWorld(options: RunOptions): Promise<RunResult> {
  const { from = defaultFrom, kills = 0, slices = 1 } = options
  const started = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'daan-scoreboard-'))
  const server = await startNats()
  const nats = await connectNats(server.url, { log: silentLog, name: 'scoreboard' })
  const processors: Slice[] = []
  try {
    await ensureStreams(nats, streamSettings(), 1)
    for (let index = 1; index <= slices; index++)
      processors.push(
        new Slice(server.url, `${index}/${slices}`, join(folder, `${index}-of-${slices}`), options.part),
      )
    const sender = await createSender(nats, { from: from - beforeMs })
    const tablesAt = (await nats.jsm.streams.info(streams.events)).state.last_seq
    let killed = 0
    const played = await playWorld(
      {
        ...options,
        onProgress: async (done) => {
          await options.onProgress?.(done)
          if (killed >= kills || done <= (killed + 1) / (kills + 1)) return
          for (const one of processors) await one.kill()
          killed++
        },
      },
      (...step) => sender.step(...step),
    )
    const { lastSeq, ticks } = await sender.end()
    for (const one of processors) await one.reach(lastSeq)
    const total = processors.map(({ progress }) => progress)
    const cpuMs = total.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
    return {
      ...played,
      revisions: await allRevisions(nats),
      timeOf: timeline(ticks),
      cpuShare: (id) => total.reduce((sum, { evaluateMs }) => sum + (evaluateMs[id] ?? 0), 0) / cpuMs,
      events: sender.accepted,
      seconds: (performance.now() - started) / 1000,
      kills: killed,
      cpuMs,
      changes: await changesIn(nats, tablesAt),
    }
  } finally {
    for (const one of processors) await one.stop()
    await nats.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** A processor as a process of its own, with what it last said. */
class Slice {
  readonly #env: Record<string, string>
  #child: ChildProcess
  #said = ''
  progress: Progress = { seq: NaN, cpuMs: 0, evaluateMs: {} }

  constructor(url: string, slice: string, snapshots: string, part?: Part) {
    this.#env = { NATS_URL: url, SLICE: slice, SNAPSHOTS: snapshots, PART: part ?? '' }
    this.#child = this.#start()
  }

  #start(): ChildProcess {
    const program = fileURLToPath(new URL('processor.ts', import.meta.url))
    const child = fork(program, [], {
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    child.stderr?.on('data', (chunk: Buffer) => (this.#said = (this.#said + String(chunk)).slice(-4_000)))
    child.on('message', (progress) => (this.progress = progress as Progress))
    return child
  }

  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
    this.#child = this.#start()
  }

  async reach(seq: number): Promise<void> {
    await until(
      'the processor to have read the log',
      () => {
        if (this.#child.exitCode !== null) throw new Error(this.#said)
        return this.progress.seq >= seq
      },
      3_600_000,
    )
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await gone
  }
}

/** Changes of reference data behind `afterSeq`. */
async function changesIn(nats: Nats, afterSeq: number): Promise<ReferenceChange[]> {
  const changes: ReferenceChange[] = []
  const consumer = await nats.js.consumers.get(streams.events, {
    filter_subjects: 'events.reference',
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: afterSeq + 1,
  })
  if ((await consumer.info()).num_pending === 0) return changes
  for await (const message of await consumer.consume()) {
    changes.push(message.json<ReferenceChange>())
    if (message.info.pending === 0) break
  }
  return changes
}

async function allRevisions(nats: Nats): Promise<AlertRevision[]> {
  const { state } = await nats.jsm.streams.info(streams.alerts)
  const revisions: AlertRevision[] = []
  if (state.messages === 0) return revisions
  const consumer = await nats.js.consumers.get(streams.alerts, { deliver_policy: DeliverPolicy.All })
  for await (const message of await consumer.consume()) {
    revisions.push(...message.json<AlertCommit>().revisions)
    if (message.seq >= state.last_seq) break
  }
  return revisions
}
