import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createSupplier, inParallel, noVerdicts } from '../../ingest/supplier/supplier.ts'

let server: Server | undefined
afterEach(() => void server?.close())

/** A gateway that answers each request with the next of the answers. */
async function gateway(
  answers: ((request: IncomingMessage, response: ServerResponse, body: string) => void)[],
) {
  const bodies: string[] = []
  server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      bodies.push(body)
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      answer?.(request, response, body)
    })
  })
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, bodies }
}

const taken = (_: IncomingMessage, response: ServerResponse, body: string): void => {
  const verdicts = body.split('\n').map((_, index) => ({ index, id: String(index), verdict: 'accepted' }))
  response.end(JSON.stringify({ accepted: verdicts.length, duplicate: 0, rejected: 0, verdicts }))
}
const full = (_: IncomingMessage, response: ServerResponse): void =>
  void response.writeHead(503, { 'retry-after': '2' }).end(JSON.stringify({ code: 'FULL', message: 'Full.' }))

describe('a supplier', () => {
  test('waits as long as a full gateway asks and sends the same bytes again', async () => {
    const { url, bodies } = await gateway([full, full, taken])
    const waits: number[] = []
    const supplier = createSupplier({ url, key: 'k' }, { wait: async (ms) => void waits.push(ms) })
    expect(await supplier.post('sightings', [{ id: 'a' }, { id: 'b' }])).toEqual({
      ...noVerdicts(),
      accepted: 2,
    })
    expect(waits).toEqual([2_000, 2_000])
    expect(new Set(bodies)).toEqual(new Set(['{"id":"a"}\n{"id":"b"}']))
  })

  test('tries again when the connection breaks', async () => {
    const { url } = await gateway([(request) => void request.socket.destroy(), taken])
    const supplier = createSupplier({ url, key: 'k' }, { wait: async () => {} })
    expect((await supplier.post('crossings', [{ id: 'a' }])).accepted).toBe(1)
  })

  test('does not try again what the gateway refuses for good, and gives its words', async () => {
    const { url, bodies } = await gateway([
      (_, response) =>
        void response.writeHead(401).end(JSON.stringify({ code: 'KEY', message: 'No such key.', fix: 'Make one.' })),
    ]) // prettier-ignore
    const supplier = createSupplier({ url, key: 'k' })
    await expect(supplier.post('crossings', [{ id: 'a' }])).rejects.toMatchObject({
      code: 'KEY',
      status: 401,
      message: 'No such key. Make one.',
    })
    expect(bodies).toHaveLength(1)
  })

  test('gives up after the time it was given', async () => {
    const { url } = await gateway([full])
    const supplier = createSupplier({ url, key: 'k', giveUpAfterMs: 1_000 }, { wait: async () => {} })
    await expect(supplier.post('crossings', [{ id: 'a' }])).rejects.toMatchObject({ code: 'FULL' })
  })

  test('counts rejected records by reason', async () => {
    const { url } = await gateway([
      (_, response) =>
        void response.end(
          JSON.stringify({
            accepted: 0,
            duplicate: 1,
            rejected: 2,
            verdicts: [{ verdict: 'duplicate' }, { verdict: 'rejected', reason: 'unknown-field' }, { verdict: 'rejected', reason: 'unknown-field' }],
          }),
        ),
    ]) // prettier-ignore
    const verdicts = await createSupplier({ url, key: 'k' }).post('crossings', [{}, {}, {}])
    expect(verdicts).toEqual({ accepted: 0, duplicate: 1, rejected: 2, reasons: { 'unknown-field': 2 } })
  })
})

describe('running in parallel', () => {
  test('keeps at most the given number under way and ends with the first failure', async () => {
    let running = 0
    let most = 0
    const begun: number[] = []
    const job = async (n: number): Promise<void> => {
      begun.push(n)
      most = Math.max(most, ++running)
      await new Promise((done) => setImmediate(done))
      running--
      if (n === 5) throw new Error('five')
    }
    await expect(inParallel([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3, job)).rejects.toThrow('five')
    expect(most).toBe(3)
    expect(begun.length).toBeLessThan(10)
  })
})
