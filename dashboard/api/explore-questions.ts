import type { Static, TObject } from 'typebox'
import alertsBoards from '../../sql/queries/explore-alerts-boards.ts'
import alertsSeries from '../../sql/queries/explore-alerts-series.ts'
import boards from '../../sql/queries/explore-boards.ts'
import knownChanges from '../../sql/queries/explore-known-changes.ts'
import knownSeries from '../../sql/queries/explore-known-series.ts'
import presentBoards from '../../sql/queries/explore-present-boards.ts'
import presentSeries from '../../sql/queries/explore-present-series.ts'
import type { boardRow, seriesRow } from '../../sql/queries/explore-row.ts'
import series from '../../sql/queries/explore-series.ts'
import travellersBoards from '../../sql/queries/explore-travellers-boards.ts'
import travellersSeries from '../../sql/queries/explore-travellers-series.ts'
import type { Query } from '../../sql/queries/query.ts'
import type { CubeQuestion } from '../cube/question.ts'
import { dimensions, measures, type Dimension, type Filter, type Measure } from './explore-measures.ts'
import type { BoardsQuery, ExploreQuery } from './explore-shapes.ts'
import { readingOf, type Instants, type Reading } from './explore-reading.ts'
import { parseMoment, parseSpan } from './local-day.ts'
import { badInput } from './problem.ts'

/** A query of sql/queries with everything that it is asked for. */
export interface Question<R extends TObject> {
  readonly query: Query<TObject, R>
  readonly params: Readonly<Record<string, string | number | string[] | number[]>>
}

/** Far ahead of any log: as known now. */
const always = 253_402_300_000_000
/** Buckets of an answer: eleven years of hours is more than any chart shows. */
const maxBuckets = 100_000
const hourMs = 3_600_000
const bucketMs = { hour: hourMs, day: 86_400_000, week: 7 * 86_400_000, month: 28 * 86_400_000 } as const

const seriesOf = {
  records: series,
  travellers: travellersSeries,
  present: presentSeries,
  alerts: alertsSeries,
}
const boardsOf = {
  records: boards,
  travellers: travellersBoards,
  present: presentBoards,
  alerts: alertsBoards,
}

/** The query and the parameters that answer a request for a series. Throws a 400. */
export function seriesQuestion(query: ExploreQuery, zone: string): Question<typeof seriesRow> {
  const measure = measures[query.show]
  if (query.split !== undefined && !measure.dimensions.includes(query.split))
    throw badInput('split', 'This measure has no such dimension.', `One of ${measure.dimensions.join(', ')}.`)
  const asKnown = query.known !== undefined && measure.source === 'records'
  const params = paramsOf(query, measure, zone)
  const level = levelOf([...Object.keys(filterOf(query)), query.split])
  return {
    query: asKnown ? knownSeries : seriesOf[measure.source],
    params: {
      ...params,
      split: query.split ?? '',
      ...(asKnown ? wholeHours(params) : {}),
      ...(measure.source === 'records' && !asKnown ? { split: columnOf(query.split) } : {}),
      top: query.split === undefined ? 1 : (query.top ?? 7),
      level: level ?? 'area',
      ...readingParams(
        readingOf(spansOf(params), { zone, wholeDays: level !== null && params.grain !== 'hour' }),
      ),
    },
  }
}

/** The query and the parameters that answer a request for the values of some dimensions. Throws a 400. */
export function boardsQuestion(
  query: BoardsQuery,
  zone: string,
  top = 50,
  asked: readonly Dimension[] = measures[query.show].dimensions,
): Question<typeof boardRow> {
  const measure = measures[query.show]
  const params = paramsOf(query, measure, zone)
  const filters = Object.keys(filterOf(query))
  const read = (wholeDays: boolean): Reading =>
    readingOf(spansOf(params), { zone, skip: skippedOf(query), wholeDays })
  const sites = read(levelOf([...filters, 'site']) === 'site')
  return {
    query: boardsOf[measure.source],
    params: {
      ...params,
      top,
      dimensions: [...asked],
      ...readingParams(read(levelOf(filters) === 'area')),
      site_days: sites.days,
      site_hours_from: hoursOr(sites.days, sites.hoursFrom),
      site_hours_to: hoursOr(sites.days, sites.hoursTo),
    },
  }
}

/** What a series held otherwise at the instant that it is asked for; null: it is asked for as of now, or nothing is left of it. */
export function changesQuestion(query: ExploreQuery, zone: string): Question<typeof knownChanges.row> | null {
  const measure = measures[query.show]
  const params = paramsOf(query, measure, zone)
  if (query.known === undefined || measure.source !== 'records' || params.feeds.length === 0) return null
  return { query: knownChanges, params: { ...params, ...wholeHours(params), split: query.split ?? '' } }
}

/** The same as asked of the cube in memory (dashboard/cube): as of now. */
export function cubeQuestion(query: BoardsQuery | ExploreQuery, zone: string): CubeQuestion {
  const measure = measures[query.show]
  const filter = filterOf(query)
  const { from, to, compare_from, compare_to } = paramsOf(query, measure, zone)
  return {
    measure,
    // People present are those of registrations, whatever feed is asked for.
    feeds:
      measure.source === 'present'
        ? measure.feeds
        : measure.feeds.filter((feed) => filter.feed?.includes(feed) ?? true),
    from,
    to,
    compareFrom: compare_from,
    compareTo: compare_to,
    filter,
  }
}

/**
 * The question without what lies before the first record (`since`), nor what stands beside it in the span: nothing is compared with a time
 * that nothing is known of. null: all of the compared span does. A level is that of the ends and stays as it is.
 */
export function comparablePart(query: BoardsQuery, since: number | null, zone: string): BoardsQuery | null {
  const { compareFrom, compareTo } = query
  if (since === null || compareFrom === undefined || compareTo === undefined) return query
  const before = parseSpan({ from: compareFrom, to: compareTo }, zone)
  if (since <= before.from) return query
  if (since >= before.to) return null
  if (measures[query.show].kind === 'level') return query
  const { from, to } = parseSpan(query, zone)
  const part = (since - before.from) / (before.to - before.from)
  return {
    ...query,
    from: new Date(from + Math.round(((to - from) * part) / hourMs) * hourMs).toISOString(),
    compareFrom: new Date(since).toISOString(),
  }
}

/** Which rows of days hold a question's dimensions; null: none do, the hours must be read. */
function levelOf(used: readonly (string | undefined)[]): 'area' | 'site' | null {
  if (!used.includes('site')) return 'area'
  const apart = ['source', 'direction', 'documentType', 'vehicleClass']
  return used.some((dimension) => dimension !== undefined && apart.includes(dimension)) ? null : 'site'
}

/** Spans of records themselves, by the hours that everything else is counted by. */
function wholeHours({ from, to, compare_from, compare_to }: Params) {
  const onHour = (at: number): number => Math.ceil(at / hourMs) * hourMs
  return {
    from: onHour(from),
    to: onHour(to),
    compare_from: onHour(compare_from),
    compare_to: onHour(compare_to),
  }
}

/** The column of a dimension. */
function columnOf(split: Dimension | undefined): string {
  return split === undefined ? 'unsplit' : split.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function spansOf(params: Params): Instants[] {
  return [
    { from: stored(params.from), to: stored(params.to) },
    { from: stored(params.compare_from), to: stored(params.compare_to) },
  ]
}

/** The spans that a question leaves out. */
export function skippedOf({ skip }: BoardsQuery): Instants[] {
  return (skip ?? '')
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('-').map(Number))
    .map(([from = 0, to = 0]) => ({ from, to }))
}

/** Something is always read, be it nothing. */
function hoursOr(days: readonly string[], hours: number[]): number[] {
  return days.length === 0 && hours.length === 0 ? [0] : hours
}

function readingParams({ days, hoursFrom, hoursTo }: Reading) {
  return { days, hours_from: hoursOr(days, hoursFrom), hours_to: hoursOr(days, hoursTo) }
}

/** The first second that is not before an instant, as ClickHouse reads a DateTime of UTC. */
function timeText(at: number): string {
  return new Date(Math.ceil(stored(at) / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

/** Within what a DateTime can hold: 1970 to 2106. */
function stored(at: number): number {
  return Math.min(Math.max(at, 0), 4_290_000_000_000)
}

/** Values of the filters of a request; - is the empty one. */
export function filterOf(query: Partial<Record<Dimension, string>>): Filter {
  const filter: Filter = {}
  for (const dimension of dimensions) {
    const text = query[dimension]
    if (text !== undefined && text !== '')
      filter[dimension] = text.split(',').map((value) => (value === '-' ? '' : value))
  }
  return filter
}

interface Params {
  readonly [name: string]: string | number | string[]
  readonly feeds: string[]
  readonly from: number
  readonly to: number
  readonly compare_from: number
  readonly compare_to: number
  readonly grain: string
}

function paramsOf(query: BoardsQuery | ExploreQuery, measure: Measure, zone: string): Params {
  const { from, to } = parseSpan(query, zone)
  const grain = query.grain ?? 'hour'
  if ((to - from) / bucketMs[grain] > maxBuckets)
    throw badInput(
      'grain',
      'The span has too many buckets of this width.',
      'Take a wider grain or a shorter span.',
    )
  const { compareFrom, compareTo } = query
  const before =
    compareFrom !== undefined && compareTo !== undefined
      ? parseSpan({ from: compareFrom, to: compareTo }, zone)
      : { from, to: from }
  if (query.known !== undefined && !measure.known)
    throw badInput('known', 'This measure is only known as of now.', 'Leave `known` out.')
  return {
    from,
    to,
    grain,
    zone,
    compare_from: before.from,
    compare_to: before.to,
    from_at: timeText(from),
    to_at: timeText(to),
    compare_from_at: timeText(before.from),
    compare_to_at: timeText(before.to),
    column: measure.column,
    known_at: query.known === undefined ? always : parseMoment(query.known, 'known', zone),
    // What stands has its own table: no revisions to choose from.
    ...(query.known === undefined ? { known: '', standing: 'yes' } : { known: 'yes', standing: '' }),
    ...filterParams(filterOf(query), measure),
  }
}

/** Filters as the queries take them. Throws a 400 on a dimension that the measure does not have. */
export function filterParams(
  filter: Filter,
  measure: Measure,
): Record<string, string[]> & { readonly feeds: string[] } {
  const none = Object.keys(filter).find(
    (dimension) => dimension !== 'feed' && !measure.dimensions.includes(dimension as Dimension),
  )
  if (none !== undefined)
    throw badInput(none, 'This measure has no such dimension.', `One of ${measure.dimensions.join(', ')}.`)
  const values = (dimension: Dimension): string[] => [...(filter[dimension] ?? [])]
  return {
    feeds: measure.feeds.filter((feed) => filter.feed?.includes(feed) ?? true),
    sites: values('site'),
    provinces: values('province'),
    zones: values('zone'),
    directions: values('direction'),
    document_types: values('documentType'),
    vehicle_classes: values('vehicleClass'),
    sources: values('source'),
    rules: values('rule'),
    measures: values('measure'),
    severities: values('severity'),
    classes: values('class'),
  }
}

/** The parameters that a query has a placeholder for. */
export function paramsFor<P extends TObject>(
  query: Query<P>,
  params: Readonly<Record<string, unknown>>,
): Static<P> {
  return Object.fromEntries(
    Object.keys(query.params.properties).map((name) => [name, params[name]]),
  ) as Static<P>
}
