import type { FeedName } from '../feeds/layout.ts'
import { weighted, type Weighted } from './dice.ts'

/** The suppliers' systems that the world plays: the names that their API keys are made for. */
export const worldSources = {
  crossings: 'immigration',
  sightings: 'route-cameras',
  registrations: 'lodging-portal',
} as const satisfies Record<FeedName, string>

/** Who tells the reference desk of watchlists and works: the name of that key. */
export const worldDesk = 'reference-desk'

/** A record as a supplier would send it, before anybody has checked it. */
export type RawRecord = { readonly id: string; readonly [field: string]: unknown }

/** A record, and when it reaches the supplier's outbox. */
export interface Sent {
  readonly feed: FeedName
  readonly sendAt: number
  readonly record: RawRecord
  /** True: part of a planted scheme, so that noise must not change what is true. */
  readonly planted?: boolean
}

/**
 * One family of the world: everything that belongs to a local day; nothing of it is sent more than `spanDays` days after
 * that day began, or more than `leadDays` (default 0) before.
 */
export interface Family {
  readonly name: string
  readonly spanDays: number
  readonly leadDays?: number
  day(day: number): Sent[]
}

/** Weights of the 24 hours of a day, as a list to draw from. */
export const hours = (weights: readonly number[]): Weighted<number> =>
  weighted(weights.map((weight, hour) => [hour, weight] as const))

/** Every id starts with this: raise it when the generator changes, or old ids would come with new content. */
export const idPrefix = 'w2'
