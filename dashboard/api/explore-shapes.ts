import { Type, type Static } from 'typebox'
import { dimensions, measureNames } from './explore-measures.ts'
import { Moment } from './shapes.ts'

const words = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>(Type.Enum([...values], { description }))
const values = Type.String({
  maxLength: 8192,
  // Letters of any script, as provinces and rules have them; never a quote or a control character.
  pattern: '^[\\p{L}\\p{M}\\p{N} ._~:,()/-]*$',
  description: 'Values by comma, any of which counts; - is the empty value. Absent: all.',
})

export const exploreGrains = ['hour', 'day', 'week', 'month'] as const
const filters = {
  feed: Type.Optional(values),
  site: Type.Optional(values),
  province: Type.Optional(values),
  zone: Type.Optional(values),
  direction: Type.Optional(values),
  documentType: Type.Optional(values),
  vehicleClass: Type.Optional(values),
  source: Type.Optional(values),
  rule: Type.Optional(values),
  measure: Type.Optional(values),
  severity: Type.Optional(values),
  class: Type.Optional(values),
}
const span = {
  show: words(measureNames, 'What is measured.'),
  from: Moment,
  /** Exclusive. */
  to: Moment,
}
const compared = {
  grain: Type.Optional(words(exploreGrains, 'Width of a bucket; absent: hour. Wider ones are local.')),
  split: Type.Optional(words(dimensions, 'Dimension whose values are told apart; absent: none.')),
  top: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 5000, description: 'Values told apart; the rest is added up.' }),
  ),
  /** The span that it is compared with. */
  compareFrom: Type.Optional(Moment),
  compareTo: Type.Optional(Moment),
  known: Type.Optional(Moment),
}
const skip = Type.Optional(
  Type.String({
    maxLength: 8192,
    pattern: '^(\\d{1,15}-\\d{1,15}(,\\d{1,15}-\\d{1,15})*)?$',
    description:
      'Spans to leave out of leaderboards, from-to in ms UTC, by comma: gaps and what stands beside them.',
  }),
)
const closed = { additionalProperties: false }

// GET /api/explore/series, /api/explore/query
export const ExploreQuery = Type.Object(
  {
    ...span,
    ...compared,
    format: Type.Optional(
      words(['stream', 'arrow', 'parquet', 'csv'], 'Absent: an Arrow stream. The others come as files.'),
    ),
    ...filters,
  },
  closed,
)
export type ExploreQuery = Static<typeof ExploreQuery>

// GET /api/explore/boards
export const BoardsQuery = Type.Object({ ...span, ...compared, skip, ...filters }, closed)
export type BoardsQuery = Static<typeof BoardsQuery>
export const BoardValue = Type.Object({
  value: Type.String(),
  now: Type.Number(),
  nowBase: Type.Number(),
  before: Type.Number(),
  beforeBase: Type.Number(),
})
export type BoardValue = Static<typeof BoardValue>
export const Boards = Type.Object({
  total: BoardValue,
  /** Largest values first; a dimension that is filtered shows all its values. */
  boards: Type.Array(Type.Object({ dimension: Type.String(), values: Type.Array(BoardValue) })),
})
export type Boards = Static<typeof Boards>

// GET /api/explore/explain
export const Explained = Type.Object({
  now: Type.Number(),
  before: Type.Number(),
  causes: Type.Array(
    Type.Object({
      dimension: Type.String(),
      value: Type.String(),
      now: Type.Number(),
      before: Type.Number(),
      /** now over before; null: nothing before. */
      ratio: Type.Union([Type.Number(), Type.Null()]),
      /** What it has above (or below) had it moved as everything else did. */
      excess: Type.Number(),
      /** Part of the whole change, 0 to 1 and beyond. */
      share: Type.Number(),
    }),
  ),
})
export type Explained = Static<typeof Explained>

// GET /api/explore/marks
export const MarksQuery = Type.Object({ ...span, ...filters }, closed)
export type MarksQuery = Static<typeof MarksQuery>
export const Marks = Type.Object({
  /** Spans without a single record where some are usual, ms UTC. */
  gaps: Type.Array(Type.Object({ feed: Type.String(), from: Type.Integer(), to: Type.Integer() })),
  notes: Type.Array(
    Type.Object({
      kind: words(['holiday', 'closure', 'outage'], 'What the note is about.'),
      from: Type.Integer(),
      to: Type.Integer(),
      text: Type.Object({ en: Type.String(), th: Type.String() }),
    }),
  ),
  /** When the youngest of the feeds began, ms UTC: what lies before has no count to be compared with. null: not begun. */
  since: Type.Union([Type.Integer(), Type.Null()]),
})
export type Marks = Static<typeof Marks>

// GET /api/explore/rows
export const RowsQuery = Type.Object(
  { ...span, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })), ...filters },
  closed,
)
export type RowsQuery = Static<typeof RowsQuery>
export const ExploreRow = Type.Object({
  feed: Type.String(),
  eventKey: Type.String(),
  eventId: Type.String(),
  source: Type.String(),
  site: Type.String(),
  at: Type.Number(),
  ingestedAt: Type.Number(),
  batch: Type.String(),
  /** Sequence of the message in the EVENTS log; 0: aged out of the journal. */
  logSeq: Type.Number(),
  revision: Type.Number(),
  direction: Type.String(),
  documentType: Type.String(),
  vehicleClass: Type.String(),
  detail: Type.String(),
})
export type ExploreRow = Static<typeof ExploreRow>
export const ExploreRows = Type.Object({ rows: Type.Array(ExploreRow) })
export type ExploreRows = Static<typeof ExploreRows>

// GET /api/explore/query
export const ExploreText = Type.Object({
  name: Type.String(),
  sql: Type.String(),
  params: Type.Record(Type.String(), Type.Unknown()),
})
export type ExploreText = Static<typeof ExploreText>
