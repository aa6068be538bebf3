import { setTimeout as delay } from 'node:timers/promises'
import { DeliverPolicy } from '@nats-io/jetstream'
import { streams, type Tick } from '../ingest/feeds/log-subjects.ts'
import type { Slice } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import type { AlertCommit, AlertRevision } from './alert.ts'
import { Chain } from './chain.ts'
import { sliceName, takeOver } from './committer.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { readLog } from './log-reader.ts'
import { NoHistory, rebuild, type RebuildRange } from './rebuild.ts'
import type { Rule } from './rule.ts'
import { loadSnapshot, saveSnapshot } from './snapshots.ts'
import { inTurns } from './turns.ts'

/** The recomputation of the log did not meet what was put out before, with the same rules, code and log. */
export class NotDeterministic extends Error {
  readonly code = 'NOT_DETERMINISTIC'
}

export interface ProcessorConfig {
  readonly slice: Slice
  readonly rules: readonly Rule[]
  /** Fingerprint of the code that decides, see registry.ts. */
  readonly code: string
  readonly timeZone: string
  /** Where snapshots lie; one process per folder. */
  readonly snapshotFolder: string
  /** Messages of the log between two snapshots at most (default 20,000); much work makes them come sooner. */
  readonly snapshotEvery?: number
}

export interface ProcessorStatus {
  readonly ready: boolean
  /** Last EVENTS sequence that was evaluated, and that is committed. */
  readonly seq: number
  readonly committedSeq: number
  readonly keys: number
  readonly records: number
  readonly bytes: number
  /** Events older than the horizon: archived, not evaluated. */
  readonly tooOld: number
  readonly openAlerts: number
  /** Revisions that are computed and not yet stored in ALERTS. */
  readonly waiting: number
}

export interface Processor {
  /** Ends when `stop` was called; throws OwnershipLost, {@link NotDeterministic}, or what broke. */
  readonly done: Promise<void>
  status(): ProcessorStatus
  /** Commits what is evaluated, saves a snapshot and ends. */
  stop(): Promise<void>
}

/** Unpublished revisions above which reading waits for the commits. */
const backlogLimit = 20_000
/** Revisions in one message: about 1 kB each, below any server's payload limit. */
const messageLimit = 500
/** How far the store may be behind the log when histories come from it, ms. */
const lagMs = 86_400_000
/** Without revisions, the position is committed this often, in messages of the log. */
const positionEvery = 200
/**
 * A snapshot is taken when so much work would have to be done again, ms, or six times what the last one took: a restart under load is live
 * within seconds, and no more than a seventh of the time goes into snapshots.
 */
const leastWorkMs = 4_000
const worthSnapshots = 6

/**
 * One slice: reads the log from its last snapshot, or from its beginning, evaluates, and commits what follows. What an earlier run has put
 * out already is recomputed, checked against its hash and not put out again.
 */
export async function startProcessor(
  config: ProcessorConfig,
  deps: { nats: Nats; log: Log },
): Promise<Processor> {
  const { nats, log } = deps
  const { slice, rules, snapshotFolder } = config
  const name = sliceName(slice)
  const ruleSet = [
    config.code,
    config.timeZone,
    ...rules.map(({ detector, version }) => `${detector.id}@${version}`),
  ].join(' ')
  const fits = `7 ${name} ${ruleSet}`

  const engine = createEngine(config)
  const committer = await takeOver({ slice, rules: ruleSet }, deps)
  const before = committer.last?.rules === ruleSet ? committer.last : undefined
  const otherRules = committer.last !== undefined && before === undefined
  const already = { emitted: before?.emitted ?? 0, chain: before?.chain ?? '' }
  const { created, state } = await nats.jsm.streams.info(streams.events)
  const { first_seq: firstSeq, last_seq: lastAtStart } = state

  const found = await loadSnapshot(snapshotFolder, fits, (file, reason) =>
    log.warn({ file, reason }, 'snapshot passed over'),
  )
  // A snapshot ahead of the commits belongs to another stream; one whose next message is gone from the log leaves a gap.
  const snapshot =
    found !== undefined && found.emitted <= already.emitted && found.seq + 1 >= firstSeq ? found : undefined
  if (snapshot !== undefined) engine.restore(snapshot.image)
  let seq = snapshot?.seq ?? 0
  const cut = snapshot === undefined && firstSeq > 1
  if (cut) {
    log.warn(
      { fromSeq: firstSeq },
      'the log no longer begins at its beginning: histories come from the store',
    )
    const from = engine.needs((await timeAt(nats, lastAtStart)) - lagMs)
    const range = { from, timeAt: (at: number) => timeAt(nats, at), logId: Date.parse(created) }
    seq = await rebuiltFromStore(engine, range, deps)
    if (seq + 1 < firstSeq)
      log.error({ fromSeq: seq + 1, toSeq: firstSeq - 1 }, 'messages are neither in the store nor in the log')
  }
  const resliced =
    committer.last === undefined && (await nats.jsm.streams.info(streams.alerts)).state.messages > 1
  /** Up to here evaluation is silent; then what is out and what stands are compared once. 0: the chain is simply continued. */
  const rebaseAt =
    otherRules || cut || resliced ? Math.max(committer.last?.toSeq ?? 0, seq, resliced ? lastAtStart : 0) : 0

  let computed = new Chain(snapshot?.chain, snapshot?.emitted)
  const published = new Chain(already.chain, already.emitted)
  let queue: AlertRevision[] = []
  let committedSeq = committer.last?.toSeq ?? 0
  let snapshotSeq = seq
  /** What a restart would have to do again, and how long the last snapshot took, ms. */
  let [workMs, savingMs] = [0, 0]
  let rebased = rebaseAt === 0
  let stopped = false
  let wake: () => void = () => {}
  let drained: () => void = () => {}
  const reading = await readLog(nats, seq + 1)

  function put(revision: AlertRevision): void {
    computed.add(revision)
    if (computed.count > already.emitted) queue.push(revision)
    else if (computed.count === already.emitted) verify()
  }

  function verify(): void {
    if (computed.count === already.emitted && computed.link !== already.chain)
      throw new NotDeterministic(
        `Slice ${name} recomputed ${already.emitted} revisions and they differ from those in ALERTS.`,
      )
  }

  /** Until everything that is computed is stored. */
  async function flushed(): Promise<void> {
    while (queue.length > 0 || published.count < computed.count || inFlight > 0)
      await new Promise<void>((done) => (drained = done))
  }

  async function read(): Promise<void> {
    if (rebased) verify()
    else if (seq >= rebaseAt) await rebase()
    for await (const entry of reading.entries) {
      if (stopped) break
      const since = performance.now()
      const revisions =
        entry.message === undefined ? [] : await inTurns(engine.takeInParts(entry.message, entry.seq))
      workMs += performance.now() - since
      if (rebased) for (const revision of revisions) put(revision)
      seq = entry.seq
      if (!rebased && seq >= rebaseAt) await rebase()
      if (queue.length > 0 || seq - committedSeq >= positionEvery) wake()
      if (queue.length > backlogLimit) await flushed()
      if (
        seq - snapshotSeq >= (config.snapshotEvery ?? 20_000) ||
        workMs >= Math.max(leastWorkMs, worthSnapshots * savingMs)
      )
        await snapshotNow()
    }
    wake()
    await flushed()
    if (seq > snapshotSeq) await snapshotNow()
  }

  async function rebase(): Promise<void> {
    const out = new Map<string, AlertRevision>()
    for (const revision of await allRevisions(nats)) {
      const last = out.get(revision.alertId)
      if (engine.owns(revision) && revision.revision > (last?.revision ?? 0))
        out.set(revision.alertId, revision)
    }
    const revisions = engine.rebase(out, seq)
    log.info({ revisions: revisions.length }, 'what stands was compared with what is out')
    rebased = true
    computed = new Chain(already.chain, already.emitted)
    for (const revision of revisions) put(revision)
  }

  async function snapshotNow(): Promise<void> {
    wake()
    await flushed()
    if (!rebased) {
      workMs = 0
      return
    }
    const started = performance.now()
    await saveSnapshot(snapshotFolder, fits, {
      seq,
      emitted: computed.count,
      chain: computed.link,
      image: engine.image(),
    })
    snapshotSeq = seq
    workMs = 0
    savingMs = performance.now() - started
    log.info({ toSeq: seq, ms: Math.round(savingMs) }, 'snapshot saved')
  }

  let inFlight = 0
  let ended = false
  async function write(): Promise<void> {
    while (!ended) {
      if (queue.length === 0 && (!rebased || seq - committedSeq < positionEvery)) {
        drained()
        await new Promise<void>((done) => (wake = done))
        continue
      }
      const revisions = queue.slice(0, messageLimit)
      queue = queue.slice(messageLimit)
      inFlight = revisions.length
      const toSeq =
        queue.length === 0 ? seq : Math.max((revisions.at(-1) as AlertRevision).logSeq - 1, committedSeq)
      for (const revision of revisions) published.add(revision)
      await committer.commit(toSeq, published.count, published.link, revisions)
      committedSeq = toSeq
      inFlight = 0
      drained()
    }
  }

  const finished = read().finally(() => {
    ended = true
    wake()
  })
  const done = Promise.all([finished, write()]).then(() => {})
  // Whoever holds the processor awaits `done`; a rejection before that must not end the process from under it.
  done.catch(() => {})
  log.info({ fromSeq: seq + 1, toSeq: lastAtStart }, 'reading the log')

  return {
    done,
    status: () => ({
      ready: rebased && seq >= lastAtStart,
      seq,
      committedSeq,
      ...engine.size,
      openAlerts: engine.openCount,
      waiting: queue.length + inFlight,
    }),
    async stop() {
      stopped = true
      reading.stop()
      await done.catch(() => {})
    },
  }
}

/** The time that it was at a sequence of the log: just before the next tick, else the last one, ms UTC; 0 without ticks. */
export async function timeAt(nats: Nats, seq: number): Promise<number> {
  const subject = 'events.tick'
  // The client's types know no `next_by_subj`; the server does, since 2.9.
  const query = { seq: seq + 1, next_by_subj: subject }
  const next = await nats.jsm.streams.getMessage(streams.events, query)
  if (next !== null) return next.json<Tick>().at - 1
  const last = await nats.jsm.streams.getMessage(streams.events, { last_by_subj: subject })
  return last === null ? 0 : last.json<Tick>().at
}

/** Asks until the archive answers: without the histories every finding would be wrong. */
async function rebuiltFromStore(
  engine: Engine,
  range: RebuildRange,
  deps: { nats: Nats; log: Log },
): Promise<number> {
  for (;;) {
    try {
      return await rebuild(engine, range, deps)
    } catch (error) {
      if (!(error instanceof NoHistory)) throw error
      deps.log.warn({ code: error.code }, 'no histories from the store yet, asking again')
      await delay(1_000)
    }
  }
}

/** Every revision in ALERTS, of all slices, in the order of the stream. */
export async function allRevisions(nats: Nats): Promise<AlertRevision[]> {
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
