import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { processMark } from '../../platform/process-mark.ts'
import { until } from '../support/until.ts'

/** The standalone with its real roles, one data folder for the whole file: each test goes on with what the last one left. */
interface Ready {
  readonly dashboardUrl: string
  readonly loginUrl: string
  readonly ingestUrl: string
  readonly natsUrl: string
  readonly dataDir: string
  readonly pids: Readonly<Record<string, number>>
}

const folder = mkdtempSync(join(tmpdir(), 'daan-start-'))
const readyFile = join(folder, 'ready.json')
const script = fileURLToPath(new URL('../../platform/start.ts', import.meta.url))
let running: { child: ChildProcess; said: () => string } | undefined

afterAll(async () => {
  if (running?.child.exitCode === null) {
    running.child.kill('SIGTERM')
    await once(running.child, 'exit')
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

it('says that a port is in use, takes a free one, and is ready on all it names', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  running = start({ PORT: String(port) })
  const ready = await untilReady()
  other.close()
  expect(running.said()).toContain(
    `Port ${port} (dashboard) is in use: taking ${new URL(ready.dashboardUrl).port}.`,
  )
  expect((await fetch(`${ready.dashboardUrl}/health/ready`)).status).toBe(200)
  expect((await fetch(`${ready.ingestUrl}/health/ready`)).status).toBe(200)
  await until('the ready block', () => running?.said().includes(ready.loginUrl))
  for (const pid of Object.values(ready.pids)) expect(processMark(pid)).toBeDefined()
})

it('refuses a second start on the same data and names the first', async () => {
  const { pids } = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready
  const second = start({ READY_FILE: join(folder, 'second.json') })
  const [code] = (await once(second.child, 'exit')) as [number]
  expect(code).toBe(1)
  expect(second.said()).toContain(`(pid ${pids['supervisor']}): stop it, or set DATA_DIR to another folder.`)
})

it('starts a role again that was killed, and is ready again', async () => {
  const before = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready
  process.kill(before.pids['ingest'] as number, 'SIGKILL')
  const after = await until('another ingest', () => {
    const now = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready
    return now.pids['ingest'] !== undefined && now.pids['ingest'] !== before.pids['ingest'] && now
  })
  await until(
    'ingest to take records',
    async () => (await fetch(`${after.ingestUrl}/health/ready`).catch(() => undefined))?.ok,
  )
  expect(running?.said()).toContain('ingest died (SIGKILL); starting it again')
})

it('starts at once after kill -9 of the supervisor alone', async () => {
  const { pids } = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready
  running?.child.kill('SIGKILL')
  running = start()
  const ready = await untilReady()
  for (const pid of Object.values(pids)) expect(processMark(pid)).toBeUndefined()
  expect((await fetch(`${ready.dashboardUrl}/health/ready`)).status).toBe(200)
})

it('starts after kill -9 of everything', async () => {
  const { pids } = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready
  for (const pid of Object.values(pids)) process.kill(pid, 'SIGKILL')
  running = start()
  await untilReady()
})

it.each(['SIGINT', 'SIGTERM'] as const)('stops everything within 5 s on %s, twice sent', async (signal) => {
  if (running?.child.exitCode !== null) {
    running = start()
    await untilReady()
  }
  const { child, said } = running as NonNullable<typeof running>
  const { pids } = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready
  const before = Date.now()
  child.kill(signal)
  child.kill(signal)
  const [code] = (await once(child, 'exit')) as [number]
  expect(Date.now() - before).toBeLessThan(5_000)
  expect(code, said()).toBe(0)
  for (const pid of Object.values(pids)) expect(processMark(pid)).toBeUndefined()
  expect(existsSync(readyFile)).toBe(false)
  expect(existsSync(join(folder, 'data', 'supervisor.lock'))).toBe(false)
})

it('ends with one sentence on a setting that cannot be used', async () => {
  const wrong = start({ TICK_MS: 'soon' })
  const [code] = (await once(wrong.child, 'exit')) as [number]
  expect(code).toBe(1)
  expect(wrong.said().trim()).toBe('TICK_MS is "soon"; set it to a whole number from 10 to 60000.')
})

function start(env: Record<string, string> = {}): { child: ChildProcess; said: () => string } {
  const { NATS_URL: _, CLICKHOUSE_URL: __, ...inherited } = process.env
  if (env['READY_FILE'] === undefined) rmSync(readyFile, { force: true })
  const child = spawn(process.execPath, [script, '--no-world'], {
    env: {
      ...inherited,
      DATA_DIR: join(folder, 'data'),
      READY_FILE: readyFile,
      HOST: '127.0.0.1',
      PORT: '0',
      INGEST_PORT: '0',
      NATS_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += String(chunk)))
  return { child, said: () => said }
}

async function untilReady(): Promise<Ready> {
  const { child, said } = running as NonNullable<typeof running>
  try {
    return await until(
      'the instance to be ready',
      () => {
        if (child.exitCode !== null) throw new Error('It ended.')
        return existsSync(readyFile) && (JSON.parse(readFileSync(readyFile, 'utf8')) as Ready)
      },
      50_000,
    )
  } catch (cause) {
    throw new Error(`Not ready; it said:\n${said()}`, { cause })
  }
}
