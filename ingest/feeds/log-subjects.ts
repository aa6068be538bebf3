import type { FeedName } from './layout.ts'

/**
 * The streams and subjects of the system, and what a message on each holds. No subject carries a plate, a document or a key.
 *
 * FEEDS     feeds.<feed>.<source>   what suppliers publish: one JSON record or NDJSON a message
 * EVENTS    events.<feed>           one Arrow IPC batch (see layout.ts)
 *           events.tick             JSON {@link Tick}: the clock of the log
 *           events.reference        JSON {@link ReferenceChange}: rows of reference data, effective-dated
 *           events.volumes          JSON {@link CountedVolumes}: totals that arrive already counted
 * REJECTED  rejected.<feed>         JSON {@link RejectedRecord}
 * ALERTS    alerts.<i>-of-<n>       JSON of processors/alert.ts: what a slice decided, and how far it has read
 */
export const streams = { feeds: 'FEEDS', events: 'EVENTS', rejected: 'REJECTED', alerts: 'ALERTS' } as const

export interface Tick {
  /** Milliseconds UTC. */
  readonly at: number
}

/** The tables of reference data; what their rows hold is in ingest/reference/tables.ts. */
export const tableNames = [
  'sites',
  'premises',
  'hours',
  'districts',
  'stays',
  'passRules',
  'holidays',
  'cameras',
  'watchlists',
] as const
export type TableName = (typeof tableNames)[number]

export interface ReferenceRow {
  readonly id: string
  /** ISO date or instant from which the row holds, and until which (exclusive); null: open. */
  readonly validFrom: string
  readonly validTo: string | null
  readonly source: string
  readonly owner: string
  readonly [field: string]: string | number | boolean | null
}

export interface ReferenceChange {
  readonly table: TableName
  readonly rows: readonly ReferenceRow[]
  readonly loggedAt: number
}

export interface CountedVolume {
  readonly feed: FeedName
  readonly site: string
  /** Direction of crossings (entry, exit), empty for the other feeds. */
  readonly kind: string
  /** Start of the span that was counted, ms UTC, and its length. */
  readonly at: number
  readonly spanMs: number
  readonly count: number
}

export interface CountedVolumes {
  readonly source: string
  readonly rows: readonly CountedVolume[]
  readonly loggedAt: number
}

export interface RejectedRecord {
  readonly id: string
  readonly source: string
  readonly feed: FeedName
  readonly at: number
  readonly reason: string
  readonly field: string
  readonly fix: string
  /** The record as it came, encrypted with AES-256-GCM under a key derived from the pseudonym key; base64. */
  readonly sealed: string
}

/**
 * Questions that the archive answers on core NATS, so that a processor whose log was cut can build its histories from the store
 * without a connection of its own to it. Requests and answers are JSON; a part's answer is Arrow IPC.
 */
export const historySubjects = {
  /** {@link HistoryWanted} → {@link HistoryPlan}: what there is of each feed that ends at its time or later. */
  plan: 'store.history.plan',
  /** {@link HistoryPart} → its rows. */
  part: 'store.history.part',
  /** { offset } → {@link HistoryReference}. */
  reference: 'store.history.reference',
  /** { offset } → {@link HistoryCounted}. */
  counted: 'store.history.counted',
} as const

/** Header of an answer that is none; its value is the error's code. */
export const historyErrorHeader = 'Daan-Error'

/** From when on a feed is of use, ms UTC; one that is not named is of none. */
export interface HistoryWanted {
  readonly from: Readonly<Partial<Record<FeedName, number>>>
}

export interface HistoryPart {
  readonly feed: FeedName
  readonly from: number
  readonly fromSite: string
  readonly toSite: string
  /** Part `part` of `of`, by event. */
  readonly part: number
  readonly of: number
}

export interface HistoryPlan {
  /** The log that the store holds (when its stream was made, ms), and up to which sequence at least. */
  readonly logId: number
  readonly seq: number
  readonly parts: readonly HistoryPart[]
}

export interface HistoryReference {
  /** `row`: JSON of a {@link ReferenceRow}. */
  readonly rows: readonly { readonly table: TableName; readonly row: string }[]
  readonly next: number | null
}

/** Totals that arrived counted, the newest of each site, kind, hour and length. */
export interface HistoryCounted {
  readonly rows: readonly CountedVolume[]
  readonly next: number | null
}
