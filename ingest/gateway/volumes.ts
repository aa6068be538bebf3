import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { feedNames, type FeedName } from '../feeds/layout.ts'
import type { CountedVolumes } from '../feeds/log-subjects.ts'
import { Instant, SiteId } from '../feeds/vocabulary.ts'
import type { EventLog } from '../intake/event-log.ts'
import { parseInstant } from '../intake/instants.ts'
import type { Pseudonyms } from '../intake/pseudonyms.ts'
import { parseRows } from './rows.ts'
import { Problem } from './problem.ts'

/** A total that arrives already counted, such as a day's entries at a checkpoint. */
export const CountedVolumeBody = Type.Object(
  {
    feed: Type.Enum([...feedNames]),
    site: SiteId,
    kind: Type.Optional(Type.Enum(['', 'entry', 'exit', 'check'])),
    at: Type.Union([Instant, Type.Integer({ minimum: 0, maximum: 7_258_118_400_000 })], {
      description: 'Start of the span: ISO 8601, or milliseconds UTC.',
    }),
    spanMs: Type.Integer({ minimum: 60_000, maximum: 366 * 86_400_000 }),
    count: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  },
  { additionalProperties: false },
)
const row = Compile(CountedVolumeBody)

const chunkRows = 2_000

/** `POST /v1/volumes` takes totals (an array or `{ rows }`), all or none, and puts them into the log. */
export function volumeRoutes(
  app: FastifyInstance,
  deps: { eventLog: EventLog; pseudonyms: Pseudonyms; now: () => number },
): void {
  app.post('/v1/volumes', { config: { access: 'volumes' } }, async (request) => {
    const source = request.apiKey?.source as string
    const rows = parseRows(request.body, row).map((body, index) => ({
      feed: body.feed as FeedName,
      site: body.site,
      kind: (body.kind ?? '') as string,
      at: startOf(body.at, index),
      spanMs: body.spanMs,
      count: body.count,
    }))
    for (let from = 0; from < rows.length; from += chunkRows) {
      const chunk = rows.slice(from, from + chunkRows)
      const volumes: CountedVolumes = { source, rows: chunk, loggedAt: deps.now() }
      const messageId = `v:${deps.pseudonyms.idOf(source, JSON.stringify(chunk))}`
      await deps.eventLog.publish('events.volumes', Buffer.from(JSON.stringify(volumes)), messageId)
    }
    return { accepted: rows.length }
  })
}

function startOf(at: string | number, index: number): number {
  const ms = typeof at === 'number' ? at : parseInstant(at)
  if (!Number.isNaN(ms)) return ms
  throw new Problem(400, {
    code: 'BAD_ROW',
    message: `Row ${index}: at is no time that exists.`,
    field: `${index}.at`,
    fix: 'Send ISO 8601 with seconds and offset, for example 2026-01-31T00:00:00+07:00, or milliseconds UTC.',
  })
}
