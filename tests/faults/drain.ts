import { streams } from '../../ingest/feeds/log-subjects.ts'
import type { AlertCommit } from '../../processors/alert.ts'
import { rest } from './senders.ts'
import type { System } from './system.ts'

/** What ALERTS holds, read on from call to call. */
export interface Commits {
  /** Reads what is new; gives what is wrong with it: an owner that wrote after the next one had taken over. */
  follow(): Promise<readonly string[]>
  /** Sequence of the last message with revisions. */
  lastWithRevisions(): number
}

/** Follows the stream ALERTS. */
export function followCommits(system: System): Commits {
  const epochs = new Map<string, number>()
  let read = 0
  let lastWithRevisions = 0
  return {
    lastWithRevisions: () => lastWithRevisions,
    async follow() {
      const wrong: string[] = []
      const { last_seq: last } = (await system.nats.jsm.streams.info(streams.alerts)).state
      for (; read < last; read++) {
        const message = await system.nats.jsm.streams.getMessage(streams.alerts, { seq: read + 1 })
        if (message === null) continue
        const { slice, epoch, revisions } = message.json<AlertCommit>()
        if (epoch < (epochs.get(slice) ?? 0)) wrong.push(`slice ${slice} was written to by a former owner`)
        epochs.set(slice, epoch)
        if (revisions.length > 0) lastWithRevisions = read + 1
      }
      return wrong
    },
  }
}

/**
 * Waits until nothing is on its way: FEEDS taken, EVENTS evaluated and archived, ALERTS archived, charts recomputed when
 * `charts`. Gives how long it took, ms, or what it still waits for after `withinMs`.
 */
export async function drained(
  system: System,
  commits: Commits,
  options: { withinMs: number; charts: boolean },
): Promise<{ ms: number; slowest: string; waitingFor?: string; wrong: readonly string[] }> {
  const started = performance.now()
  const deadline = started + options.withinMs
  const wrong: string[] = []
  let waitingFor = ''
  let slowest = { what: '', ms: 0 }
  const wait = async (what: string, check: () => Promise<boolean> | boolean): Promise<void> => {
    waitingFor = what
    const since = performance.now()
    while (performance.now() < deadline) {
      // The tester's own connection may not be back yet: that is no more than "not yet".
      const isThere = await (async () => check())().catch(() => false)
      const ms = performance.now() - since
      if (ms > slowest.ms) slowest = { what, ms }
      if (isThere) return
      await rest(25)
    }
    throw new TooLate()
  }
  const beatOf = (role: string, instance: string) =>
    system.heartbeats.seen().find((one) => one.role === role && one.instance === instance)
  const detail = (role: string, instance: string, name: string): number =>
    Number(beatOf(role, instance)?.details[name] ?? -1)

  try {
    await wait('FEEDS to be taken', async () => {
      const { num_pending, num_ack_pending } = await system.nats.jsm.consumers.info(streams.feeds, 'ingest')
      return num_pending === 0 && num_ack_pending === 0
    })
    let logSeq = 0
    await wait('EVENTS', async () => {
      logSeq = (await system.nats.jsm.streams.info(streams.events)).state.last_seq
      return true
    })
    for (const [index] of system.processors.entries()) {
      const instance = `${index + 1}-of-${system.processors.length}`
      await wait(`slice ${instance} to evaluate ${logSeq}`, () => {
        const isAt = detail('processor', instance, 'seq') >= logSeq
        return isAt && detail('processor', instance, 'waiting') === 0
      })
    }
    await wait('ALERTS', async () => (wrong.push(...(await commits.follow())), true))
    await wait(
      `the archive to store ${logSeq}, now ${detail('archive', '1', 'position')}`,
      () => detail('archive', '1', 'position') >= logSeq,
    )
    await wait(`alerts up to ${commits.lastWithRevisions()} to be archived`, async () => {
      const [row] = await system.reader.query<{ seq: number }>(
        'SELECT toUInt32(max(commit_seq)) AS seq FROM alert_revisions',
      )
      return (row?.seq ?? 0) >= commits.lastWithRevisions()
    })
    if (options.charts) await wait('the charts', () => detail('archive', '1', 'rollupPosition') >= logSeq)
    return { ms: performance.now() - started, slowest: slowest.what, wrong }
  } catch (error) {
    if (!(error instanceof TooLate)) throw error
    return { ms: performance.now() - started, slowest: slowest.what, waitingFor, wrong }
  }
}

class TooLate extends Error {}
