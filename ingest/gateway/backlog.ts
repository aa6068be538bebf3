import type { FastifyInstance, FastifyRequest } from 'fastify'
import { bodyLimitBytes } from './body.ts'
import { busy } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Says that the body has turned out to be this large, bytes. Throws a Problem (503) when that is too much now. */
    hold: (bytes: number) => void
  }
}

/**
 * Bounds what requests may hold in memory: their bytes count from the moment their head is read until they are answered, so a
 * log that stands still ends in 503 and not in a full memory.
 */
export function boundBacklog(app: FastifyInstance, options: { limitBytes: number }): { bytes(): number } {
  let held = 0
  app.decorateRequest('hold', () => {})
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'POST') return
    let mine = 0
    let isOver = false
    request.hold = (bytes) => {
      const more = bytes - mine
      if (more <= 0 || isOver) return
      // One request is always let in, however small the bound.
      if (held > mine && held + more > options.limitBytes) throw busy()
      held += more
      mine = bytes
    }
    const release = (): void => {
      if (!isOver) held -= mine
      isOver = true
    }
    reply.raw.once('finish', release)
    reply.raw.once('close', release)
    request.hold(announcedBytes(request))
  })
  return { bytes: () => held }
}

/** JSON of many like records packs about so well; what it really unpacks to is held once it is known. */
const usualPacking = 10

/** What the request says it brings. */
function announcedBytes(request: FastifyRequest): number {
  const length = Number(request.headers['content-length'] ?? NaN)
  if (Number.isNaN(length)) return bodyLimitBytes
  return Math.min(
    request.headers['content-encoding'] === undefined ? length : length * usualPacking,
    bodyLimitBytes,
  )
}
