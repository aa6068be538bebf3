import type { Static, TObject } from 'typebox'
import { expect } from 'vitest'
import type { AlertRevision } from '../../processors/alert.ts'
import type { Detector, Finding } from '../../processors/detector.ts'
import { createEngine } from '../../processors/engine/engine.ts'
import { createRule, type Rule } from '../../processors/rule.ts'
import { createReference } from '../../ingest/reference/reference.ts'
import type { CountedVolume, ReferenceChange, ReferenceRow } from '../../ingest/feeds/log-subjects.ts'
import { createWords } from '../../processors/words.ts'
import { batchesOf, monday, type TestEvent } from './events.ts'
import { entitlementsFlipped, flipped } from './fairness.ts'

export interface Circumstances {
  /** Rows of reference data by table, besides sites and premises. */
  readonly tables?: Readonly<Partial<Record<ReferenceChange['table'], readonly ReferenceRow[]>>>
  /** The last tick, ms UTC, after all events; absent: none. */
  readonly now?: number
  /** Totals that came counted. */
  readonly volumes?: readonly CountedVolume[]
}

/**
 * Runs one detector over events through the real engine and gives the findings that stand, by time. Every fixture is one of fairness as
 * well: with other nationalities, sexes and birth years, and the entitlement tables renamed alike, the same must stand.
 */
export async function findingsOf<P extends TObject, E extends TObject>(
  detector: Detector<P, E>,
  params: Readonly<Record<string, unknown>>,
  events: readonly TestEvent[],
  premises: readonly ReferenceRow[] = [],
  sites: readonly ReferenceRow[] = [],
  { tables = {}, now, volumes = [] }: Circumstances = {},
): Promise<(Finding<Static<E>> & { alert: AlertRevision })[]> {
  const rule = createRule(detector as unknown as Detector, params)
  const all = { premises, sites, ...tables }
  const open = standing(rule, events, all, now, volumes)
  const other = standing(rule, events.map(flipped), entitlementsFlipped(all), now, volumes)
  expect(other, 'nationality, sex and birth year decide nothing').toEqual(open)
  return open.map((alert) => ({
    start: alert.startAt,
    end: alert.endAt,
    site: alert.site,
    events: alert.events,
    evidence: alert.evidence as Static<E>,
    alert,
  }))
}

type Tables = Readonly<Partial<Record<ReferenceChange['table'], readonly ReferenceRow[]>>>

function standing(
  rule: Rule,
  events: readonly TestEvent[],
  tables: Tables,
  now: number | undefined,
  volumes: readonly CountedVolume[],
): AlertRevision[] {
  const engine = createEngine({ slice: { index: 1, count: 1 }, rules: [rule], timeZone: 'Asia/Bangkok' })
  let seq = 0
  for (const [table, rows] of Object.entries(tables))
    engine.take(
      { kind: 'reference', change: { table: table as ReferenceChange['table'], rows, loggedAt: monday } },
      ++seq,
    )
  for (const batch of batchesOf(events)) engine.take({ kind: 'batch', batch }, ++seq)
  if (volumes.length > 0)
    engine.take({ kind: 'volumes', volumes: { source: 'test', rows: volumes, loggedAt: monday } }, ++seq)
  if (now !== undefined) engine.take({ kind: 'tick', tick: { at: now } }, ++seq)
  return engine.open().sort((a, b) => a.startAt - b.startAt)
}

/** The sentence of a finding with default parameters and no reference data. */
export function sentenceOf(detector: unknown, finding: Finding | undefined, language: 'en' | 'th'): string {
  const rule = createRule(detector as Detector)
  if (finding === undefined) throw new Error('no finding')
  const { evidence, site } = finding
  return rule.detector.explain(
    { evidence, params: rule.params, site },
    createWords(language, createReference(), 'Asia/Bangkok'),
  )
}

/** What would have made a finding not fire, with default parameters and no reference data; empty when the detector has no words for it. */
export function unlessOf(detector: unknown, finding: Finding | undefined, language: 'en' | 'th'): string {
  const rule = createRule(detector as Detector)
  if (finding === undefined) throw new Error('no finding')
  const { evidence, site } = finding
  const words = createWords(language, createReference(), 'Asia/Bangkok')
  return rule.detector.unless?.({ evidence, params: rule.params, site }, words) ?? ''
}
