import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import exploreNotes from '../../sql/queries/explore-notes.ts'
import exploreReporting from '../../sql/queries/explore-reporting.ts'
import type { boardRow } from '../../sql/queries/explore-row.ts'
import exploreRows from '../../sql/queries/explore-rows.ts'
import feedBeginnings from '../../sql/queries/feed-beginnings.ts'
import { relevantText } from '../../sql/queries/relevant.ts'
import { queryText } from '../../sql/queries/run.ts'
import type { FileFormat } from '../../sql/store.ts'
import { cubeBoards, cubeReporting, cubeSeries } from '../cube/answers.ts'
import type { Cube } from '../cube/cube.ts'
import type { Reported } from '../cube/reporting.ts'
import { investigators, readers } from './access.ts'
import { explain } from './explore-explain.ts'
import { gapsOf } from './explore-gaps.ts'
import { dimensions, measures, type Dimension, type Filter } from './explore-measures.ts'
import {
  boardsQuestion,
  changesQuestion,
  comparablePart,
  cubeQuestion,
  filterOf,
  filterParams,
  paramsFor,
  seriesQuestion,
  skippedOf,
} from './explore-questions.ts'
import {
  BoardsQuery,
  ExploreQuery,
  MarksQuery,
  RowsQuery,
  type Boards,
  type BoardValue,
  type ExploreRows,
  type ExploreText,
  type Explained,
  type Marks,
} from './explore-shapes.ts'
import { addDays, dateOf, parseSpan, startOf } from './local-day.ts'
import type { NameBook } from './name-book.ts'
import type { Reader } from './reader.ts'
import { sharedAnswer } from './shared-answer.ts'
import { arrowType } from './volume-routes.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000
/** Longer spans have their gaps by the day. */
const hourlyGapsMs = 100 * dayMs
/** Weeks before and after a span that say what is usual in it. */
const gapsMarginMs = 29 * dayMs
/** Values of a dimension that explaining looks at. */
const explainedValues = 500

const files: Readonly<Record<string, { format: FileFormat; type: string; ending: string }>> = {
  arrow: { format: 'Arrow', type: 'application/vnd.apache.arrow.file', ending: 'arrow' },
  parquet: { format: 'Parquet', type: 'application/vnd.apache.parquet', ending: 'parquet' },
  csv: { format: 'CSVWithNames', type: 'text/csv; charset=utf-8', ending: 'csv' },
}

/** GET /api/explore/…: series, leaderboards, what explains a change, gaps and notes, the rows and the text of the query. */
export function exploreRoutes(
  app: FastifyInstance,
  options: { timeZone: string },
  deps: { reader: Reader; cube: Cube; names: NameBook; now: () => Promise<number> },
): void {
  const { reader, cube, names, now } = deps
  const zone = options.timeZone
  // A feed begins once: only the first records of an installation change it.
  const began = sharedAnswer(() => reader.rows(feedBeginnings, {}), 60_000)
  /** Of the cube in memory when it has the hours, else of the store. */
  const boardsFor = async (
    query: BoardsQuery,
    top: number,
    asked: readonly Dimension[] = measures[query.show].dimensions,
  ): Promise<Boards> => {
    const { query: statement, params } = boardsQuestion(query, zone, top, asked)
    const found = await cubeBoards(cube, cubeQuestion(query, zone), {
      dimensions: asked,
      top,
      skip: skippedOf(query),
    })
    return found ?? boardsIn(await reader.rows(statement, paramsFor(statement, params)))
  }

  /** Of the cube in memory when it has the hours, else of the store. */
  const reported = async (
    asked: { feeds: readonly string[]; from: number; to: number; filter: Filter },
    grain: 'hour' | 'day',
  ): Promise<readonly Reported[]> => {
    if (asked.feeds.length === 0) return []
    const { filter, ...rest } = asked
    // Of what kind the records are that do not come says nothing about whether the feed reports.
    const { site = [], province = [], zone: zones = [] } = filter
    const found = await cubeReporting(
      cube,
      { ...rest, filter: { site, province, zone: zones } },
      { grain, zone },
    )
    const params = {
      ...rest,
      feeds: [...rest.feeds],
      sites: [...site],
      provinces: [...province],
      zones: [...zones],
    }
    return found ?? (await reader.rows(exploreReporting, { ...params, grain, zone }))
  }

  app.get<{ Querystring: ExploreQuery }>(
    '/api/explore/series',
    { config: readers, schema: { querystring: ExploreQuery } },
    async (request, reply) => {
      const { query, params } = seriesQuestion(request.query, zone)
      const file = files[request.query.format ?? '']
      if (file === undefined) {
        const { split = null, grain = 'hour', top = 7 } = request.query
        const how = { by: split, top: split === null ? 1 : top, grain, zone }
        const changes = changesQuestion(request.query, zone)
        const found = await cubeSeries(cube, cubeQuestion(request.query, zone), how, async () =>
          changes === null ? [] : await reader.rows(changes.query, paramsFor(changes.query, changes.params)),
        )
        return reply.type(arrowType).send(found ?? (await reader.arrow(query, paramsFor(query, params))))
      }
      const name = `${request.query.show}-${request.query.from.slice(0, 10)}.${file.ending}`
      return reply
        .type(file.type)
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Buffer.from(await reader.file(query, paramsFor(query, params), file.format)))
    },
  )

  app.get<{ Querystring: ExploreQuery }>(
    '/api/explore/query',
    { config: readers, schema: { querystring: ExploreQuery } },
    ({ query: asked }): ExploreText => {
      const { query, params } = seriesQuestion(asked, zone)
      const given = paramsFor(query, params)
      return { name: query.name, sql: relevantText(queryText(query.name), params), params: given }
    },
  )

  app.get<{ Querystring: BoardsQuery }>(
    '/api/explore/boards',
    { config: readers, schema: { querystring: BoardsQuery } },
    async ({ query }): Promise<Boards> => {
      const filtered = dimensions.filter((dimension) => filterOf(query)[dimension] !== undefined)
      const top = query.top ?? 50
      const [whole, ...others] = await Promise.all([
        boardsFor(query, top),
        // A filtered dimension shows its other values too, so that one more can be added.
        ...filtered.map((dimension) => {
          const { [dimension]: _, ...rest } = query
          return boardsFor(rest, top, [dimension])
        }),
      ])
      let { boards } = whole
      for (const [i, dimension] of filtered.entries()) {
        const own = others[i]?.boards.find((board) => board.dimension === dimension)
        if (own !== undefined) boards = [...boards.filter((board) => board.dimension !== dimension), own]
      }
      const order = measures[query.show].dimensions
      return {
        total: whole.total,
        boards: boards
          .filter(({ dimension }) => order.some((known) => known === dimension))
          .sort(
            (a, b) =>
              order.findIndex((known) => known === a.dimension) -
              order.findIndex((known) => known === b.dimension),
          ),
      }
    },
  )

  app.get<{ Querystring: BoardsQuery }>(
    '/api/explore/explain',
    { config: readers, schema: { querystring: BoardsQuery } },
    async ({ query }): Promise<Explained> => {
      const { feeds } = filterParams(filterOf(query), measures[query.show])
      const known = comparablePart(query, sinceOf(await began(), feeds ?? []), zone)
      if (known === null) {
        const { total } = await boardsFor(query, 1, [])
        return { now: total.now, before: 0, causes: [] }
      }
      const { from, to, compare_from, compare_to } = boardsQuestion(known, zone).params as Record<
        string,
        number
      >
      const length = (compare_to ?? 0) - (compare_from ?? 0)
      const level = measures[query.show].kind === 'level'
      const scale = length > 0 && !level ? ((to ?? 0) - (from ?? 0)) / length : 1
      return explain(await boardsFor(known, explainedValues), 12, scale)
    },
  )

  app.get<{ Querystring: MarksQuery }>(
    '/api/explore/marks',
    { config: readers, schema: { querystring: MarksQuery } },
    async ({ query }): Promise<Marks> => {
      const { from, to } = parseSpan(query, zone)
      const filter = filterOf(query)
      const { feeds } = filterParams(filter, measures[query.show])
      const grain = to - from > hourlyGapsMs ? 'day' : 'hour'
      const stepMs = grain === 'day' ? dayMs : hourMs
      const [counts, stored, firsts, at] = await Promise.all([
        reported({ feeds, from: from - gapsMarginMs, to: to + gapsMarginMs, filter }, grain),
        reader.rows(exploreNotes, {
          from,
          to,
          first_day: dateOf(from, zone),
          last_day: dateOf(to - 1, zone),
        }),
        began(),
        now(),
        names.refresh(),
      ])
      const gaps = feeds.flatMap((feed) => {
        const of = new Map(
          counts.filter((row) => row.feed === feed).map(({ at_ms, count }) => [at_ms, count]),
        )
        return gapsOf(of, { from, to, stepMs, settledAt: at - hourMs }).map((gap) => ({ feed, ...gap }))
      })
      return {
        gaps,
        since: sinceOf(firsts, feeds),
        notes: stored.map((row) =>
          row.kind === 'holidays'
            ? {
                kind: 'holiday',
                from: startOf(row.id, zone),
                to: startOf(addDays(row.id, 1), zone),
                text: { en: row.name, th: row.name_th || row.name },
              }
            : {
                kind: 'closure',
                from: Math.max(from, row.from_ms),
                to: Math.min(to, row.to_ms),
                text: {
                  en: `${names.nameOf(row.id).en}: ${row.hours} (${row.reason})`,
                  th: `${names.nameOf(row.id).th}: ${row.hours} (${row.reason})`,
                },
              },
        ),
      }
    },
  )

  app.get<{ Querystring: RowsQuery }>(
    '/api/explore/rows',
    { config: investigators, schema: { querystring: RowsQuery } },
    async ({ query }): Promise<ExploreRows> => {
      const measure = measures[query.show]
      const params = {
        ...parseSpan(query, zone),
        column: measure.column,
        limit: query.limit ?? 100,
        ...filterParams(filterOf(query), measure),
      }
      const rows = await reader.rows(exploreRows, paramsFor(exploreRows, params))
      return {
        rows: rows.map((row) => ({
          feed: row.feed,
          eventKey: row.event_key_hex,
          eventId: row.event_id,
          source: row.source,
          site: row.site,
          at: row.at_ms,
          ingestedAt: row.ingested_ms,
          batch: row.batch_hex,
          logSeq: row.log_seq,
          revision: row.event_revision,
          direction: row.direction,
          documentType: row.document_type,
          vehicleClass: row.vehicle_class,
          detail: row.detail,
        })),
      }
    },
  )
}

/** When a measure of these feeds can first be compared, ms UTC: when the youngest began. null: none has. */
function sinceOf(
  firsts: readonly { readonly feed: string; readonly first_at: number }[],
  feeds: readonly string[],
): number | null {
  const starts = firsts
    .filter(({ feed }) => feeds.length === 0 || feeds.includes(feed))
    .map(({ first_at }) => first_at)
  if (starts.length === 0) return null
  // Alerts are of all feeds: they can be raised from the first record of any.
  return feeds.length === 0 ? Math.min(...starts) : Math.max(...starts)
}

/** Rows of a boards query by dimension; the dimension '' is the total. */
export function boardsIn(rows: readonly Static<typeof boardRow>[]): Boards {
  const boards = new Map<string, BoardValue[]>()
  let total: BoardValue = { value: '', now: 0, nowBase: 0, before: 0, beforeBase: 0 }
  for (const row of rows) {
    const value: BoardValue = {
      value: row.value,
      now: row.now,
      nowBase: row.now_base,
      before: row.before,
      beforeBase: row.before_base,
    }
    if (row.dimension === '') total = value
    else boards.set(row.dimension, [...(boards.get(row.dimension) ?? []), value])
  }
  return { total, boards: [...boards].map(([dimension, values]) => ({ dimension, values })) }
}
