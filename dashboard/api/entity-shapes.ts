import { Type, type Static } from 'typebox'
import { Hex64, Moment, Ms } from './shapes.ts'

const words = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>(Type.Enum([...values], { description }))
const closed = { additionalProperties: false }

export const entityKinds = ['traveller', 'vehicle', 'premises'] as const
export type EntityKind = (typeof entityKinds)[number]

// GET /api/entities/:kind/:key/events → Arrow IPC stream, see EntityEvent. Headers say how many reads were withheld.
export const EntityParams = Type.Object(
  {
    kind: words(entityKinds, 'What the key is of.'),
    key: Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._-]+$' }),
  },
  closed,
)
export type EntityParams = Static<typeof EntityParams>
export const EntityQuery = Type.Object({ from: Type.Optional(Moment), to: Type.Optional(Moment) }, closed)
/** Events in an answer at most: the latest of the span. */
export const mostEvents = 50_000

/** One row as the Arrow answer holds it. */
export interface EntityEvent {
  readonly feed: string
  readonly site: string
  /** ms UTC; until: 0 when it is no stay, or has no check-out. */
  readonly at: number
  readonly until: number
  readonly ingestedAt: number
  /** Direction of a crossing, heading of a sighting. */
  readonly kind: string
  readonly detail: string
  readonly outcome: string
  readonly people: number
  readonly confidence: number
  readonly eventKey: string
  readonly eventId: string
  readonly source: string
  /** Vehicle of a traveller's crossing, or traveller of a vehicle's; zeros: none. */
  readonly with: string
}

// GET /api/entities/vehicle/:key/companions
export const CompanionsParams = Type.Object({ key: Hex64 }, closed)
export const CompanionsQuery = Type.Object(
  {
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90, description: 'Absent: 30.' })),
    minutes: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 60, description: 'Apart at most. Absent: 10.' }),
    ),
  },
  closed,
)
export const Companion = Type.Object({
  key: Hex64,
  /** Passages of the vehicle at which it was near, at how many sites, on how many local days; how many it was ahead. */
  shared: Type.Integer(),
  sites: Type.Integer(),
  days: Type.Integer(),
  ahead: Type.Integer(),
  firstAt: Ms,
  lastAt: Ms,
  /** How many chance alone would bring, from the passages of both by site and hour of the day. */
  expected: Type.Number(),
  /** −log10 of the chance of so many or more: 3 is one in a thousand. */
  score: Type.Number(),
})
export type Companion = Static<typeof Companion>
export const Companions = Type.Object({
  from: Ms,
  to: Ms,
  withinMs: Type.Integer(),
  /** Highest score first, at most 50. */
  companions: Type.Array(Companion),
})
export type Companions = Static<typeof Companions>
