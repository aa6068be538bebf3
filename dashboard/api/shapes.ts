import { Type, type Static, type TSchema } from 'typebox'
import { Triage, TriageEntry, triageStates } from './triage-shapes.ts'
import type { AlertClass, Keyspace, Severity } from '../../processors/alert.ts'

/**
 * What every route takes and answers. Times are integer milliseconds UTC, dates `YYYY-MM-DD` in the time zone of the
 * installation, 64-bit numbers 16 hexadecimal digits. The web imports the types, the routes the schemas.
 */

const words = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>(Type.Enum([...values], { description }))
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const open = { additionalProperties: true }
const closed = { additionalProperties: false }

export const roles = ['analyst', 'leader', 'admin'] as const
export type Role = (typeof roles)[number]
export const Role = words(roles, 'What a person may see and do.')

export const feeds = ['crossings', 'sightings', 'registrations'] as const
export const Feed = words(feeds, 'One of the three feeds.')
export type Feed = (typeof feeds)[number]

export const Hex64 = Type.String({
  pattern: '^[0-9a-f]{16}$',
  description: '64 bits as 16 hexadecimal digits.',
})
export const Ms = Type.Integer({ description: 'Milliseconds UTC.' })
export const LocalDate = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'Day in the time zone of the installation.',
})
/** A moment in a query string: a day (its local midnight) or an instant with offset. */
export const Moment = Type.String({
  maxLength: 32,
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?(Z|[+-]\\d{2}:\\d{2}))?$',
  description: 'YYYY-MM-DD (its local midnight) or ISO 8601 with offset.',
})
const SiteId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._-]+$' })

/** Every answer that is no success. `fix` says what to do next. */
export const ApiError = Type.Object({
  code: Type.String(),
  message: Type.String(),
  field: Type.Optional(Type.String()),
  fix: Type.Optional(Type.String()),
})
export type ApiError = Static<typeof ApiError>

// GET /api/me
export const Me = Type.Object({
  role: Role,
  /** Name under which this session's actions are kept. */
  actor: Type.String(),
  timeZone: Type.String(),
  /** Template of the map's tiles; null: none. */
  tileUrl: orNull(Type.String()),
  version: Type.String(),
  /** One machine with everything on it (store embedded). */
  standalone: Type.Boolean(),
  /** Time by the clock of the log: the wall, or under CLOCK=events the last tick. Charts end here. */
  now: Ms,
  clock: words(['wall', 'events'], 'What `now` follows.'),
})
export type Me = Static<typeof Me>

// GET /api/volumes → Arrow IPC stream: time timestamp[ms, UTC], site utf8, kind utf8, feed utf8, count, people
export const grains = ['hour', 'day', 'week', 'month'] as const
export const origins = ['recomputed', 'counted'] as const
export const VolumesQuery = Type.Object(
  {
    feed: Type.Optional(Feed),
    from: Moment,
    /** Exclusive. */
    to: Moment,
    grain: Type.Optional(words(grains, 'Width of a bucket; absent: hour. Buckets above hour are local.')),
    sites: Type.Optional(
      Type.String({
        maxLength: 8192,
        pattern: '^[A-Za-z0-9._,-]*$',
        description: 'Ids, by comma; absent: all.',
      }),
    ),
    origin: Type.Optional(
      words(
        origins,
        'Only records, or only counted totals; absent: records, or totals where there are no records.',
      ),
    ),
    timeZone: Type.Optional(
      Type.String({
        maxLength: 64,
        pattern: '^[A-Za-z0-9_+/-]+$',
        description: 'Zone of local buckets, else the installation’s.',
      }),
    ),
  },
  closed,
)
export type VolumesQuery = Static<typeof VolumesQuery>
/** One row as the Arrow answer holds it; `count` and `people` fit a double (arrow gives them as bigint: use Number). */
export interface VolumeRow {
  readonly time: number
  readonly site: string
  readonly kind: string
  readonly feed: Feed
  readonly count: number
  readonly people: number
}

// GET /api/totals
const Compared = Type.Object({
  count: Type.Integer(),
  people: Type.Integer(),
  /** The same window seven days before; null when the feed had no record yet, or has none of the last hours. */
  weekBefore: orNull(Type.Integer()),
  /** count / weekBefore; null when that is null or 0. */
  ratio: orNull(Type.Number()),
})
export const Totals = Type.Object({
  now: Ms,
  /** Open alerts by severity, whatever somebody did with them. */
  openAlerts: Type.Object({ high: Type.Integer(), medium: Type.Integer(), low: Type.Integer() }),
  feeds: Type.Array(
    Type.Object({
      feed: Feed,
      /** End of the last hour that has records of it; null: none at all. */
      lastAt: orNull(Ms),
      last24h: Compared,
      /** From local midnight to now. */
      today: Compared,
    }),
  ),
})
export type Totals = Static<typeof Totals>

// GET /api/alerts
const Bilingual = Type.Object({ en: Type.String(), th: Type.String() })
export const AlertItem = Type.Object({
  alertId: Hex64,
  revision: Type.Integer(),
  status: words(['open', 'withdrawn'], ''),
  rule: Type.String(),
  ruleVersion: Type.String(),
  class: Type.Unsafe<AlertClass>(Type.String()),
  measure: Type.Integer(),
  severity: Type.Unsafe<Severity>(Type.String()),
  keyspace: Type.Unsafe<Keyspace>(Type.String()),
  /** Pseudonym or id of the premises or site. */
  key: Type.String(),
  site: Type.String(),
  siteName: Bilingual,
  startAt: Ms,
  endAt: Ms,
  raisedAt: Ms,
  revisedAt: Ms,
  sentence: Bilingual,
  evidence: Type.Record(Type.String(), Type.Unknown()),
  /** Events that it rests on; their rows: /api/alerts/:id/evidence. */
  eventCount: Type.Integer(),
  /** Why it was withdrawn, else empty. */
  reason: Type.String(),
  logSeq: Type.Integer(),
})
export type AlertItem = Static<typeof AlertItem>
/** An alert with where it stands. */
export const QueueItem = Type.Object({ ...AlertItem.properties, triage: Triage })
export type QueueItem = Static<typeof QueueItem>

export const AlertsQuery = Type.Object(
  {
    rule: Type.Optional(Type.String({ maxLength: 64, pattern: '^[a-z0-9-]+$' })),
    class: Type.Optional(Type.String({ maxLength: 32, pattern: '^[a-z]+$' })),
    severity: Type.Optional(words(['low', 'medium', 'high'], '')),
    status: Type.Optional(words(['open', 'withdrawn', 'all'], 'Absent: open.')),
    site: Type.Optional(SiteId),
    /** Traveller, vehicle, premises or site that it is about. */
    key: Type.Optional(SiteId),
    queue: Type.Optional(words(['main', 'welfare'], 'All but welfare, or welfare; absent: both.')),
    state: Type.Optional(words([...triageStates, 'active'], 'active: not disposed; absent: any.')),
    assignee: Type.Optional(
      Type.String({ maxLength: 40, pattern: '^[a-z0-9-]+$', description: '`me`, `nobody` or a name.' }),
    ),
    snoozed: Type.Optional(words(['hide', 'only'], 'Absent: suppressed alerts too.')),
    sort: Type.Optional(
      words(
        ['newest', 'oldest', 'severity', 'urgency'],
        'severity: newest first within one, urgency: oldest first. Absent: newest.',
      ),
    ),
    text: Type.Optional(
      Type.String({
        maxLength: 80,
        description: 'Part of the sentence, in either language, of the key or of the id.',
      }),
    ),
    /** Of the time it was raised. */
    from: Type.Optional(Moment),
    to: Type.Optional(Moment),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Absent: 50.' })),
    cursor: Type.Optional(Type.String({ maxLength: 64, pattern: '^-?[0-9]+-[0-9a-f]{16}$' })),
  },
  closed,
)
export type AlertsQuery = Static<typeof AlertsQuery>
/** Newest raised first unless asked otherwise. */
export const Alerts = Type.Object({
  alerts: Type.Array(QueueItem),
  /** For the next page; null on the last one. */
  nextCursor: orNull(Type.String()),
  /** Alerts that meet the filter, all pages. */
  total: Type.Integer(),
  /** Alerts that meet all of the filter but `snoozed` and are suppressed now. */
  suppressed: Type.Integer(),
  /** Position of the list in the live feed: open /api/alerts/stream?after=<position> and nothing is missed. */
  position: Type.String(),
})
export type Alerts = Static<typeof Alerts>

// GET /api/alerts/naming
export const NamingQuery = Type.Object(
  { key: Type.String({ pattern: '^[0-9a-f]{16}$', description: 'Traveller or vehicle.' }) },
  { additionalProperties: false },
)
export type NamingQuery = Static<typeof NamingQuery>
export const Naming = Type.Object({
  /** Open alerts about others, raised last first. */
  alerts: Type.Array(AlertItem),
})
export type Naming = Static<typeof Naming>

// GET /api/alerts/newest
export const NewestQuery = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) },
  { additionalProperties: false },
)
export const Newest = Type.Object({
  /** Open alerts, raised last first. */
  alerts: Type.Array(AlertItem),
  /** As in {@link Alerts}. */
  position: Type.String(),
})
export type Newest = Static<typeof Newest>

// GET /api/alerts/groups: the same filter, counted
export const GroupsQuery = Type.Object(
  { ...AlertsQuery.properties, by: words(['entity', 'site'], 'What to count by.') },
  closed,
)
export type GroupsQuery = Static<typeof GroupsQuery>

// GET /api/alerts/index → Arrow IPC stream: id uint64, severity_rank 1–3, state_rank 0–3 (new, seen, assigned, disposed), suppressed,
// raised_ms, group_key (keyspace:key, or the site). All alerts of the filter in order, suppressed ones too whatever `snoozed` says.
const { limit: _limit, cursor: _cursor, ...indexFilter } = AlertsQuery.properties
export const IndexQuery = Type.Object(
  { ...indexFilter, by: Type.Optional(words(['entity', 'site'], 'What to group by; absent: nothing.')) },
  closed,
)
export type IndexQuery = Static<typeof IndexQuery>

// GET /api/alerts/rows: some alerts by id, in no order
export const RowsQuery = Type.Object(
  {
    ids: Type.String({
      pattern: '^[0-9a-f]{16}(,[0-9a-f]{16}){0,199}$',
      description: 'Ids by comma, at most 200.',
    }),
  },
  closed,
)
export type RowsQuery = Static<typeof RowsQuery>
export const Rows = Type.Object({ alerts: Type.Array(QueueItem) })
export type Rows = Static<typeof Rows>

// GET /api/alerts/rules
export const RuleTitles = Type.Object({
  rules: Type.Array(Type.Object({ id: Type.String(), title: Bilingual })),
})
export type RuleTitles = Static<typeof RuleTitles>

// GET /api/alerts/stream (text/event-stream): `event: alert` with an AlertItem as data; `event: reset` (data {}) when the
// position asked for is older than the server remembers: load the list again. A comment `: heartbeat` every 15 s.
export const StreamQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ maxLength: 40, pattern: '^[0-9]+(\\.[0-9]+)?$' })),
  },
  closed,
)

// GET /api/alerts/:id
export const AlertParams = Type.Object({ id: Hex64 }, closed)
export const AlertDetail = Type.Object({
  alert: AlertItem,
  triage: Triage,
  /** What was done with it, first to last. */
  history: Type.Array(TriageEntry),
  /** Other alerts of the same key, newest first, at most 20. */
  related: Type.Array(QueueItem),
  /** First to last. */
  revisions: Type.Array(AlertItem),
  rule: Type.Object({
    id: Type.String(),
    title: Bilingual,
    /** What it looks for, in a sentence. */
    description: Bilingual,
    /** Version that made the alert, and whether it is the one that runs now: `params` are those of the one that runs. */
    version: Type.String(),
    current: Type.Boolean(),
    measure: Type.Integer(),
    class: Type.Unsafe<AlertClass>(Type.String()),
    /** Its settings as this installation runs them: name, value and what it means. */
    params: Type.Array(
      Type.Object({ name: Type.String(), value: Type.Unknown(), description: Type.String() }),
    ),
  }),
  /** What would have made it not fire, as the end of a sentence; null when the rule cannot say, or has changed since. */
  unless: orNull(Bilingual),
})
export type AlertDetail = Static<typeof AlertDetail>

// GET /api/alerts/:id/evidence, and with ?format=arrow&feed=… the rows of that feed as an Arrow IPC stream
export const EvidenceQuery = Type.Object(
  {
    format: Type.Optional(words(['json', 'arrow'], 'Absent: json.')),
    feed: Type.Optional(Feed),
    revision: Type.Optional(Type.Integer({ minimum: 1, description: 'Absent: the latest.' })),
  },
  closed,
)
// GET /api/alerts/:id/gaps
export const GapsQuery = Type.Object(
  {
    sites: Type.Optional(
      Type.String({
        maxLength: 8192,
        pattern: '^[A-Za-z0-9._,-]*$',
        description: 'Ids, by comma; its own counts too.',
      }),
    ),
  },
  closed,
)
/** When sites that an alert touches fell silent around it: what is missing there may be missing for that. */
export const Gaps = Type.Object({
  from: Ms,
  to: Ms,
  gaps: Type.Array(
    Type.Object({
      feed: Feed,
      site: Type.String(),
      siteName: Bilingual,
      from: Ms,
      to: Ms,
      /** Usual time between two of its records, ms. */
      usualMs: Type.Integer(),
    }),
  ),
})
export type Gaps = Static<typeof Gaps>

const evidenceCommon = {
  eventKey: Hex64,
  eventId: Type.String(),
  source: Type.String(),
  site: Type.String(),
  siteName: Bilingual,
  at: Ms,
  ingestedAt: Ms,
  batch: Hex64,
  /** Message of the EVENTS log that brought it; 0 when unknown. */
  logSeq: Type.Integer(),
  /** 1 more for each correction. */
  revision: Type.Integer(),
}
export const CrossingRow = Type.Object({
  ...evidenceCommon,
  direction: Type.String(),
  mode: Type.String(),
  documentType: Type.String(),
  traveller: Hex64,
  nationality: Type.String(),
  vehicle: Hex64,
  declaredProvince: Type.String(),
  outcome: Type.String(),
})
export const SightingRow = Type.Object({
  ...evidenceCommon,
  vehicle: Hex64,
  plateProvince: Type.String(),
  plateCountry: Type.String(),
  vehicleClass: Type.String(),
  confidence: Type.Number(),
  heading: Type.String(),
  make: Type.String(),
  colour: Type.String(),
})
export const RegistrationRow = Type.Object({
  ...evidenceCommon,
  checkOutAt: orNull(Ms),
  room: Type.String(),
  partySize: Type.Integer(),
  traveller: Hex64,
  documentType: Type.String(),
  nationality: Type.String(),
  comingFrom: Type.String(),
  goingTo: Type.String(),
})
export const Evidence = Type.Object({
  alertId: Hex64,
  revision: Type.Integer(),
  /** Events of the alert, and how many of them were found: a purged or cancelled one has no row. */
  eventCount: Type.Integer(),
  found: Type.Integer(),
  crossings: Type.Array(CrossingRow),
  sightings: Type.Array(SightingRow),
  registrations: Type.Array(RegistrationRow),
})
export type Evidence = Static<typeof Evidence>
export type CrossingRow = Static<typeof CrossingRow>
export type SightingRow = Static<typeof SightingRow>
export type RegistrationRow = Static<typeof RegistrationRow>

// GET /api/feeds
export const sourceStates = ['reporting', 'quiet', 'silent'] as const
export const SourceStatus = Type.Object({
  feed: Feed,
  source: Type.String(),
  /** When the latest record came in, and the latest time that a record tells of. */
  lastSeenAt: Ms,
  lastEventAt: Ms,
  /** Records that came in during the last 60 minutes, and the mean of an hour over the seven days before (hours since its first). */
  lastHour: Type.Integer(),
  usualHour: orNull(Type.Number()),
  ratio: orNull(Type.Number()),
  /** Last 24 hours. */
  accepted24h: Type.Integer(),
  rejected24h: Type.Integer(),
  /** Median of ingested − at over the last 24 hours, ms; null without records. Check-in ahead of time makes it negative. */
  lagMs: orNull(Type.Integer()),
  /** quiet: below half of usual; silent: nothing in the last hour although usual is at least one. */
  state: words(sourceStates, ''),
})
export type SourceStatus = Static<typeof SourceStatus>
export const Feeds = Type.Object({ now: Ms, sources: Type.Array(SourceStatus) })
export type Feeds = Static<typeof Feeds>

// GET /api/rejected/summary
export const RejectedQuery = Type.Object({ from: Type.Optional(Moment), to: Type.Optional(Moment) }, closed)
export const RejectedSummary = Type.Object({
  from: Ms,
  to: Ms,
  total: Type.Integer(),
  rows: Type.Array(
    Type.Object({
      feed: Type.String(),
      source: Type.String(),
      reason: Type.String(),
      field: Type.String(),
      fix: Type.String(),
      count: Type.Integer(),
      lastAt: Ms,
    }),
  ),
})
export type RejectedSummary = Static<typeof RejectedSummary>

// GET /api/sites: sites and premises that the reference data holds today
export const Site = Type.Object({
  id: Type.String(),
  table: words(['sites', 'premises'], ''),
  name: Bilingual,
  /** checkpoint, airport, camera … as the reference data says; `premises` for lodgings. */
  kind: Type.String(),
  province: Type.String(),
  district: Type.String(),
  /** border, transit, tourist or interior; empty when it is not known. */
  zone: Type.String(),
  /** In a district that the reference data marks as one of high risk. */
  highRisk: Type.Boolean(),
  latitude: orNull(Type.Number()),
  longitude: orNull(Type.Number()),
  /** Lodgings only. */
  capacity: orNull(Type.Integer()),
})
export type Site = Static<typeof Site>
export const Sites = Type.Object({ sites: Type.Array(Site) })
export type Sites = Static<typeof Sites>

// GET /api/daily
export const DailyQuery = Type.Object({ date: Type.Optional(LocalDate) }, closed)
/** A number of the day beside the same weekday of the last four weeks. */
const usual = {
  count: Type.Integer(),
  /** Newest first; null: the day lies before the first record of the feed. */
  sameWeekday: Type.Array(Type.Object({ date: LocalDate, count: orNull(Type.Integer()) })),
  /** Mean of those that are not null; null when all are. */
  usual: orNull(Type.Number()),
  /** count / usual; null when that is null or 0. */
  ratio: orNull(Type.Number()),
}
const DailySite = Type.Object({ feed: Feed, site: Type.String(), siteName: Bilingual, ...usual })
export type DailySite = Static<typeof DailySite>
export const Daily = Type.Object({
  date: LocalDate,
  timeZone: Type.String(),
  from: Ms,
  /** Exclusive. */
  to: Ms,
  /** false while the day lasts. */
  complete: Type.Boolean(),
  totals: Type.Array(
    Type.Object({
      feed: Feed,
      /** '' is the whole feed, else a direction of crossings (entry, exit, check). */
      kind: Type.String(),
      people: Type.Integer(),
      ...usual,
    }),
  ),
  /** Alerts raised on the day that still stand, by rule. */
  alertsByRule: Type.Array(
    Type.Object({
      rule: Type.String(),
      title: Bilingual,
      class: Type.Unsafe<AlertClass>(Type.String()),
      ...usual,
    }),
  ),
  /** Ten by count. */
  busiestSites: Type.Array(DailySite),
  /** Ten by distance of ratio from 1 (as a factor, either way), with count or usual of at least 20. */
  mostChangedSites: Type.Array(DailySite),
  /** Most severe first, at most 50; alertsTotal has them all. Premises and site alerts name the place, none a person. */
  alerts: Type.Array(
    Type.Object({
      alertId: Hex64,
      rule: Type.String(),
      title: Bilingual,
      class: Type.Unsafe<AlertClass>(Type.String()),
      severity: Type.Unsafe<Severity>(Type.String()),
      site: Type.String(),
      siteName: Bilingual,
      raisedAt: Ms,
      sentence: Bilingual,
    }),
  ),
  alertsTotal: Type.Integer(),
  /** 24 rows a feed (23 or 25 where the clock changes): the hour's start, its count, and the mean of the same weekday. */
  hourly: Type.Array(
    Type.Object({
      feed: Feed,
      hour: Type.Integer(),
      time: Ms,
      count: Type.Integer(),
      usual: orNull(Type.Number()),
    }),
  ),
})
export type Daily = Static<typeof Daily>

// GET /api/premises/:id/presence, GET /api/premises/peaks
export const PremisesParams = Type.Object({ id: SiteId }, closed)
export const PremisesPeak = Type.Object({
  id: Type.String(),
  name: Bilingual,
  capacity: Type.Integer(),
  /** Most people present at one time, when that began, and the local day of it. */
  peak: Type.Integer(),
  peakAt: Ms,
  peakFrom: LocalDate,
  registrations: Type.Integer(),
  /** Open overcrowding alerts. */
  findings: Type.Integer(),
  /** Open alerts of any rule. */
  openAlerts: Type.Integer(),
})
export type PremisesPeak = Static<typeof PremisesPeak>
/** Highest peak against capacity first. */
export const PremisesPeaks = Type.Object({ premises: Type.Array(PremisesPeak) })
export type PremisesPeaks = Static<typeof PremisesPeaks>
export const Presence = Type.Object({
  ...PremisesPeak.properties,
  /** People present from `at` to the next row's `at`; at most 2,000 steps around the peak of the asked span. */
  steps: Type.Array(Type.Object({ at: Ms, present: Type.Integer() })),
})
export type Presence = Static<typeof Presence>
export const PresenceQuery = Type.Object({ from: Type.Optional(Moment), to: Type.Optional(Moment) }, closed)

// GET /api/lag
export const Lag = Type.Object({
  logLastSeq: Type.Integer(),
  archiveSeq: Type.Integer(),
  alertsLastSeq: Type.Integer(),
  alertsSeq: Type.Integer(),
  processors: Type.Array(Type.Object({ slice: Type.String(), seq: Type.Integer() })),
  rollupPending: Type.Integer(),
  caughtUp: Type.Boolean(),
  /** Age of the oldest message that a stage had not taken when it last spoke, ms; 0: it had them all. */
  ages: Type.Object({ archive: Type.Integer(), processors: Type.Integer(), rollup: Type.Integer() }),
  /** The greatest of them: from a record in the log to its row, its alert and its chart. Null when a stage is not heard of. */
  endToEndMs: orNull(Type.Integer()),
})
export type Lag = Static<typeof Lag>

// GET /api/status, /health/ready
export const RoleStatusShape = Type.Object(
  {
    role: Type.String(),
    instance: Type.String(),
    /** Heard within the last 3.5 s. */
    up: Type.Boolean(),
    ready: Type.Boolean(),
    /** When it spoke, by its own clock. */
    at: Ms,
    details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  },
  open,
)
export const Status = Type.Object({ now: Ms, roles: Type.Array(RoleStatusShape) })
export type Status = Static<typeof Status>
export const Ready = Type.Object({
  ready: Type.Boolean(),
  /** What is missing, each with what to do; empty when ready. */
  missing: Type.Array(Type.Object({ what: Type.String(), fix: Type.String() })),
})
export type Ready = Static<typeof Ready>
