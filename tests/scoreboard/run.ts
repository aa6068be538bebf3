import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DeliverPolicy } from '@nats-io/jetstream'
import type { FeedName } from '../../ingest/feeds/layout.ts'
import { streams } from '../../ingest/feeds/log-subjects.ts'
import { plateText, tidy } from '../../ingest/intake/text.ts'
import { streamSettings } from '../../ingest/streams.ts'
import type { Subject } from '../../ingest/world/labels.ts'
import type { RawRecord } from '../../ingest/world/sent.ts'
import { createWorld, type Outgoing } from '../../ingest/world/world.ts'
import { hex64 } from '../../platform/hash.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../platform/nats.ts'
import type { AlertCommit, AlertRevision } from '../../processors/alert.ts'
import { loadDetectors } from '../../processors/registry.ts'
import { startNats } from '../support/nats-server.ts'
import { until } from '../support/until.ts'
import type { Progress } from './processor.ts'
import type { Measured } from './score.ts'
import { createSender, pseudonyms } from './sender.ts'

const day = 86_400_000

export interface RunOptions {
  readonly seed: number
  /** Size of the world, see ingest/world. */
  readonly scale: number
  /** Days of ordinary life before the first alert counts, and of those in which they do. */
  readonly warmDays: number
  readonly days: number
  /** Local midnight at which ordinary life begins, ms UTC. */
  readonly from?: number
  /** World time between two ticks, ms. */
  readonly stepMs?: number
  /** How often the processor is killed (-9) on the way. */
  readonly kills?: number
  readonly slices?: number
  readonly onProgress?: (done: number) => void
  /** Told every record that is sent. */
  readonly onRecord?: (one: Outgoing) => void
}

export interface RunResult extends Measured {
  readonly events: number
  readonly seconds: number
  readonly kills: number
  readonly cpuMs: number
}

/** 2026-03-02 is a Monday; six weeks from it reach Songkran. */
export const defaultFrom = Date.parse('2026-03-02T00:00:00+07:00')
/** Long schemes begin this long before ordinary life. */
const beforeMs = 145 * day
/** Labels that are decided later than this before the end are not counted: late records would still change what is true. */
export const settleMs = 3 * day

/**
 * Runs a world through the real thing: intake, EVENTS on a NATS server, a processor in a process of its own, ALERTS. Time is the
 * world's: the log is what it would be if the world had been sent live.
 */
export async function runWorld(options: RunOptions): Promise<RunResult> {
  const { seed, scale, warmDays, days, from = defaultFrom, stepMs = 60_000, kills = 0 } = options
  const started = performance.now()
  const measureFrom = from + warmDays * day
  const to = measureFrom + days * day
  const folder = mkdtempSync(join(tmpdir(), 'daan-scoreboard-'))
  const server = await startNats()
  const nats = await connectNats(server.url, { log: silentLog, name: 'scoreboard' })
  const processors: Slice[] = []
  try {
    await ensureStreams(nats, streamSettings(), 1)
    const count = options.slices ?? 1
    for (let index = 1; index <= count; index++)
      processors.push(new Slice(server.url, `${index}/${count}`, join(folder, `${index}-of-${count}`)))
    const world = createWorld(seed, { scale, ordinaryFrom: from })
    const labels = world.schemes(from - beforeMs, to + 30 * day)
    const deciding = new Map<string, number>(
      labels.filter(({ decidedBy }) => decidedBy !== '').map(({ decidedBy }) => [decidedBy, NaN]),
    )
    const sender = await createSender(nats, { from: from - beforeMs })
    let arrivals = 0
    let killed = 0
    for (let hour = from - beforeMs; hour < to; hour += 3_600_000) {
      // Until ordinary life begins there is little to say, and until alerts count nobody asks how fast they came.
      const step = hour < from ? 3_600_000 : hour < measureFrom - day ? Math.max(stepMs, 300_000) : stepMs
      const sent = world.between(hour, hour + 3_600_000)
      const notices = world.notices(hour, hour + 3_600_000)
      let [next, nextNotice] = [0, 0]
      for (let at = hour + step; at <= hour + 3_600_000; at += step) {
        const records: Partial<Record<FeedName, RawRecord[]>> = {}
        for (; next < sent.length && (sent[next] as Outgoing).sendAt < at; next++) {
          const one = sent[next] as Outgoing
          options.onRecord?.(one)
          ;(records[one.feed] ??= []).push(one.record)
          const name = `${one.source}:${one.record.id}`
          if (Number.isNaN(deciding.get(name))) deciding.set(name, at)
          if (at > measureFrom && one.record['direction'] === 'entry') arrivals++
        }
        const first = nextNotice
        while (nextNotice < notices.length && (notices[nextNotice]?.sendAt ?? Infinity) < at) nextNotice++
        await sender.step(at, records, notices.slice(first, nextNotice))
      }
      const share = (hour - from) / (to - from)
      options.onProgress?.(Math.max(0, share))
      if (killed < kills && share > (killed + 1) / (kills + 1)) {
        for (const one of processors) await one.kill()
        killed++
      }
    }
    const { lastSeq, ticks } = await sender.end()
    for (const one of processors) await one.reach(lastSeq)
    const revisions = await allRevisions(nats)
    const total = processors.map(({ progress }) => progress)
    const cpuMs = total.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
    return {
      detectors: (await loadDetectors()).map(({ id, class: alertClass }) => ({ id, class: alertClass })),
      labels,
      revisions,
      from: measureFrom,
      to,
      settleMs,
      keyOf,
      loggedAt: (event) => known(deciding.get(event)),
      timeOf: timeline(ticks),
      arrivals,
      cpuShare: (id) => total.reduce((sum, { evaluateMs }) => sum + (evaluateMs[id] ?? 0), 0) / cpuMs,
      events: sender.accepted,
      seconds: (performance.now() - started) / 1000,
      kills: killed,
      cpuMs,
    }
  } finally {
    for (const one of processors) await one.stop()
    await nats.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

const known = (at: number | undefined): number | undefined =>
  at === undefined || Number.isNaN(at) ? undefined : at

/** How alerts name what a label names in the clear. */
export function keyOf(subject: Subject): string {
  if ('place' in subject) return subject.place
  if ('plate' in subject)
    return hex64(
      pseudonyms.vehicle(subject.plateCountry, tidy(subject.plateProvince ?? ''), plateText(subject.plate))
        .token,
    )
  return hex64(pseudonyms.traveller(subject.documentType, subject.nationality, subject.documentNumber))
}

/** What the log's clock says at a sequence: the tick that closes the step it belongs to. */
function timeline(ticks: readonly { readonly seq: number; readonly at: number }[]): (seq: number) => number {
  return (seq) => {
    let low = 0
    let high = ticks.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ticks[middle]?.seq ?? 0) < seq) low = middle + 1
      else high = middle
    }
    return ticks[low]?.at ?? NaN
  }
}

/** A processor as a process of its own, with what it last said. */
class Slice {
  readonly #env: Record<string, string>
  #child: ChildProcess
  #said = ''
  progress: Progress = { seq: NaN, cpuMs: 0, evaluateMs: {} }

  constructor(url: string, slice: string, snapshots: string) {
    this.#env = { NATS_URL: url, SLICE: slice, SNAPSHOTS: snapshots }
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
