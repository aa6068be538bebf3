import type { Static, TObject } from 'typebox'
import alertsBoards from '../../sql/queries/explore-alerts-boards.ts'
import alertsSeries from '../../sql/queries/explore-alerts-series.ts'
import boards from '../../sql/queries/explore-boards.ts'
import knownSeries from '../../sql/queries/explore-known-series.ts'
import presentBoards from '../../sql/queries/explore-present-boards.ts'
import presentSeries from '../../sql/queries/explore-present-series.ts'
import type { boardRow, seriesRow } from '../../sql/queries/explore-row.ts'
import series from '../../sql/queries/explore-series.ts'
import travellersBoards from '../../sql/queries/explore-travellers-boards.ts'
import travellersSeries from '../../sql/queries/explore-travellers-series.ts'
import type { Query } from '../../sql/queries/query.ts'
import { dimensions, measures, type Dimension, type Filter, type Measure } from './explore-measures.ts'
import type { BoardsQuery, ExploreQuery } from './explore-shapes.ts'
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
const bucketMs = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 28 * 86_400_000 } as const

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
  return {
    query: asKnown ? knownSeries : seriesOf[measure.source],
    params: {
      ...paramsOf(query, measure, zone),
      split: query.split ?? '',
      top: query.split === undefined ? 1 : (query.top ?? 7),
    },
  }
}

/** The query and the parameters that answer a request for all dimensions. Throws a 400. */
export function boardsQuestion(query: BoardsQuery, zone: string, top = 50): Question<typeof boardRow> {
  const measure = measures[query.show]
  const skipped = (query.skip ?? '')
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('-').map(Number))
  const params = {
    ...paramsOf(query, measure, zone),
    top,
    skip_from: skipped.map(([from = 0]) => from),
    skip_to: skipped.map(([, to = 0]) => to),
  }
  return { query: boardsOf[measure.source], params }
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

function paramsOf(
  query: BoardsQuery | ExploreQuery,
  measure: Measure,
  zone: string,
): Record<string, string | number | string[]> {
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
    column: measure.column,
    known_at: query.known === undefined ? always : parseMoment(query.known, 'known', zone),
    ...filterParams(filterOf(query), measure),
  }
}

/** Filters as the queries take them. Throws a 400 on a dimension that the measure does not have. */
export function filterParams(filter: Filter, measure: Measure): Record<string, string[]> {
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
