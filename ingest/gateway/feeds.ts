import type { FastifyInstance } from 'fastify'
import type { Intake, Taken, Verdict } from '../intake.ts'
import { feedNames, type FeedName } from '../feeds/layout.ts'
import { findRecords, type BodyProblem } from '../intake/decode.ts'
import { feedSchemas } from '../intake/shapes.ts'
import { recordLimit } from './body.ts'
import { Problem, type ProblemBody } from './problem.ts'

/** `POST /v1/feeds/<feed>`: records in, a verdict each out, once they are stored. `GET …/schema`: what a record looks like. */
export function feedRoutes(
  app: FastifyInstance,
  deps: { intake: Intake; onTaken?: (feed: FeedName, taken: Taken) => void },
): void {
  for (const feed of feedNames) {
    app.post<{ Body: unknown; Querystring: { verdicts?: string } }>(
      `/v1/feeds/${feed}`,
      { config: { access: 'feeds' } },
      async (request, reply) => {
        const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
        const isLines = request.headers['content-type']?.includes('ndjson') ?? false
        const records = findRecords(body, isLines ? 'ndjson' : 'json', recordLimit)
        if (typeof records === 'string')
          throw new Problem(records === 'too-many-records' ? 413 : 400, problems[records])
        const source = request.apiKey?.source as string
        const taken = await deps.intake.take(feed, source, body, records)
        await taken.stored()
        deps.onTaken?.(feed, taken)
        void reply.type('application/json; charset=utf-8')
        return answer(taken, request.query.verdicts === 'rejected')
      },
    )
    app.get(`/v1/feeds/${feed}/schema`, { config: { access: 'open' } }, async () => ({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: feed,
      ...feedSchemas[feed],
    }))
  }
}

/**
 * The answer as JSON text, written by hand since it has a line for each of up to 10,000 records. `onlyRejected` leaves out
 * the verdicts of the others; the totals stay.
 */
export function answer(taken: Taken, onlyRejected = false): string {
  const { accepted, duplicate, rejected, rejections } = taken
  const entries: Iterable<readonly [number, Verdict]> = onlyRejected ? rejections : taken.verdicts().entries()
  let lines = ''
  for (const [index, verdict] of entries) {
    if (lines !== '') lines += ','
    lines +=
      verdict.verdict === 'rejected'
        ? JSON.stringify({ index, ...verdict })
        : // An id that got this far has the form of one: nothing in it needs escaping.
          `{"index":${index},"verdict":"${verdict.verdict}","id":"${verdict.id}"}`
  }
  return `{"accepted":${accepted},"duplicate":${duplicate},"rejected":${rejected},"verdicts":[${lines}]}`
}

const problems: Record<BodyProblem, ProblemBody> = {
  'empty-body': {
    code: 'EMPTY_BODY',
    message: 'The body holds no record.',
    fix: 'Send at least one record.',
  },
  'broken-array': {
    code: 'BROKEN_ARRAY',
    message: 'The array does not end, or its commas and brackets do not match.',
    fix: 'Send a whole JSON array, or a record a line as application/x-ndjson.',
  },
  'too-many-records': {
    code: 'TOO_MANY_RECORDS',
    message: 'The body holds more records than the limit.',
    fix: `Split it: a request holds at most ${recordLimit} records.`,
  },
}
