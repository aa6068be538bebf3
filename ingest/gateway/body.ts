import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'

/** A request body holds at most this, packed and unpacked, bytes. */
export const bodyLimitBytes = 8 * 1024 ** 2
/** … and at most this many records. */
export const recordLimit = 10_000

const unpack = promisify(gunzip)

/**
 * Bodies as bytes: nothing parses JSON before the intake does. gzip is unpacked up to the limit and no further, so that a
 * small body that unpacks to a huge one costs no more than the limit.
 */
export function takeBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'application/x-ndjson', 'application/ndjson'],
    { parseAs: 'buffer', bodyLimit: bodyLimitBytes },
    async (request: FastifyRequest, body: Buffer) => {
      const encoding = request.headers['content-encoding'] ?? 'identity'
      if (encoding === 'identity') return body
      if (encoding === 'gzip' || encoding === 'x-gzip') {
        const unpacked = await unpackGzip(body)
        request.hold(unpacked.length)
        return unpacked
      }
      throw new Problem(415, {
        code: 'ENCODING',
        message: 'The body is packed in a way that is not taken.',
        field: 'Content-Encoding',
        fix: 'Send it as it is, or packed with gzip.',
      })
    },
  )
}

async function unpackGzip(body: Buffer): Promise<Buffer> {
  try {
    return await unpack(body, { maxOutputLength: bodyLimitBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new Problem(413, {
        code: 'BODY_TOO_LARGE',
        message: 'The unpacked body is larger than the limit.',
        fix: 'Split it: a request holds at most 8 MiB (unpacked) and 10,000 records.',
      })
    throw new Problem(400, {
      code: 'BROKEN_GZIP',
      message: 'The body is no whole gzip.',
      field: 'Content-Encoding',
      fix: 'Pack the body again, or send it without Content-Encoding.',
    })
  }
}
