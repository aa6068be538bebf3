import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import rejectedSummary from '../../sql/queries/rejected-summary.ts'
import sourceStatus from '../../sql/queries/source-status.ts'
import { readers } from './access.ts'
import { parseMoment } from './local-day.ts'
import type { NameBook } from './name-book.ts'
import { badInput } from './problem.ts'
import type { Reader } from './reader.ts'
import { sharedAnswer } from './shared-answer.ts'
import {
  RejectedQuery,
  type Feed,
  type Feeds,
  type RejectedSummary,
  type Sites,
  type SourceStatus,
} from './shapes.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const feedsFreshMs = 4_000
/** Until a row that holds from a time on is looked at; a change of the reference data is seen at once. */
const sitesFreshMs = 60_000
const compress = promisify(brotliCompress)

/** GET /api/feeds, /api/rejected/summary, /api/sites. */
export function feedRoutes(
  app: FastifyInstance,
  options: { timeZone: string },
  deps: { reader: Reader; names: NameBook; now: () => Promise<number>; wall?: () => number },
): void {
  const { reader, names } = deps
  // Arrival is measured by the wall even when the log's clock follows the events.
  const wall = deps.wall ?? Date.now

  // Every page has it at its foot, and it reads a week of records.
  const feeds = sharedAnswer(async (): Promise<Feeds> => {
    const now = wall()
    const [rows, rejected] = await Promise.all([
      reader.rows(sourceStatus, { now }),
      reader.rows(rejectedSummary, { from: now - dayMs, to: now + 1 }),
    ])
    const rejectedOf = (feed: string, source: string): number =>
      rejected
        .filter((row) => row.feed === feed && row.source === source)
        .reduce((sum, row) => sum + row.count, 0)
    const sources = rows.map((row) => statusOf(row, rejectedOf(row.feed, row.source), now))
    return { now, sources: [...sources, ...onlyRejected(sources, rejected)] }
  }, feedsFreshMs)
  app.get('/api/feeds', { config: readers }, () => feeds())

  app.get<{ Querystring: Static<typeof RejectedQuery> }>(
    '/api/rejected/summary',
    { config: readers, schema: { querystring: RejectedQuery } },
    async (request): Promise<RejectedSummary> => {
      const { query } = request
      const to = query.to === undefined ? wall() + 1 : parseMoment(query.to, 'to', options.timeZone)
      const from = query.from === undefined ? to - dayMs : parseMoment(query.from, 'from', options.timeZone)
      if (to <= from) throw badInput('to', 'The span is empty.', 'Give a `to` that is later than `from`.')
      const rows = await reader.rows(rejectedSummary, { from, to })
      return {
        from,
        to,
        total: rows.reduce((sum, { count }) => sum + count, 0),
        rows: rows.map(({ last_ms, ...row }) => ({ ...row, lastAt: last_ms })),
      }
    },
  )

  // Every page loads it, and a country has tens of thousands of lodgings: made and compressed once, and not sent again while it stays the same.
  const makeSites = async () => {
    const now = await deps.now()
    const plain = Buffer.from(JSON.stringify({ sites: names.sites(now) } satisfies Sites))
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length }
    const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
    return { plain, etag, brotli: await compress(plain, { params }) }
  }
  let sites = sharedAnswer(makeSites, sitesFreshMs)
  let version: string | undefined
  app.get('/api/sites', { config: readers }, async (request, reply) => {
    await names.refresh()
    if (version !== names.version) sites = sharedAnswer(makeSites, sitesFreshMs)
    version = names.version
    const { plain, brotli, etag } = await sites()
    const { 'if-none-match': known, 'accept-encoding': encodings = '' } = request.headers
    void reply
      .header('cache-control', 'private, no-cache')
      .header('etag', etag)
      .header('vary', 'accept-encoding')
    if (known === etag) return reply.code(304).send()
    const small = /\bbr\b/.test(String(encodings))
    if (small) void reply.header('content-encoding', 'br')
    return reply.type('application/json; charset=utf-8').send(small ? brotli : plain)
  })
}

type StatusRow = Static<(typeof sourceStatus)['row']>

function statusOf(row: StatusRow, rejected24h: number, now: number): SourceStatus {
  const hours = (now - hourMs - row.first_seen_ms) / hourMs
  // Less than an hour of past says nothing about what is usual.
  const usualHour = hours < 1 ? null : row.before_last_hour / Math.min(hours, 168)
  const ratio = usualHour ? row.last_hour / usualHour : null
  return {
    feed: row.feed as Feed,
    source: row.source,
    lastSeenAt: row.last_seen_ms,
    lastEventAt: row.last_event_ms,
    lastHour: row.last_hour,
    usualHour,
    ratio,
    accepted24h: row.last_day,
    rejected24h,
    lagMs: row.lag_ms === null ? null : Math.round(row.lag_ms),
    state:
      row.last_hour === 0 && (usualHour === null || usualHour >= 1)
        ? 'silent'
        : ratio !== null && ratio < 0.5
          ? 'quiet'
          : 'reporting',
  }
}

/** Sources of which nothing at all was taken: the ones that need help most. */
function onlyRejected(
  sources: readonly SourceStatus[],
  rejected: readonly Static<(typeof rejectedSummary)['row']>[],
): SourceStatus[] {
  const unknown = rejected.filter(
    (row) => !sources.some(({ feed, source }) => feed === row.feed && source === row.source),
  )
  return [...Map.groupBy(unknown, ({ feed, source }) => `${feed} ${source}`).values()].map((own) => ({
    feed: own[0]?.feed as Feed,
    source: own[0]?.source ?? '',
    lastSeenAt: Math.max(...own.map(({ last_ms }) => last_ms)),
    lastEventAt: 0,
    lastHour: 0,
    usualHour: null,
    ratio: null,
    accepted24h: 0,
    rejected24h: own.reduce((sum, { count }) => sum + count, 0),
    lagMs: null,
    state: 'silent',
  }))
}
