import {
  addVerdicts,
  inParallel,
  noVerdicts,
  pause,
  type Supplier,
  type Verdicts,
} from '../supplier/supplier.ts'
import type { FeedName } from '../feeds/layout.ts'
import { dayMs, hourMs } from './local-time.ts'
import { totalsBeforeMs } from './totals.ts'
import type { Outgoing, World } from './world.ts'

export interface PusherOptions {
  /** How far back the first start reaches, and the most that a gap is filled, days. */
  readonly historyDays: number
  /** Records a request, and requests under way. */
  readonly batchRows: number
  readonly inFlight: number
  /** Distance of two looks at the clock in the live phase, ms. */
  readonly stepMs: number
}

export interface PusherDeps {
  readonly world: World
  readonly suppliers: Readonly<Record<FeedName, Supplier>>
  /** Takes what goes to the reference desk; absent: nobody is told. */
  readonly desk?: Pick<Supplier, 'reference' | 'watchlists' | 'volumes'> | undefined
  /** Where the last run stopped (send time, ms UTC); undefined: nowhere yet. */
  readonly sentTo: number | undefined
  readonly save: (sentTo: number) => void
  readonly now?: () => number
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Told once, when the world has caught up with the clock. */
  readonly onLive?: (liveStart: number) => void
}

export interface Progress {
  readonly phase: 'history' | 'live'
  readonly sentTo: number
  readonly sent: number
  readonly verdicts: Verdicts
}

/**
 * Sends the world as time goes by: first what is missing up to now, in windows of a few hours and oldest first, then each
 * record at its time. The position moves on only after the answer, so a restart sends at most one window again.
 */
export function createPusher(
  options: PusherOptions,
  deps: PusherDeps,
): { run(signal: AbortSignal): Promise<void>; progress(): Progress } {
  const now = deps.now ?? Date.now
  const wait = deps.wait ?? pause
  const verdicts = noVerdicts()
  let { world } = deps
  let phase: Progress['phase'] = 'history'
  let sent = 0
  let savedAt = 0
  const earliest = Math.floor((now() - options.historyDays * dayMs) / hourMs) * hourMs
  let sentTo = Math.max(deps.sentTo ?? earliest, earliest)

  const send = async (outgoing: readonly Outgoing[]): Promise<void> => {
    await inParallel(batches(outgoing, options.batchRows), options.inFlight, async ({ feed, records }) => {
      addVerdicts(verdicts, await deps.suppliers[feed].post(feed, records))
      sent += records.length
    })
  }

  /** The first time with the totals of the weeks before: they say what is usual. */
  let totalsFrom = deps.sentTo === undefined ? earliest - totalsBeforeMs : sentTo

  const tell = async (until: number): Promise<void> => {
    if (deps.desk === undefined) return
    const notices = world.notices(sentTo, until)
    const totals = world.totals(totalsFrom, until)
    const entries = notices.flatMap((notice) => ('watch' in notice ? [notice.watch] : []))
    const rows = notices.flatMap((notice) => ('row' in notice ? [notice.row] : []))
    if (entries.length > 0) await deps.desk.watchlists(entries)
    if (rows.length > 0) await deps.desk.reference('hours', rows)
    if (totals.length > 0) await deps.desk.volumes(totals)
    totalsFrom = until
  }

  return {
    progress: () => ({ phase, sentTo, sent, verdicts }),
    async run(signal) {
      try {
        while (!signal.aborted) await step(signal)
      } finally {
        deps.save(sentTo)
      }
    },
  }

  async function step(signal: AbortSignal): Promise<void> {
    const until = Math.min(now(), sentTo + 6 * hourMs)
    if (until > sentTo) {
      await tell(until)
      await send(world.between(sentTo, until))
      sentTo = until
      if (phase === 'history' || until - savedAt >= 1_000) deps.save((savedAt = sentTo))
    }
    if (phase === 'history' && now() - sentTo < 2_000) {
      phase = 'live'
      world = world.live(sentTo)
      deps.onLive?.(sentTo)
    }
    if (phase === 'live' && now() - sentTo < options.stepMs) await wait(options.stepMs, signal)
  }
}

interface Batch {
  readonly feed: FeedName
  readonly records: readonly object[]
}

/** Batches of one feed each, in the order in which they fill up; the last ones may be short. */
export function* batches(outgoing: readonly Outgoing[], rows: number): Generator<Batch> {
  const open = new Map<FeedName, object[]>()
  for (const { feed, record } of outgoing) {
    const records = open.get(feed) ?? []
    records.push(record)
    open.set(feed, records)
    if (records.length < rows) continue
    open.delete(feed)
    yield { feed, records }
  }
  for (const [feed, records] of open) yield { feed, records }
}
