import type { FastifyError, FastifyInstance } from 'fastify'
import type { Log } from '../../platform/log.ts'
import { StoreUnavailable } from '../intake/event-log.ts'

/** A request that gets no verdicts: what is wrong with it as a whole, and what to do. No text of it quotes the body. */
export class Problem extends Error {
  readonly statusCode: number
  readonly body: ProblemBody
  readonly retryAfterSeconds: number | undefined

  constructor(statusCode: number, body: ProblemBody, retryAfterSeconds?: number) {
    super(body.message)
    this.statusCode = statusCode
    this.body = body
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export interface ProblemBody {
  readonly code: string
  readonly message: string
  readonly field?: string
  readonly fix: string
}

/** Seconds after which a supplier may try again. */
const retryAfterSeconds = 2

export function busy(): Problem {
  return new Problem(
    503,
    {
      code: 'BUSY',
      message: 'More is waiting to be stored than this gateway holds.',
      fix: 'Send the same request again after the time in Retry-After.',
    },
    retryAfterSeconds,
  )
}

function unavailable(): Problem {
  return new Problem(
    503,
    {
      code: 'STORE_UNAVAILABLE',
      message: 'The records could not be stored.',
      fix: 'Send the same request again after the time in Retry-After; what is stored already is answered as duplicate.',
    },
    retryAfterSeconds,
  )
}

/** Problems that Fastify itself finds, in this API's words. */
const known: Readonly<Record<string, ProblemBody>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'BODY_TOO_LARGE',
    message: 'The body is larger than the limit.',
    fix: 'Split it: a request holds at most 8 MiB (unpacked) and 10,000 records.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'MEDIA_TYPE',
    message: 'The body is of a type that is not taken.',
    fix: 'Send Content-Type: application/json or application/x-ndjson.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: 'EMPTY_BODY',
    message: 'The body is empty.',
    fix: 'Send at least one record.',
  },
}

/** Answers whatever a route throws as `{ code, message, field?, fix }`. */
export function answerProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError | Problem | StoreUnavailable, request, reply) => {
    const problem = error instanceof StoreUnavailable ? unavailable() : error
    if (problem instanceof Problem) {
      if (problem.retryAfterSeconds !== undefined) void reply.header('retry-after', problem.retryAfterSeconds)
      if (problem.statusCode === 401) void reply.header('www-authenticate', 'Bearer')
      return reply.code(problem.statusCode).send(problem.body)
    }
    const status = problem.statusCode ?? 500
    if (status < 500)
      return reply.code(status).send(
        known[problem.code] ?? {
          code: 'REQUEST',
          message: 'The request cannot be read.',
          fix: 'See GET /v1 for what this gateway takes.',
        },
      )
    log.error({ method: request.method, route: request.routeOptions.url }, 'request failed', problem)
    return reply.code(500).send({
      code: 'INTERNAL',
      message: 'The gateway could not answer.',
      fix: 'Send the same request again; when it stays so, tell the operator the time of the request.',
    })
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({
      code: 'NOT_FOUND',
      message: 'There is no such address.',
      fix: 'See GET /v1 for what this gateway takes.',
    }),
  )
}
