import {
  dimensions,
  measureNames,
  measures,
  type Dimension,
  type Filter,
  type MeasureName,
} from '../../../api/explore-measures.ts'
import { grains, query, views, type Grain } from './filter.ts'

/** What the explore page shows, as its query string says it. As in filter.ts: anything unreadable falls back. */
export const exploreSpans = ['24h', '7d', '30d', '90d', '1y', 'custom'] as const
export const comparisons = ['previous', 'week', 'none'] as const
export const panels = ['explain', 'rows', 'query'] as const
export type ExploreSpan = (typeof exploreSpans)[number]
export type Comparison = (typeof comparisons)[number]
export type ExplorePanel = (typeof panels)[number]

/** Instants, ms UTC on whole minutes; the end exclusive. */
export interface Interval {
  readonly from: number
  readonly to: number
}

export interface ExploreFilter {
  readonly show: MeasureName
  readonly span: ExploreSpan
  /** Set if and only if span is custom. */
  readonly custom: Interval | null
  readonly grain: 'auto' | Grain
  /** null: not split. */
  readonly split: Dimension | null
  readonly compare: Comparison
  /** Only dimensions of the measure; values sorted; '' is the empty value. */
  readonly where: Filter
  /** What is selected on the time axis. */
  readonly selected: Interval | null
  readonly panel: ExplorePanel | null
  readonly view: (typeof views)[number]
  /** As known at, ms UTC; null: now. */
  readonly known: number | null
}

/** What a measure is split by unless said otherwise. */
export const firstSplit: Readonly<Record<MeasureName, Dimension | null>> = {
  records: 'feed',
  crossings: 'direction',
  sightings: 'vehicleClass',
  registrations: 'zone',
  present: 'zone',
  travellers: 'documentType',
  refusals: 'site',
  lateShare: 'feed',
  alerts: 'rule',
}

export function parseExplore(search: string): ExploreFilter {
  const params = new URLSearchParams(search)
  const show = word(measureNames, params.get('show')) ?? 'crossings'
  const measure = measures[show]
  const custom = interval(params.get('from'), params.get('to'))
  const asked = word(exploreSpans, params.get('span')) ?? '7d'
  const split = params.get('split')
  const where: Filter = {}
  for (const dimension of measure.dimensions) {
    const values = valuesOf(params.get(dimension))
    if (values.length > 0) where[dimension] = values
  }
  const selected = interval(
    ...(((params.get('selected') ?? '').split('~') as string[]).slice(0, 2) as [string]),
  )
  const panel = word(panels, params.get('panel'))
  return {
    show,
    span: asked === 'custom' && custom === null ? '7d' : asked,
    custom: asked === 'custom' ? custom : null,
    grain: word(grains, params.get('grain')) ?? 'auto',
    split: split === 'none' ? null : (word(measure.dimensions, split) ?? firstSplit[show]),
    compare: word(comparisons, params.get('compare')) ?? 'previous',
    where,
    selected,
    panel: selected === null && panel === 'explain' ? null : panel,
    view: word(views, params.get('view')) ?? 'chart',
    known: measure.known ? instant(params.get('known')) : null,
  }
}

export function formatExplore(filter: ExploreFilter): string {
  const fields: Record<string, string | null> = {
    show: unless(filter.show, 'crossings'),
    span: unless(filter.span, '7d'),
    from: filter.custom === null ? null : iso(filter.custom.from),
    to: filter.custom === null ? null : iso(filter.custom.to),
    grain: unless(filter.grain, 'auto'),
    split: filter.split === firstSplit[filter.show] ? null : (filter.split ?? 'none'),
    compare: unless(filter.compare, 'previous'),
    known: filter.known === null ? null : iso(filter.known),
    ...whereFields(filter.where),
    selected: filter.selected === null ? null : `${iso(filter.selected.from)}~${iso(filter.selected.to)}`,
    panel: filter.panel,
    view: unless(filter.view, 'chart'),
  }
  return query(fields)
}

/** Filters as parameters of an address, of a page's and of the API's alike: the empty value is `-`. */
export function whereFields(where: Filter): Record<string, string | null> {
  return Object.fromEntries(
    dimensions.map((dimension) => [
      dimension,
      where[dimension] === undefined || where[dimension].length === 0
        ? null
        : where[dimension].map((value) => (value === '' ? '-' : value)).join(','),
    ]),
  )
}

/** With a value of a dimension put in, or taken out when it was there. */
export function toggled(where: Filter, dimension: Dimension, value: string): Filter {
  const values = where[dimension] ?? []
  const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value].sort()
  const { [dimension]: _, ...rest } = where
  return next.length === 0 ? rest : { ...rest, [dimension]: next }
}

/** The filter of another measure: what it has no dimension for is left out. */
export function withMeasure(filter: ExploreFilter, show: MeasureName): ExploreFilter {
  return {
    ...parseExplore(formatExplore({ ...filter, show, split: firstSplit[show] })),
    selected: filter.selected,
  }
}

export function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`
}

function instant(text: string | null | undefined): number | null {
  if (text === null || text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/.test(text)) return null
  const at = Date.parse(text)
  return !Number.isNaN(at) && iso(at) === text ? at : null
}

function interval(from: string | null | undefined, to?: string | null): Interval | null {
  const a = instant(from)
  const b = instant(to)
  return a !== null && b !== null && a < b ? { from: a, to: b } : null
}

/** As the API takes them. */
const allowed = /^[\p{L}\p{M}\p{N} ._~:()/-]{1,80}$/u

function valuesOf(text: string | null): string[] {
  const values = (text ?? '').split(',').filter((value) => allowed.test(value))
  return [...new Set(values.map((value) => (value === '-' ? '' : value)))].sort()
}

function word<const T extends readonly string[]>(words: T, text: string | null): T[number] | null {
  return words.find((candidate) => candidate === text) ?? null
}

function unless(value: string, fallback: string): string | null {
  return value === fallback ? null : value
}
