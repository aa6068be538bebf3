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
  /** event_key of each event that it rests on, by time; at least one. */
  readonly events: readonly string[]
  readonly evidence: E
}

/** Findings, and when to look again although nothing may have come: an absence is certain only at a later tick. */
export interface Evaluation<E = Record<string, unknown>> {
  readonly findings: Finding<E>[]
  /** at: first tick of interest; about: event time around which the history is looked at then; both ms UTC. */
  readonly rechecks?: readonly { readonly at: number; readonly about: number }[]
}

/** What a detector looks at. */
export interface Context<P> {
  readonly history: History
  /** The key: pseudonym in hex for travellers and vehicles, id for premises and sites. */
  readonly key: string
  readonly params: P
  readonly reference: Reference
  /** The last tick of the log, ms UTC. */
  readonly now: number
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
  /** Feeds whose events it reads. */
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
