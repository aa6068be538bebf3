import { createServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { freePort, takePort } from '../../platform/ports.ts'

const open: Server[] = []
afterEach(() => open.splice(0).forEach((server) => server.close()))

it('takes the wanted port while it is free, and says nothing', async () => {
  const said: string[] = []
  const port = await freePort()
  expect(
    await takePort({ port, variable: 'PORT', what: 'dashboard' }, '127.0.0.1', (t) => said.push(t)),
  ).toBe(port)
  expect(said).toEqual([])
})

it('says that a port is in use and takes a free one', async () => {
  const said: string[] = []
  const port = await listen()
  const taken = await takePort({ port, variable: 'INGEST_PORT', what: 'ingest' }, '127.0.0.1', (t) =>
    said.push(t),
  )
  expect(taken).not.toBe(port)
  expect(said).toEqual([
    `Port ${port} (ingest) is in use: taking ${taken}. Set INGEST_PORT to choose another one.`,
  ])
})

it('takes a free port for 0', async () => {
  expect(
    await takePort({ port: 0, variable: 'PORT', what: 'dashboard' }, '127.0.0.1', () => {}),
  ).toBeGreaterThan(0)
})

it('names the variable when the address itself cannot be used', async () => {
  const take = takePort({ port: 8080, variable: 'PORT', what: 'dashboard' }, '203.0.113.1', () => {})
  await expect(take).rejects.toThrow(/set PORT or HOST/)
})

function listen(): Promise<number> {
  const server = createServer()
  open.push(server)
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port)),
  )
}
