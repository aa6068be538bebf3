/** Who or what a label is about, in the clear: a document, a plate, or a place (premises, site, or `source:<name>`). */
export type Subject = Document | Plate | { readonly place: string }

export interface Document {
  readonly documentType: string
  readonly nationality: string
  readonly documentNumber: string
}

export interface Plate {
  readonly plate: string
  readonly plateProvince?: string
  readonly plateCountry: string
}

/**
 * `stands`: a detector that is right finds it and keeps it. `withdrawn`: a later record undoes it, so that an alert may
 * have stood for a while, and must not in the end. `never`: a hard negative; it looks like the pattern and is none.
 */
export type Truth = 'stands' | 'withdrawn' | 'never'

/** The truth about a planted pattern. */
export interface Scheme {
  readonly id: string
  /** Id of the detector that it is planted for. */
  readonly rule: string
  readonly truth: Truth
  /** One word for what is planted, for example `bounce`; of a hard negative what it looks like. */
  readonly variant: string
  /** Whom a finding may name: one of these. */
  readonly subjects: readonly Subject[]
  /** First and last moment of the pattern (event time), ms UTC. */
  readonly startAt: number
  readonly endAt: number
  /** When the record was sent with which it became certain; of an absence, when that was certain, ms UTC. */
  readonly decidedAt: number
  /** That record as the log knows it, `source:id`; empty for an absence. */
  readonly decidedBy: string
  /** Ids of all its records, `source:id`. */
  readonly events: readonly string[]
  /** What else is true of it in its span: findings of these detectors are right too, and nobody waits for them. */
  readonly also: readonly { readonly rule: string; readonly subjects: readonly Subject[] }[]
}

/** The subject in a word, for messages and tests: number of a document, text of a plate, id of a place. */
export const nameOfSubject = (subject: Subject): string =>
  'place' in subject ? subject.place : 'plate' in subject ? subject.plate : subject.documentNumber
