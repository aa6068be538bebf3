import type { Static, TObject } from 'typebox'
import type { Reference } from '../ingest/reference/reference.ts'
import type { FeedName } from '../ingest/feeds/layout.ts'
import type { AlertClass, Keyspace, Severity } from './alert.ts'
import type { History } from './engine/history.ts'

/** What a detector finds in a slice of history: the span, the events it rests on, and the numbers that decided. */
export interface Finding<E = Record<string, unknown>> {
  /** Span of the finding, ms UTC, both finite. */
  readonly start: number
  readonly end: number
  /** Site or premises to show it at; empty when it has none. */
  readonly site: string
  /** event_key of each event that it rests on, by time; at least one, except for findings about a site: counts have none. */
  readonly events: readonly string[]
  readonly evidence: E
}

/** Findings, and when to look again although nothing may have come: an absence is certain only at a later tick. */
export interface Evaluation<E = Record<string, unknown>> {
  readonly findings: Finding<E>[]
  /** at: first tick of interest; about: event time around which the history is looked at then; both ms UTC. */
  readonly rechecks?: readonly { readonly at: number; readonly about: number }[]
}

/** What two vehicles must have done together at least, ever, to be looked at as company; more records never undo it. */
export interface Company {
  /** They meet when one passes a camera within this time of the other, ms. */
  readonly withinMs: number
  /** Passages of the first at which they met. */
  readonly atLeast: number
  /** Of these, trips: meetings at `cameras` different cameras, the next trip more than `apartMs` after them. */
  readonly trips?: { readonly atLeast: number; readonly cameras: number; readonly apartMs: number }
}

/**
 * What is counted at a site. A registration counts for its source only: a lodging is a key of its own, with a history.
 * `unmatched-entry`: an entry of a traveller whose crossing before it, at most `unmatchedMs` ago, was an entry as well.
 */
export const volumeKinds = ['entry', 'exit', 'check', 'sighting', 'registration', 'unmatched-entry'] as const
export type VolumeKind = (typeof volumeKinds)[number]

/** How many events a site or a source had, by hours. All times are ms UTC; an hour and a day are named by their start. */
export interface Volumes {
  /** `counted`: the site sends totals (`events.volumes`) and no records. */
  readonly origin: 'records' | 'counted'
  /** First and last hour of which anything is known; NaN when nothing is. Kept are 70 days of records, all counted totals. */
  readonly firstHour: number
  readonly lastHour: number
  count(kind: VolumeKind, hour: number): number
  /** Records of the 24 hours from local midnight `localDay`, or the total that was reported for that day. */
  day(kind: VolumeKind, localDay: number): number
  /** Whether a total was reported that covers `at`: 0 and nothing are two things. Of records: whether the hour had any. */
  reported(at: number): boolean
  /** Unmatched entries with from ≤ at ≤ to, by time. Only for detectors with `follows: 'traveller'`. */
  unmatched(from: number, to: number): readonly { readonly at: number; readonly event: string }[]
}

/** What a detector looks at. */
export interface Context<P> {
  readonly history: History
  /** The key: pseudonym in hex for travellers and vehicles, id for premises and sites, `source:<name>` for sources. */
  readonly key: string
  readonly params: P
  readonly reference: Reference
  /** The last tick of the log, ms UTC. */
  readonly now: number
  /**
   * The zone that is looked at, ms UTC: a finding that ends before `from` or starts after `to` is not needed. One that starts with the event that
   * decides, and before `from`, is altered by nothing that has changed; where it rests on events before its start, which the slice may lack, it must be left out.
   */
  readonly from: number
  readonly to: number
  /** Records of the linked vehicle (hex, see `History.linked`) with from ≤ at ≤ to. Only with `follows: 'vehicle'`. */
  trail(vehicle: string, from: number, to: number): History
  /** Records with from ≤ at ≤ to of each vehicle of a greater hex that this one has kept company with, by hex. Only with `companions`. */
  company(from: number, to: number): readonly { readonly vehicle: string; readonly history: History }[]
  /** Counts of the site or source. Only for key `site`, whose `history` is empty. */
  readonly volumes: Volumes
}

/** Words for a sentence: names and local times, in the language of the reader. */
export interface Words {
  readonly language: 'en' | 'th'
  /** Name of a site or premises. */
  name(id: string): string
  /** Local day and time, for example `3 Jan 2025, 04:00`. */
  time(at: number): string
  /** Length of a span, for example `13 h 20 min`. */
  span(ms: number): string
}

/** The same words in each language. */
export interface Named {
  readonly en: string
  readonly th: string
}

/**
 * A detector: a pure function of a slice of one key's history, with what the engine, SQL and the dashboard need to know of it.
 * Pure: no clock, random, environment, network or logger; the same arguments give the same findings in the same order.
 */
export interface Detector<P extends TObject = TObject, E extends TObject = TObject> {
  /** kebab-case, equal to the name of its file. */
  readonly id: string
  readonly key: Keyspace
  /** Feeds whose events it reads: a change by another feed's event is none to it. */
  readonly reads: readonly FeedName[]
  /** Which of the seven enforcement measures it answers. */
  readonly measure: 1 | 2 | 3 | 4 | 5 | 6 | 7
  readonly class: AlertClass
  /** What it is called on a page, in every language of the dashboard. */
  readonly title: Named
  /** Why it is looked for: the documented pattern behind it. */
  readonly reason: Named
  readonly params: P
  readonly evidence: E
  /**
   * Only events within this distance of a change (beyond the change's own span) can alter a finding, ms. The engine evaluates
   * the slice [change − lookback, change + lookback], widened over the standing findings that it touches.
   */
  lookbackMs(params: Static<P>): number
  /**
   * The same for events after a finding, where they reach less far than those before it, ms; absent: `lookbackMs`. A detector that
   * compares an hour with the weeks before it looks ahead an hour, and only the hours after a change are looked at again.
   */
  lookaheadMs?(params: Static<P>): number
  /**
   * Histories of other keys that it looks into. `vehicle` (key traveller): vehicles of crossings that carry both; a change of a
   * vehicle is a change of its travellers. `traveller` (key site): tells entries without an exit.
   */
  readonly follows?: 'vehicle' | 'traveller'
  /** With `follows: 'traveller'`: how long before an entry another makes it unmatched, ms. One value for all rules; default 30 days. */
  unmatchedMs?(params: Static<P>): number
  /**
   * Key vehicle: evaluated only when it has kept company with some other vehicle. A pair belongs to the vehicle whose hex is
   * smaller; beside the passages of the pair only the history of that vehicle may decide.
   */
  companions?(params: Static<P>): Company
  /**
   * Key vehicle: it looks at plates with an unread character too (ingest/feeds/partial-token.ts). Such a key is a reading that
   * several vehicles may share; without this it is passed over.
   */
  readonly partialReads?: boolean
  /**
   * Keys traveller and vehicle: evaluated only when this table has, or ever had, a row whose id is the key. Such a table can be long, and
   * nearly no key is in it.
   */
  readonly keysIn?: keyof Reference
  /** Tables of reference data that decide: a change of one of their rows has the keys that it touches looked at again. */
  readonly uses?: readonly (keyof Reference)[]
  evaluate(context: Context<Static<P>>): Finding<Static<E>>[] | Evaluation<Static<E>>
  severity(evidence: Static<E>, params: Static<P>): Severity
  /** The sentence a person reads, with the numbers that decided. A lead, never a verdict. */
  explain(finding: Explained<Static<E>, Static<P>>, words: Words): string
  /** What would have made it not fire, as the end of "It would not have been flagged …": `with 3 crossings or fewer in 24 h`. */
  unless?(finding: Explained<Static<E>, Static<P>>, words: Words): string
}

/** What a sentence is made of. */
export interface Explained<E, P> {
  readonly evidence: E
  readonly params: P
  readonly site: string
}

/** Types a detector and gives it back. */
export function defineDetector<P extends TObject, E extends TObject>(
  detector: Detector<P, E>,
): Detector<P, E> {
  return detector
}
