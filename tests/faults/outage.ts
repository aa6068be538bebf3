import { readFileSync } from 'node:fs'
import { createCheck, siteLagMs, type Verdict } from './check.ts'
import { drained, followCommits } from './drain.ts'
import { Load } from './load.ts'
import type { Part } from './parts.ts'
import { untilTick } from './rounds.ts'
import { rest, startSenders } from './senders.ts'
import { startSystem, type System } from './system.ts'

export type Victim = 'nats' | 'clickhouse'

export interface OutageOptions {
  readonly of: Victim
  readonly ms: number
  /** Instead of being away it answers, each piece of an answer this much later, ms. */
  readonly slowMs?: number
  readonly seed: number
  readonly say: (line: string) => void
}

/** Resident memory of each role, MB. */
type Memory = Readonly<Record<string, number>>

export interface OutageResult {
  readonly verdict: Verdict
  readonly wrong: readonly string[]
}

/** Load before and after the outage, ms, and how often memory is looked at. */
const aroundMs = 20_000
const lookMs = 1_000
/** Records that are sent in a second, about: four senders of 24. */
const senders = { batchRecords: 24, everyMs: 400, overHttp: 3 }

/**
 * Takes NATS or ClickHouse away from a system under load, or slows it down, for as long as asked, and gives it back: is
 * nothing lost, does memory stay bounded, does everything catch up by itself, and are suppliers and operators told?
 */
export async function runOutage(options: OutageOptions): Promise<OutageResult> {
  const { of, ms, seed, say } = options
  const system = await startSystem()
  const load = new Load(seed, { now: Date.now(), traveller: system.traveller })
  const sending = startSenders(
    { url: system.gatewayUrl, key: system.key, ...senders },
    { load, nats: system.nats },
  )
  const wrong: string[] = []
  try {
    const check = await createCheck(system.reader)
    const commits = followCommits(system)
    await rest(aroundMs)
    const before = memoryOf(system)
    say(`before: ${sending.accepted.length} records accepted; RSS ${shown(before)}`)
    await strike(system, options)
    const until = performance.now() + ms
    let peak = before
    const seen = { ready: 0, notReady: 0 }
    while (performance.now() < until) {
      await rest(lookMs)
      const now = memoryOf(system)
      peak = Object.fromEntries(
        Object.entries(now).map(([name, mb]) => [name, Math.max(mb, peak[name] ?? 0)]),
      )
      if (await isReady(system)) seen.ready++
      else seen.notReady++
    }
    const during = { ...sending.seen }
    say(
      `during ${Math.round(ms / 1000)} s: ${sending.accepted.length} accepted, ${during.busy} × 503 with Retry-After, ${during.bare} without; ` +
        `/health/ready said no ${seen.notReady} times and yes ${seen.ready}; RSS at most ${shown(peak)}`,
    )
    const archive = system.heartbeats.seen().find(({ role }) => role === 'archive')
    say(`the archive's heartbeat: ready ${String(archive?.ready)}, ${JSON.stringify(archive?.details ?? {})}`)
    if (of === 'nats' && options.slowMs === undefined && seen.ready > 3)
      wrong.push('the gateway called itself ready while NATS was away')
    if (of === 'clickhouse' && options.slowMs === undefined && archive?.ready === true)
      wrong.push('the archive called itself ready while ClickHouse was away')
    if (during.bare > 0) wrong.push(`${during.bare} answers of 503 without Retry-After`)
    for (const [name, mb] of Object.entries(peak))
      if (mb > (before[name] ?? 0) + boundMb) wrong.push(`${name} grew by ${mb - (before[name] ?? 0)} MB`)

    await heal(system, options)
    const healedAt = performance.now()
    await rest(aroundMs)
    await sending.pause()
    const drain = await drained(system, commits, { withinMs: 300_000, charts: true })
    wrong.push(...drain.wrong)
    if (drain.waitingFor !== undefined) wrong.push(`still waiting for ${drain.waitingFor}`)
    say(
      `after: lag 0 ${Math.round((performance.now() - healedAt - aroundMs) / 1000)} s after ${aroundMs / 1000} s of further load; ` +
        `${sending.accepted.length} accepted; RSS ${shown(memoryOf(system))}`,
    )
    await untilTick(system, (await system.lastTick()) + siteLagMs)
    await drained(system, commits, { withinMs: 60_000, charts: false })
    const verdict = await check.compare(sending.accepted, {
      charts: drain.waitingFor === undefined,
      sites: true,
      now: await system.lastTick(),
    })
    if (verdict.gaps > 0) wrong.push(`${verdict.gaps} alerts with gaps in their revisions`)
    if (verdict.charts > 0) wrong.push(`${verdict.charts} buckets of the charts are wrong`)
    wrong.push(...verdict.examples)
    const deaths = [...system.deaths].map(([name, times]) => `${name} ${times}×`)
    say(`ended by themselves and were started again: ${deaths.join(', ') || 'none'}`)
    return { verdict, wrong }
  } finally {
    await sending.stop()
    await system.close()
  }
}

/** What a role may grow by while it waits, MB: the gateway's bound on bodies (64 MiB) and the heap that goes with it. */
const boundMb = 400

async function strike(system: System, { of, slowMs }: OutageOptions): Promise<void> {
  if (slowMs === undefined) await partOf(system, of).down()
  else for (const link of linksOf(system, of)) link.slow(slowMs)
}

async function heal(system: System, { of, slowMs }: OutageOptions): Promise<void> {
  if (slowMs === undefined) await partOf(system, of).up()
  else for (const link of linksOf(system, of)) link.heal()
}

const partOf = (system: System, of: Victim): Part => (of === 'nats' ? system.natsServer : system.store)
const linksOf = (system: System, of: Victim) => system.links[of === 'nats' ? 'toNats' : 'toStore']

async function isReady(system: System): Promise<boolean> {
  const answer = await fetch(`${system.gatewayUrl}/health/ready`, {
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined)
  await answer?.arrayBuffer()
  return answer?.ok === true
}

function memoryOf(system: System): Memory {
  const parts = [system.ingest, system.archive, ...system.processors]
  return Object.fromEntries(parts.map((part) => [part.name, rssMb(part.pid())]))
}

/** Resident set of a process, MB; 0 while it is between two lives. */
function rssMb(pid: number): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Math.round(Number(kilobytes ?? 0) / 1024)
  } catch {
    return 0
  }
}

const shown = (memory: Memory): string =>
  Object.entries(memory)
    .map(([name, mb]) => `${name} ${mb} MB`)
    .join(', ')
