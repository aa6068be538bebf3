import type { FastifyInstance } from 'fastify'
import { PassThrough } from 'node:stream'
import type { Log } from '../../platform/log.ts'
import { readers } from './access.ts'
import { formatPosition, parsePosition, type AlertFeed, type FeedEvent } from './alert-feed.ts'
import { itemOfRevision, type Named } from './alert-item.ts'
import { Problem } from './problem.ts'
import type { TriageFeed } from './triage-feed.ts'
import { StreamQuery } from './shapes.ts'

const heartbeatMs = 15_000
/** A reader that takes nothing while this much is waiting, beside what it asked for when it came, is cut off; it comes back by itself and resumes. */
const bufferBytes = 1_048_576
const maxListeners = 1_000

/** GET /api/alerts/stream: server-sent events. */
export function liveRoutes(
  app: FastifyInstance,
  deps: { feed: AlertFeed; triage: TriageFeed; nameOf: (site: string) => Named; log: Log },
): void {
  const open = new Set<PassThrough>()
  app.addHook('preClose', async () => open.forEach((stream) => stream.end()))

  app.get<{ Querystring: { after?: string } }>(
    '/api/alerts/stream',
    { config: readers, schema: { querystring: StreamQuery }, exposeHeadRoute: false },
    async (request, reply) => {
      if (open.size >= maxListeners)
        throw new Problem(503, {
          code: 'TOO_MANY_LISTENERS',
          message: 'Too many pages listen to the live alerts.',
          fix: 'Close some, or try again in a minute.',
        })
      const stream = new PassThrough()
      open.add(stream)
      const caller = request.caller
      // What was missed comes in one go, before anything can be taken.
      let most = Infinity
      const write = (text: string): void => {
        if (stream.writableEnded || stream.destroyed) return
        if (waiting() > most) {
          deps.log.warn({ bytes: bufferBytes }, 'a live reader is too slow and was cut off')
          stream.destroy()
        } else stream.write(text)
      }
      const waiting = (): number => stream.readableLength + stream.writableLength
      write(': live alerts\nretry: 2000\n\n')
      // What the browser had last wins over what the page first asked for.
      const resume = headerText(request.headers['last-event-id']) ?? request.query.after
      const leave = await deps.feed.listen(parsePosition(resume), (event) => write(render(event)))
      most = waiting() + bufferBytes
      const leaveTriage = deps.triage.listen(({ action, actionId, actor, alertIds }) =>
        write(`event: triage\ndata: ${JSON.stringify({ action, actionId, actor, alertIds })}\n\n`),
      )
      const heartbeat = setInterval(() => {
        const over = caller?.kind === 'person' && caller.session.expiresAt <= Date.now()
        if (over) stream.end()
        else write(': heartbeat\n\n')
      }, heartbeatMs)
      stream.on('close', () => {
        clearInterval(heartbeat)
        leave()
        leaveTriage()
        open.delete(stream)
      })
      request.raw.on('close', () => stream.destroy())
      return reply
        .headers({
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store, no-transform',
          'x-accel-buffering': 'no',
        })
        .send(stream)
    },
  )

  function render(event: FeedEvent): string {
    if (event.kind === 'missed') return 'event: reset\ndata: {}\n\n'
    const item = JSON.stringify(itemOfRevision(event.revision, deps.nameOf))
    return `id: ${formatPosition(event.position)}\nevent: alert\ndata: ${item}\n\n`
  }
}

const headerText = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
