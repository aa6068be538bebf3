import { hash64Of, hex64 } from '../../platform/hash.ts'
import type { AlertRevision } from '../alert.ts'
import type { Finding, Words } from '../detector.ts'
import type { Rule } from '../rule.ts'

/** What an evaluation of one key says: the findings of a slice, and the alerts that stood in it before. */
export interface Change {
  readonly key: number
  readonly name: string
  readonly findings: readonly Finding[]
  readonly stood: readonly Alert[]
}

/** An open alert as the engine remembers it. */
export interface Alert {
  readonly key: number
  readonly finding: Finding
  readonly content: string
  readonly last: AlertRevision
}

/** What stands, at rest: alerts with their keys, and the last revision of those that were withdrawn. */
export interface StandingImage {
  readonly open: readonly (readonly [key: number, last: AlertRevision])[]
  readonly withdrawn: readonly AlertRevision[]
}

/** What a revision is stamped with. */
export interface Stamp {
  readonly now: number
  readonly seq: number
  readonly words: Readonly<Record<'en' | 'th', Words>>
}

/**
 * The findings of one rule that stand, and how they become alerts: a new finding is raised, one that shares evidence with an
 * alert (or, failing that, its time) revises it and keeps its identity, an alert without a finding is withdrawn.
 */
export class Standing {
  readonly #rule: Rule
  readonly #byKey = new Map<number, Alert[]>()
  /** Last revision of each alert that was withdrawn: its number goes on when it comes back. */
  readonly #withdrawn = new Map<string, AlertRevision>()
  readonly #ids = new Set<string>()

  constructor(rule: Rule) {
    this.#rule = rule
  }

  open(): AlertRevision[] {
    return [...this.#byKey.values()].flat().map(({ last }) => last)
  }

  get size(): number {
    return this.#ids.size
  }

  image(): StandingImage {
    return {
      open: [...this.#byKey.values()].flat().map(({ key, last }) => [key, last] as const),
      withdrawn: [...this.#withdrawn.values()],
    }
  }

  restore({ open, withdrawn }: StandingImage): void {
    for (const [key, last] of open) {
      const { startAt: start, endAt: end, site, events, evidence } = last
      const finding = { start, end, site, events, evidence }
      const alerts = this.#byKey.get(key) ?? []
      alerts.push({ key, finding, content: contentOf(finding), last })
      this.#byKey.set(key, alerts)
      this.#ids.add(last.alertId)
    }
    for (const last of withdrawn) this.#withdrawn.set(last.alertId, last)
  }

  /**
   * After other rules or a log that was cut: takes over the numbering of what is out already (last revisions by alert id) and gives
   * the revisions that lead from there to what stands now.
   */
  rebase(out: ReadonlyMap<string, AlertRevision>, { now, seq }: Pick<Stamp, 'now' | 'seq'>): AlertRevision[] {
    const revisions: AlertRevision[] = []
    for (const [key, alerts] of this.#byKey) {
      const rebased = alerts.map((alert): Alert => {
        const before = out.get(alert.last.alertId)
        if (before === undefined) {
          revisions.push(alert.last)
          return alert
        }
        const same =
          before.status === 'open' && JSON.stringify(shown(before)) === JSON.stringify(shown(alert.last))
        const last = same
          ? before
          : {
              ...alert.last,
              revision: before.revision + 1,
              raisedAt: before.raisedAt,
              revisedAt: now,
              logSeq: seq,
            }
        if (!same) revisions.push(last)
        return { ...alert, last }
      })
      this.#byKey.set(key, rebased)
    }
    for (const before of out.values()) {
      if (before.rule !== this.#rule.detector.id || this.#ids.has(before.alertId)) continue
      const ended = {
        ...before,
        status: 'withdrawn' as const,
        reason: 'rule-changed',
        revisedAt: now,
        logSeq: seq,
      }
      if (before.status === 'withdrawn') this.#withdrawn.set(before.alertId, before)
      else {
        this.#withdrawn.set(before.alertId, { ...ended, revision: before.revision + 1 })
        revisions.push({ ...ended, revision: before.revision + 1 })
      }
    }
    return revisions
  }

  touching(key: number, from: number, to: number): Alert[] {
    return (this.#byKey.get(key) ?? []).filter(({ finding }) => finding.end >= from && finding.start <= to)
  }

  /** Whether anything of the key stands. */
  has(key: number): boolean {
    return this.#byKey.has(key)
  }

  /** Widens a span until every standing finding that it touches lies in it whole: no episode is cut. */
  widen(key: number, from: number, to: number): { from: number; to: number } {
    const alerts = this.#byKey.get(key)
    if (alerts === undefined) return { from, to }
    for (let grown = true; grown;) {
      grown = false
      for (const { finding } of alerts) {
        if (finding.end < from || finding.start > to) continue
        grown ||= finding.start < from || finding.end > to
        from = Math.min(from, finding.start)
        to = Math.max(to, finding.end)
      }
    }
    return { from, to }
  }

  /** Replaces what stood by what is found, and gives the revisions: found ones in their order, then the withdrawn. */
  apply(change: Change, stamp: Stamp): AlertRevision[] {
    const heirs = match(change.stood, change.findings)
    const kept = (this.#byKey.get(change.key) ?? []).filter((alert) => !change.stood.includes(alert))
    const revisions: AlertRevision[] = []
    const inherited = new Map([...heirs].map(([alert, finding]) => [finding, alert]))
    for (const finding of change.findings) {
      const content = JSON.stringify([
        finding.start,
        finding.end,
        finding.site,
        finding.events,
        finding.evidence,
      ])
      const before = inherited.get(finding)
      if (before !== undefined && before.content === content) {
        kept.push(before)
        continue
      }
      const last = this.#write(change.name, finding, before?.last, stamp)
      kept.push({ key: change.key, finding, content, last })
      revisions.push(last)
    }
    if (kept.length === 0) this.#byKey.delete(change.key)
    else this.#byKey.set(change.key, kept)
    // Last, so that a new finding of this step cannot take an id that is given up in it.
    const ended = change.stood
      .filter((alert) => !heirs.has(alert))
      .map((alert) => this.#withdraw(alert, change, stamp))
    return [...revisions, ...ended]
  }

  #write(
    name: string,
    finding: Finding,
    previous: AlertRevision | undefined,
    { now, seq, words }: Stamp,
  ): AlertRevision {
    const { detector, params, version } = this.#rule
    const alertId = previous?.alertId ?? this.#newId(name, finding)
    const before = previous ?? this.#withdrawn.get(alertId)
    this.#withdrawn.delete(alertId)
    this.#ids.add(alertId)
    const explained = { evidence: finding.evidence, params, site: finding.site }
    return {
      alertId,
      revision: (before?.revision ?? 0) + 1,
      status: 'open',
      rule: detector.id,
      ruleVersion: version,
      class: detector.class,
      measure: detector.measure,
      severity: detector.severity(finding.evidence, params),
      keyspace: detector.key,
      key: name,
      site: finding.site,
      startAt: finding.start,
      endAt: finding.end,
      raisedAt: before?.raisedAt ?? now,
      revisedAt: now,
      sentence: { en: detector.explain(explained, words.en), th: detector.explain(explained, words.th) },
      evidence: finding.evidence,
      events: finding.events,
      reason: '',
      logSeq: seq,
    }
  }

  #withdraw(alert: Alert, change: Change, { now, seq }: Stamp): AlertRevision {
    const { last } = alert
    const reason = change.findings.some((finding) => related(alert.finding, finding).score > 0)
      ? 'merged'
      : 'no-longer-found'
    const revision = {
      ...last,
      revision: last.revision + 1,
      status: 'withdrawn' as const,
      revisedAt: now,
      reason,
      logSeq: seq,
    }
    this.#ids.delete(last.alertId)
    this.#withdrawn.set(last.alertId, revision)
    return revision
  }

  /** Hash of rule, key and first event, or start where there is none; another one stands under that id already only when that event changed hands. */
  #newId(name: string, finding: Finding): string {
    for (let salt = 0; ; salt++) {
      const id = hex64(
        hash64Of([this.#rule.detector.id, name, finding.events[0] ?? finding.start, salt].join('|')),
      )
      if (!this.#ids.has(id)) return id
    }
  }
}

/** A finding as text: equal texts, equal findings. */
function contentOf({ start, end, site, events, evidence }: Finding): string {
  return JSON.stringify([start, end, site, events, evidence])
}

/** What a reader sees of a revision, without its place in the series. */
function shown({ revision, raisedAt, revisedAt, logSeq, ...rest }: AlertRevision): unknown {
  void [revision, raisedAt, revisedAt, logSeq]
  return rest
}

/** Which alert goes on as which finding: pairs that share the most evidence first, then those that overlap longest. */
function match(stood: readonly Alert[], findings: readonly Finding[]): Map<Alert, Finding> {
  const pairs = stood.flatMap((alert, i) =>
    findings.map((finding, j) => ({ alert, finding, i, j, ...related(alert.finding, finding) })),
  )
  pairs.sort(
    (a, b) =>
      b.shared - a.shared ||
      b.score - a.score ||
      a.alert.last.raisedAt - b.alert.last.raisedAt ||
      (a.alert.last.alertId < b.alert.last.alertId
        ? -1
        : a.alert.last.alertId > b.alert.last.alertId
          ? 1
          : 0) ||
      a.j - b.j,
  )
  const heirs = new Map<Alert, Finding>()
  const taken = new Set<Finding>()
  for (const { alert, finding, score } of pairs) {
    if (score === 0 || heirs.has(alert) || taken.has(finding)) continue
    heirs.set(alert, finding)
    taken.add(finding)
  }
  return heirs
}

/** shared: events in both. score: that, or the overlap in ms plus one when the spans touch; 0: nothing in common. */
function related(a: Finding, b: Finding): { shared: number; score: number } {
  const events = new Set(a.events)
  const shared = b.events.reduce((sum, event) => sum + (events.has(event) ? 1 : 0), 0)
  const overlap = Math.min(a.end, b.end) - Math.max(a.start, b.start)
  return { shared, score: overlap >= 0 ? overlap + 1 + shared : shared }
}
