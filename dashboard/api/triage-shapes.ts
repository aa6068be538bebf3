import { Type, type Static } from 'typebox'
import { triageActions } from '../../sql/triage-message.ts'

const words = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>(Type.Enum([...values], { description }))
const closed = { additionalProperties: false }
const hex64 = Type.String({ pattern: '^[0-9a-f]{16}$', description: '64 bits as 16 hexadecimal digits.' })
const siteId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._-]+$' })
const rule = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[a-z0-9-]+$',
  description: 'Id of a rule.',
})
const reason = Type.String({ minLength: 3, maxLength: 300, description: 'Why: 3 to 300 characters.' })
const msOrNull = Type.Union([Type.Integer(), Type.Null()])
const keyspaces = ['traveller', 'vehicle', 'premises', 'site'] as const

/** Where an alert stands. Whoever does anything with an alert has seen it; what was undone does not count. */
export const triageStates = ['new', 'seen', 'assigned', 'disposed'] as const
export const Triage = Type.Object({
  state: words(triageStates, ''),
  /** Empty: nobody. */
  assignee: Type.String(),
  disposition: Type.String(),
  reason: Type.String(),
  disposedBy: Type.String(),
  seenAt: msOrNull,
  assignedAt: msOrNull,
  disposedAt: msOrNull,
  comments: Type.Integer(),
  /** Until when a snooze suppresses it; null when none does. May be past. */
  snoozedUntil: msOrNull,
  /** Grows with each action: of two answers about one alert the higher is the later. */
  position: Type.Integer(),
})
export type Triage = Static<typeof Triage>

export const TriageEntry = Type.Object({
  actionId: Type.String(),
  action: words(triageActions, ''),
  actor: Type.String(),
  at: Type.Integer(),
  value: Type.String(),
  reason: Type.String(),
  comment: Type.String(),
  undone: Type.Boolean(),
})
export type TriageEntry = Static<typeof TriageEntry>

// POST /api/alerts/actions
export const ActionBody = Type.Object(
  {
    action: words(['seen', 'assign', 'comment', 'dispose', 'undo'], 'What to do.'),
    alertIds: Type.Optional(Type.Array(hex64, { minItems: 1, maxItems: 500 })),
    /** assign: to whom (absent: me, empty: nobody); dispose: the disposition. */
    value: Type.Optional(Type.String({ maxLength: 40, pattern: '^[a-z0-9-]*$' })),
    reason: Type.Optional(reason),
    comment: Type.Optional(Type.String({ maxLength: 2000 })),
    /** undo: the action to take back, for all of its alerts. */
    undoOf: Type.Optional(hex64),
    /** A number of the caller's own: sent again, it does nothing a second time. */
    actionId: Type.Optional(hex64),
  },
  closed,
)
export type ActionBody = Static<typeof ActionBody>
export const ActionAnswer = Type.Object({
  actionId: Type.String(),
  /** false: safely logged, and readable in a moment. */
  readable: Type.Boolean(),
  alerts: Type.Array(Type.Object({ alertId: Type.String(), triage: Triage })),
})
export type ActionAnswer = Static<typeof ActionAnswer>

// GET /api/alerts/groups
export const AlertGroups = Type.Object({
  groups: Type.Array(
    Type.Object({
      keyspace: Type.String(),
      key: Type.String(),
      count: Type.Integer(),
      high: Type.Integer(),
      unseen: Type.Integer(),
      oldestAt: Type.Integer(),
    }),
  ),
})
export type AlertGroups = Static<typeof AlertGroups>

// GET, POST /api/snoozes, GET /api/snoozes/preview, DELETE /api/snoozes/:id
const scope = {
  rule,
  keyspace: Type.Optional(words(keyspaces, 'What `key` is of.')),
  key: Type.Optional(siteId),
  site: Type.Optional(siteId),
}
export const SnoozeScope = Type.Object(scope, closed)
export type SnoozeScope = Static<typeof SnoozeScope>
export const SnoozeBody = Type.Object(
  { ...scope, reason, hours: Type.Integer({ minimum: 1, maximum: 720, description: '1 to 720 hours.' }) },
  closed,
)
export type SnoozeBody = Static<typeof SnoozeBody>
export const Snooze = Type.Object({
  snoozeId: Type.String(),
  rule: Type.String(),
  keyspace: Type.String(),
  key: Type.String(),
  site: Type.String(),
  reason: Type.String(),
  actor: Type.String(),
  at: Type.Integer(),
  expiresAt: Type.Integer(),
  revokedAt: msOrNull,
  active: Type.Boolean(),
  /** Open alerts that it meets. */
  suppressed: Type.Integer(),
})
export type Snooze = Static<typeof Snooze>
export const Snoozes = Type.Object({ snoozes: Type.Array(Snooze) })
export type Snoozes = Static<typeof Snoozes>
export const SnoozePreview = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  /** Raised in the last 30 days; of them open, high, welfare, and confirmed by somebody. */
  total: Type.Integer(),
  open: Type.Integer(),
  high: Type.Integer(),
  welfare: Type.Integer(),
  confirmed: Type.Integer(),
})
export type SnoozePreview = Static<typeof SnoozePreview>

// GET /api/alerts/clocks
const Clock = Type.Object({
  /** Open alerts that nobody has seen, and when the oldest of them was raised. */
  unseen: Type.Integer(),
  oldestUnseenAt: msOrNull,
  /** Raised in the last seven days and seen or disposed of since: how many, the median time, and that of the slowest tenth, ms. */
  seen: Type.Integer(),
  seenMedianMs: msOrNull,
  seenSlowMs: msOrNull,
  disposed: Type.Integer(),
  disposedMedianMs: msOrNull,
  disposedSlowMs: msOrNull,
})
export const Clocks = Type.Object({ main: Clock, welfare: Clock })
export type Clocks = Static<typeof Clocks>
