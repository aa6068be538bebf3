import type { FastifyInstance } from 'fastify'
import totalsQuery from '../../sql/queries/totals.ts'
import firstHours from '../../sql/queries/first-hours.ts'
import openAlerts from '../../sql/queries/open-alerts.ts'
import volumes from '../../sql/queries/volumes.ts'
import { readers } from './access.ts'
import { dateOf, parseSpan, startOf } from './local-day.ts'
import { badInput } from './problem.ts'
import type { Reader } from './reader.ts'
import { sharedAnswer } from './shared-answer.ts'
import { feeds as feedNames, VolumesQuery, type Totals } from './shapes.ts'

const hourMs = 3_600_000
const totalsFreshMs = 2_000
const hoursFreshMs = 20_000
/** A feed without records for longer is behind or silent: what it counts is no fall. */
const currentMs = 6 * hourMs
const weekMs = 7 * 24 * hourMs
/** Rows of an answer grow with buckets: eleven years of hours is more than any chart shows. */
const maxBuckets = 100_000
const bucketMs = { hour: hourMs, day: 24 * hourMs, week: weekMs, month: 28 * 24 * hourMs } as const
export const arrowType = 'application/vnd.apache.arrow.stream'

/** GET /api/volumes, /api/totals. */
export function volumeRoutes(
  app: FastifyInstance,
  options: { timeZone: string },
  deps: { reader: Reader; now: () => Promise<number> },
): void {
  app.get<{ Querystring: VolumesQuery }>(
    '/api/volumes',
    { config: readers, schema: { querystring: VolumesQuery } },
    async (request, reply) => {
      const { query } = request
      const zone = knownZone(query.timeZone ?? options.timeZone)
      const { from, to } = parseSpan(query, zone)
      const grain = query.grain ?? 'hour'
      if ((to - from) / bucketMs[grain] > maxBuckets)
        throw badInput(
          'grain',
          'The span has too many buckets of this width.',
          'Take a wider grain or a shorter span.',
        )
      const bytes = await deps.reader.arrow(volumes, {
        from,
        to,
        grain,
        zone,
        feed: query.feed ?? '',
        sites: (query.sites ?? '').split(',').filter((site) => site !== ''),
        origin: query.origin ?? '',
      })
      return reply.type(arrowType).send(bytes)
    },
  )

  // It reads all hours there are, for what changes once an hour.
  const hoursKnown = sharedAnswer(() => deps.reader.rows(firstHours, {}), hoursFreshMs)
  const totals = sharedAnswer(async (): Promise<Totals> => {
    const now = await deps.now()
    const windows = [
      { from: now - 24 * hourMs, to: now },
      { from: startOf(dateOf(now, options.timeZone), options.timeZone), to: now },
    ]
    const spans = windows.flatMap(({ from, to }) => [
      { from, to },
      { from: from - weekMs, to: to - weekMs },
    ])
    const [rows, firsts, open] = await Promise.all([
      deps.reader.rows(totalsQuery, {
        froms: spans.map(({ from }) => from),
        tos: spans.map(({ to }) => to),
        ...cutHours(spans),
      }),
      hoursKnown(),
      deps.reader.rows(openAlerts, {}),
    ])
    const feeds = feedNames.map((feed) => {
      const known = firsts.find((row) => row.feed === feed)
      const first = known?.first_at ?? Infinity
      const lastAt = known?.last_at ?? null
      const current = lastAt !== null && lastAt >= now - currentMs
      const of = (span: number): { count: number; people: number } =>
        rows.find((row) => row.feed === feed && row.span === span) ?? { count: 0, people: 0 }
      const compared = (span: number): Totals['feeds'][number]['today'] => {
        const { count, people } = of(span)
        const weekBefore = current && first < (spans[span]?.to ?? 0) ? of(span + 1).count : null
        return { count, people, weekBefore, ratio: weekBefore ? count / weekBefore : null }
      }
      return { feed, lastAt, last24h: compared(1), today: compared(3) }
    })
    const openOf = (one: string): number => open.find(({ severity }) => severity === one)?.alerts ?? 0
    return {
      now,
      openAlerts: { high: openOf('high'), medium: openOf('medium'), low: openOf('low') },
      feeds,
    }
  }, totalsFreshMs)
  app.get('/api/totals', { config: readers }, () => totals())
}

/** The hours that a span cuts: of now, of 24 hours before, and of a midnight where zones are off by half an hour. */
function cutHours(spans: readonly { from: number; to: number }[]) {
  const cut = spans.flatMap(({ from, to }) => [from, to]).filter((at) => at % hourMs !== 0)
  const hours = [...new Set(cut.map((at) => at - (at % hourMs)))]
  const [cut_1 = 0, cut_2 = 0, cut_3 = 0, cut_4 = 0, cut_5 = 0, cut_6 = 0] = hours
  return { cut_1, cut_2, cut_3, cut_4, cut_5, cut_6 }
}

function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw badInput('timeZone', 'There is no such time zone.', 'Give an IANA name such as Asia/Bangkok.')
  }
}
