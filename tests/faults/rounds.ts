import { Dice } from '../../ingest/world/dice.ts'
import { createCheck, siteLagMs, type Verdict } from './check.ts'
import { drained, followCommits } from './drain.ts'
import { faults, type Fault } from './kinds.ts'
import { Load, type Sent } from './load.ts'
import { rest, startSenders } from './senders.ts'
import { startSystem, type System } from './system.ts'

export interface FaultsResult {
  readonly rounds: number
  readonly accepted: number
  /** Sums over all rounds; see {@link Verdict}. */
  readonly lost: number
  readonly duplicate: number
  readonly missing: number
  readonly extra: number
  /** Gaps in revisions, wrong charts, owners that did not end, lags that did not end: in words. */
  readonly wrong: readonly string[]
  /** How often each kind was hit. */
  readonly hits: Readonly<Record<string, number>>
  /** Longest time from healing to lag 0, ms. */
  readonly longestMs: number
}

/** A fault is over within this, ms: starts of processes on a busy machine included. */
const strikeMs = 300_000
/** Charts, and alerts of sites, are compared in every so many rounds, and in the last. */
const chartsEvery = 5
const sitesEvery = 20

/**
 * Runs the product under load, strikes it `rounds` times, lets it heal, and compares after each round what it holds with what it
 * accepted. Kinds come in shuffled decks, so that all are hit alike. `say` gets a line a round.
 */
export async function runFaults(options: {
  rounds: number
  seed: number
  say: (line: string) => void
  /** Kinds whose name holds this text only. */
  only?: string | undefined
  /** The product has this long to catch up after a fault, ms (default 60,000). */
  catchUpMs?: number
}): Promise<FaultsResult> {
  const { rounds, seed, say, catchUpMs = 60_000 } = options
  const dice = new Dice(seed, 'faults')
  const system = await startSystem()
  const load = new Load(seed, { now: Date.now(), traveller: system.traveller })
  const senders = startSenders({ url: system.gatewayUrl, key: system.key }, { load, nats: system.nats })
  const check = await createCheck(system.reader)
  say(`alerts compared with the batch oracle: ${check.rules.join(', ')}`)
  const commits = followCommits(system)
  const kinds = faults.filter(({ kind }) => kind.includes(options.only ?? ''))
  const hits: Record<string, number> = Object.fromEntries(kinds.map(({ kind }) => [kind, 0]))
  const sum = { lost: 0, duplicate: 0, missing: 0, extra: 0 }
  const wrong: string[] = []
  let deck: Fault[] = []
  let done = 0
  let longestMs = 0

  /** An absence becomes certain at a tick, which may fall between the question and the answer: then it is asked again. */
  async function settledVerdict(
    accepted: readonly Sent[],
    which: { charts: boolean; sites: boolean },
  ): Promise<Verdict> {
    for (let attempt = 1; ; attempt++) {
      const verdict = await check.compare(accepted, { ...which, now: await system.lastTick() })
      if (verdict.missing + verdict.extra === 0 || attempt === 3) return verdict
      await rest(1_500)
    }
  }

  try {
    while (done < rounds) {
      if (deck.length === 0) deck = shuffled(kinds, dice)
      const fault = deck.pop() as Fault
      await rest(dice.int(200, 600))
      const here = [...(await within(strikeMs, fault.kind, fault.strike(system, dice)))]
      hits[fault.kind] = (hits[fault.kind] ?? 0) + 1
      await rest(200)
      await within(catchUpMs, 'the senders to be answered', senders.pause())
      done++
      const charts = done % chartsEvery === 0 || done === rounds
      const sites = done % sitesEvery === 0 || done === rounds
      const drain = await drained(system, commits, { withinMs: catchUpMs, charts })
      longestMs = Math.max(longestMs, drain.ms)
      here.push(...drain.wrong)
      if (drain.waitingFor !== undefined)
        here.push(`lag: after ${catchUpMs / 1000} s still waiting for ${drain.waitingFor}`)
      if (sites) {
        await untilTick(system, (await system.lastTick()) + siteLagMs)
        await drained(system, commits, { withinMs: catchUpMs, charts: false })
      }
      const verdict = await settledVerdict(senders.accepted, { charts, sites })
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += verdict[name]
      if (verdict.gaps > 0) here.push(`${verdict.gaps} alerts with gaps in their revisions`)
      if (verdict.charts > 0) here.push(`${verdict.charts} buckets of the charts are wrong`)
      say(lineOf(done, fault, drain, senders.accepted.length, verdict, here))
      wrong.push(...here)
      if (isBad(verdict) || here.length > 0) {
        // What broke stays broken: the rounds behind would only say it again.
        for (const part of [system.ingest, system.archive, ...system.processors])
          say(part.said().slice(-4_000))
        break
      }
      senders.resume()
    }
    const deaths = [...system.deaths].map(([name, times]) => `${name} ${times}×`)
    say(`ended by themselves and were started again: ${deaths.join(', ') || 'none'}`)
    const { busy, bare, unanswered } = senders.seen
    say(
      `senders met ${busy} × 503 with Retry-After, ${bare} without, ${unanswered} attempts without an answer`,
    )
    if (bare > 0) wrong.push(`${bare} answers of 503 without Retry-After`)
    return { rounds: done, accepted: senders.accepted.length, ...sum, wrong, hits, longestMs }
  } finally {
    await senders.stop()
    await system.close()
  }
}

function isBad({ lost, duplicate, missing, extra, gaps, charts }: Verdict): boolean {
  return lost + duplicate + missing + extra + gaps + charts > 0
}

function lineOf(
  round: number,
  fault: Fault,
  { ms, slowest }: { ms: number; slowest: string },
  accepted: number,
  verdict: Verdict,
  wrong: readonly string[],
): string {
  const { lost, duplicate, missing, extra } = verdict
  const state = isBad(verdict)
    ? `${lost} lost, ${duplicate} duplicate, ${missing} missing, ${extra} extra`
    : 'as it should be'
  const more = [...wrong, ...verdict.examples].map((one) => `\n    ${one}`).join('')
  return `round ${round}: ${fault.kind}, lag 0 after ${Math.round(ms)} ms${ms > 5_000 ? ` (mostly ${slowest})` : ''}, ${accepted} accepted, ${state}${more}`
}

/** Waits until the clock of the log has come to `at`, ms UTC. */
export async function untilTick(system: System, at: number): Promise<void> {
  while ((await system.lastTick()) < at) await rest(200)
}

/** Throws when `work` takes longer: a tester that waits for ever tells nobody what for. */
async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${ms} ms in vain for ${what}.`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function shuffled<T>(list: readonly T[], dice: Dice): T[] {
  const deck = [...list]
  for (let i = deck.length - 1; i > 0; i--) {
    const j = dice.int(0, i)
    ;[deck[i], deck[j]] = [deck[j] as T, deck[i] as T]
  }
  return deck
}
