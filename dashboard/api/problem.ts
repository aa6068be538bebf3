import type { FastifyError, FastifyInstance } from 'fastify'
import type { Log } from '../../platform/log.ts'
import type { ApiError } from './shapes.ts'

/** An answer that is no success: what is wrong, in which field, and what to do next. */
export class Problem extends Error {
  readonly statusCode: number
  readonly body: ApiError

  constructor(statusCode: number, body: ApiError) {
    super(body.message)
    this.statusCode = statusCode
    this.body = body
  }
}

/** 400 about one field of a request. */
export function badInput(field: string, message: string, fix: string): Problem {
  return new Problem(400, { code: 'INPUT', message, field, fix })
}

/** Turns whatever a route throws into `{ code, message, field?, fix? }`; the text of an unexpected error stays inside. */
export function answerProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    if (error instanceof Problem) return reply.code(error.statusCode).send(error.body)
    // A listening page was closed: nobody is left to be answered, and nothing has failed.
    if (error.code === 'ERR_STREAM_PREMATURE_CLOSE' && reply.raw.destroyed) return reply
    const status = error.statusCode ?? 500
    if (status < 500) {
      return reply.code(status).send({
        code: error.code ?? 'REQUEST',
        message: 'The request cannot be read.',
        fix: 'Send what dashboard/api/README.md lists for this route.',
      } satisfies ApiError)
    }
    log.error({ method: request.method, route: request.routeOptions.url }, 'request failed', error)
    return reply.code(500).send({
      code: 'INTERNAL',
      message: 'The dashboard could not answer.',
      fix: 'Try again; when it stays so, look at /health/ready and the log of the dashboard.',
    } satisfies ApiError)
  })
}
