import type { ReferenceRow } from '../ingest/feeds/log-subjects.ts'

/** What an alert asks of the person who reads it. `welfare`: a possible victim; its own queue, never a watchlist. */
export const alertClasses = [
  'welfare',
  'investigate',
  'verify',
  'administrative',
  'inspect',
  'monitor',
  'operations',
] as const
export type AlertClass = (typeof alertClasses)[number]

export type Severity = 'low' | 'medium' | 'high'
export type Keyspace = 'traveller' | 'vehicle' | 'premises' | 'site'

/** One version of an alert. A later revision replaces an earlier one; every one is kept. */
export interface AlertRevision {
  /** 16 hexadecimal digits. */
  readonly alertId: string
  /** 1 for the first, without gaps. */
  readonly revision: number
  readonly status: 'open' | 'withdrawn'
  /** Detector id and the version of rule (detector, parameters, severity). */
  readonly rule: string
  readonly ruleVersion: string
  readonly class: AlertClass
  /** Which of the seven enforcement measures it answers. */
  readonly measure: number
  readonly severity: Severity
  readonly keyspace: Keyspace
  /** Pseudonym (16 hex digits) of a traveller or vehicle; id of a premises or site. */
  readonly key: string
  /** Site or premises that the alert is shown at; empty when it has none. */
  readonly site: string
  /** Span of the finding, ms UTC; endAt may lie ahead of the log (a stay that is still booked). */
  readonly startAt: number
  readonly endAt: number
  /** Ticks at which the first and this revision were made, ms UTC. */
  readonly raisedAt: number
  readonly revisedAt: number
  /** The sentence a person reads, with the numbers that decided. */
  readonly sentence: { readonly en: string; readonly th: string }
  /** As the detector's evidence schema says. */
  readonly evidence: Readonly<Record<string, unknown>>
  /** event_key (16 hex digits) of each event that the finding rests on, by time. */
  readonly events: readonly string[]
  /** Why it was withdrawn, empty otherwise. */
  readonly reason: string
  /** Sequence of the EVENTS message that led to this revision. */
  readonly logSeq: number
}

/** One message of the ALERTS stream: everything a slice put out up to a position of the log, and its commit. */
export interface AlertCommit {
  readonly slice: string
  /** Raised by one with each new owner of the slice. */
  readonly epoch: number
  /** Rules and code that it was made with: the running hash is comparable among equals only. */
  readonly rules: string
  /** Last EVENTS sequence whose output is included. */
  readonly toSeq: number
  /** Revisions that this slice has put out since the start of the log, these included. */
  readonly emitted: number
  /** Running SHA-256 (hex) over all revisions so far: a recomputation must meet it at the same count. */
  readonly chain: string
  readonly revisions: readonly AlertRevision[]
}

export type { ReferenceRow }
