import type { Feed } from '../../../api/shapes.ts'
import { addDays } from '../format/zone.ts'

/**
 * What each page shows, as its query string says it. parse takes anything and falls back to the default, field by field;
 * format leaves defaults out; parse(format(x)) = x.
 */
export const feeds = ['crossings', 'sightings', 'registrations'] as const satisfies readonly Feed[]
export const spans = ['24h', '7d', '30d', '5y', 'custom'] as const
export const grains = ['auto', 'hour', 'day', 'week', 'month'] as const
export const splits = ['site', 'kind'] as const
export const origins = ['any', 'recomputed', 'counted'] as const
export const views = ['chart', 'table'] as const
export type Span = (typeof spans)[number]
export type Grain = Exclude<(typeof grains)[number], 'auto'>

export interface OverviewFilter {
  readonly feed: Feed
  readonly span: Span
  /** Days, both included; set if and only if span is custom. */
  readonly from: string | null
  readonly to: string | null
  readonly grain: 'auto' | Grain
  readonly split: (typeof splits)[number]
  /** Ids, sorted; empty: all. */
  readonly sites: readonly string[]
  readonly origin: (typeof origins)[number]
  readonly view: (typeof views)[number]
}

export const severities = ['high', 'medium', 'low'] as const
export const statuses = ['open', 'withdrawn', 'all'] as const
export const classes = [
  'welfare',
  'investigate',
  'verify',
  'administrative',
  'inspect',
  'monitor',
  'operations',
] as const

export const queues = ['main', 'welfare'] as const
export const triageStates = ['active', 'new', 'seen', 'assigned', 'disposed', 'any'] as const
export const assignees = ['me', 'nobody'] as const
export const sorts = ['urgency', 'severity', 'newest', 'oldest'] as const
export const groupings = ['none', 'entity', 'site'] as const
export const snoozedViews = ['hide', 'only', 'show'] as const

export interface AlertsFilter {
  readonly queue: (typeof queues)[number]
  readonly state: (typeof triageStates)[number]
  readonly assignee: (typeof assignees)[number] | null
  readonly sort: (typeof sorts)[number]
  readonly group: (typeof groupings)[number]
  readonly snoozed: (typeof snoozedViews)[number]
  /** Part of a sentence, key or id; without spaces around it. */
  readonly text: string | null
  /** Entity that it is about. */
  readonly key: string | null
  readonly status: (typeof statuses)[number]
  readonly severity: (typeof severities)[number] | null
  readonly class: (typeof classes)[number] | null
  readonly rule: string | null
  readonly site: string | null
  /** Days on which it was raised, both included. */
  readonly from: string | null
  readonly to: string | null
}

export interface DailyFilter {
  /** null: yesterday. */
  readonly date: string | null
}

export function parseOverview(search: string): OverviewFilter {
  const params = new URLSearchParams(search)
  const from = day(params.get('from'))
  const to = day(params.get('to'))
  const asked = word(spans, params.get('span')) ?? '24h'
  const custom = asked === 'custom' && from !== null && to !== null && from <= to
  return {
    feed: word(feeds, params.get('feed')) ?? 'crossings',
    span: asked === 'custom' && !custom ? '24h' : asked,
    from: custom ? from : null,
    to: custom ? to : null,
    grain: word(grains, params.get('grain')) ?? 'auto',
    split: word(splits, params.get('split')) ?? 'site',
    sites: [...new Set((params.get('sites') ?? '').split(',').filter((id) => siteId.test(id)))].sort(),
    origin: word(origins, params.get('origin')) ?? 'any',
    view: word(views, params.get('view')) ?? 'chart',
  }
}

export function formatOverview(filter: OverviewFilter): string {
  return query({
    feed: unless(filter.feed, 'crossings'),
    span: unless(filter.span, '24h'),
    from: filter.from,
    to: filter.to,
    grain: unless(filter.grain, 'auto'),
    split: unless(filter.split, 'site'),
    sites: filter.sites.length === 0 ? null : filter.sites.join(','),
    origin: unless(filter.origin, 'any'),
    view: unless(filter.view, 'chart'),
  })
}

export function parseAlerts(search: string): AlertsFilter {
  const params = new URLSearchParams(search)
  return {
    queue: word(queues, params.get('queue')) ?? 'main',
    state: word(triageStates, params.get('state')) ?? 'active',
    assignee: word(assignees, params.get('assignee')),
    sort: word(sorts, params.get('sort')) ?? 'urgency',
    group: word(groupings, params.get('group')) ?? 'none',
    snoozed: word(snoozedViews, params.get('snoozed')) ?? 'hide',
    text: (params.get('text') ?? '').slice(0, 80).trim() || null,
    key: matching(siteId, params.get('key')),
    status: word(statuses, params.get('status')) ?? 'open',
    severity: word(severities, params.get('severity')),
    class: word(classes, params.get('class')),
    rule: matching(/^[a-z0-9-]{1,64}$/, params.get('rule')),
    site: matching(siteId, params.get('site')),
    from: day(params.get('from')),
    to: day(params.get('to')),
  }
}

export function formatAlerts(filter: AlertsFilter): string {
  return query({
    ...filter,
    queue: unless(filter.queue, 'main'),
    state: unless(filter.state, 'active'),
    sort: unless(filter.sort, 'urgency'),
    group: unless(filter.group, 'none'),
    snoozed: unless(filter.snoozed, 'hide'),
    status: unless(filter.status, 'open'),
  })
}

/** The same as the query of /api/alerts/index; `to` is exclusive there. Suppressed alerts come with it and are told apart here. */
export function indexQuery({ state, group, to, ...rest }: AlertsFilter): string {
  return query({
    ...rest,
    snoozed: null,
    state: state === 'any' ? null : state,
    by: group === 'none' ? null : group,
    to: to === null ? null : addDays(to, 1),
  })
}

export function parseDaily(search: string): DailyFilter {
  return { date: day(new URLSearchParams(search).get('date')) }
}

export function formatDaily(filter: DailyFilter): string {
  return query({ date: filter.date })
}

export const siteId = /^[A-Za-z0-9._-]{1,64}$/

/** A day that exists, else null. */
export function day(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? text : null
}

export function word<const T extends readonly string[]>(words: T, text: string | null): T[number] | null {
  return words.find((candidate) => candidate === text) ?? null
}

export function matching(pattern: RegExp, text: string | null): string | null {
  return text !== null && pattern.test(text) ? text : null
}

function unless(value: string, fallback: string): string | null {
  return value === fallback ? null : value
}

/** `?a=b&c=d` without the fields that are null; '' when all are. Commas stay readable. */
export function query(fields: Readonly<Record<string, string | null>>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== null) params.set(name, value)
  const text = params.toString().replaceAll('%2C', ',')
  return text === '' ? '' : `?${text}`
}
