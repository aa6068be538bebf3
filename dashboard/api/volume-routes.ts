import type { FastifyInstance } from 'fastify'
import firstHours from '../../sql/queries/first-hours.ts'
import openAlerts from '../../sql/queries/open-alerts.ts'
import volumes from '../../sql/queries/volumes.ts'
import { readers } from './access.ts'
import { dateOf, parseSpan, startOf } from './local-day.ts'
import { badInput } from './problem.ts'
import type { Reader } from './reader.ts'
import { sharedAnswer } from './shared-answer.ts'
import { SpanCounter } from './span-counts.ts'
import { feeds as feedNames, VolumesQuery, type Totals } from './shapes.ts'

const hourMs = 3_600_000
const totalsFreshMs = 2_000
const hoursFreshMs = 5_000
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

  // It reads all hours there are.
  const hoursKnown = sharedAnswer(() => deps.reader.rows(firstHours, {}), hoursFreshMs)
  const counter = new SpanCounter(deps.reader)
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
    const [counts, firsts, open] = await Promise.all([
      counter.count(feedNames, spans, now),
      hoursKnown(),
      deps.reader.rows(openAlerts, {}),
    ])
    const feeds = feedNames.map((feed) => {
      const known = firsts.find((row) => row.feed === feed)
      const first = known?.first_at ?? Infinity
      const lastAt = known?.last_at ?? null
      const current = lastAt !== null && lastAt >= now - currentMs
      const compared = (span: number): Totals['feeds'][number]['today'] => {
        const { count = 0, people = 0 } = counts.get(feed)?.[span] ?? {}
        const before =
          current && first < (spans[span + 1]?.to ?? 0) ? counts.get(feed)?.[span + 1] : undefined
        const weekBefore = before?.count ?? null
        return { count, people, weekBefore, ratio: weekBefore ? count / weekBefore : null }
      }
      return { feed, lastAt, last24h: compared(0), today: compared(2) }
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

function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw badInput('timeZone', 'There is no such time zone.', 'Give an IANA name such as Asia/Bangkok.')
  }
}
