import { streams } from '../ingest/feeds/log-subjects.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import type { AlertRevision } from './alert.ts'
import { createEngine } from './engine/engine.ts'
import { allRevisions, timeAt } from './processor.ts'
import { rebuild } from './rebuild.ts'
import type { Rule } from './rule.ts'

/** What a rule would change of the alerts that stand, each by its last revision; and how many would stand as they do. */
export interface Backtest {
  readonly added: readonly AlertRevision[]
  readonly changed: readonly AlertRevision[]
  readonly withdrawn: readonly AlertRevision[]
  readonly same: number
  /** Span of the alerts that were compared, ms UTC. */
  readonly from: number
  readonly to: number
}

/**
 * Runs a rule over the stored history of a running instance and compares what it finds with the alerts of that rule that stand.
 * Nothing is written. Alerts that ended before the last `days` are left out, as are those that rest on records which are
 * not stored yet. Throws NoHistory when no archive answers.
 */
export async function backtest(
  { rule, days, timeZone }: { rule: Rule; days: number; timeZone: string },
  deps: { nats: Nats; log: Log },
): Promise<Backtest> {
  const { nats } = deps
  const { created, state } = await nats.jsm.streams.info(streams.events)
  const engine = createEngine({ slice: { index: 1, count: 1 }, rules: [rule], timeZone })
  const from = engine.needs(await timeAt(nats, state.last_seq))
  const range = { from, timeAt: (at: number) => timeAt(nats, at), logId: Date.parse(created) }
  const seq = await rebuild(engine, range, deps)
  const now = await timeAt(nats, seq)
  // What an absence made certain long ago becomes due at this tick.
  engine.take({ kind: 'tick', tick: { at: now } }, seq)

  const since = now - days * 86_400_000
  const compared = ({ endAt }: AlertRevision): boolean => endAt >= since
  const out = new Map<string, AlertRevision>()
  for (const revision of await allRevisions(nats)) {
    if (revision.rule !== rule.detector.id || revision.logSeq > seq || !compared(revision)) continue
    if (revision.revision > (out.get(revision.alertId)?.revision ?? 0)) out.set(revision.alertId, revision)
  }
  const stood = [...out.values()].filter(({ status }) => status === 'open').length
  const revisions = engine.rebase(out, seq).filter(compared)
  const stands = ({ alertId }: AlertRevision): boolean => out.get(alertId)?.status === 'open'
  // Every sentence names the numbers of its rule: what counts is whether the finding is another.
  const differs = (revision: AlertRevision): boolean =>
    foundIn(revision) !== foundIn(out.get(revision.alertId) as AlertRevision)
  const open = revisions.filter(({ status }) => status === 'open')
  const withdrawn = revisions.filter(({ status }) => status === 'withdrawn')
  const changed = open.filter((revision) => stands(revision) && differs(revision))
  return {
    added: open.filter((revision) => !stands(revision)),
    changed,
    withdrawn,
    same: stood - changed.length - withdrawn.length,
    from: since,
    to: now,
  }
}

function foundIn({ startAt, endAt, site, severity, evidence, events }: AlertRevision): string {
  return JSON.stringify([startAt, endAt, site, severity, evidence, events])
}

/** Alerts by the local day on which they began, `YYYY-MM-DD`, ascending: added, changed, withdrawn. */
export function byDay(
  result: Backtest,
  timeZone: string,
): [day: string, added: number, changed: number, withdrawn: number][] {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  const days = new Map<string, [number, number, number]>()
  for (const [column, alerts] of [result.added, result.changed, result.withdrawn].entries())
    for (const { startAt } of alerts) {
      const day = format.format(startAt)
      const counts = days.get(day) ?? [0, 0, 0]
      counts[column] = (counts[column] as number) + 1
      days.set(day, counts)
    }
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, counts]): [string, number, number, number] => [day, ...counts])
}
