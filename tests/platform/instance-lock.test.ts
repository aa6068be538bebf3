import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LockedError, takeLock } from '../../platform/instance-lock.ts'
import { processMark } from '../../platform/process-mark.ts'
import { until } from '../support/until.ts'

const path = (name: string): string => fileURLToPath(new URL(`roles/${name}.ts`, import.meta.url))
let dataDir: string
let supervisor: ChildProcess | undefined
let left: number[]

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'daan-lock-'))
  left = []
})
afterEach(() => {
  supervisor?.kill('SIGKILL')
  for (const pid of left) if (processMark(pid) !== undefined) process.kill(pid, 'SIGKILL')
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
})

it('lets one supervisor in and tells the second who is there', async () => {
  const lock = await takeLock(dataDir, () => {})
  const second = takeLock(dataDir, () => {})
  await expect(second).rejects.toThrow(LockedError)
  await expect(second).rejects.toThrow(`pid ${process.pid}`)
  lock.release()
  ;(await takeLock(dataDir, () => {})).release()
})

it.each([
  ['empty', ''],
  ['damaged', '{"pid":'],
  [
    'of a process number that now belongs to another',
    JSON.stringify({ pid: process.pid, mark: 'earlier', children: [] }),
  ],
])('takes over a lock that is %s', async (_, content) => {
  writeFileSync(join(dataDir, 'supervisor.lock'), content)
  const lock = await takeLock(dataDir, () => {})
  lock.release()
})

it('takes over at once after kill -9, and ends what was left running', async () => {
  const { role, nats } = await startSupervisor('stubborn')
  expect(processMark(role)).toBeDefined()
  await killSupervisor()
  const said: string[] = []
  const lock = await takeLock(dataDir, (text) => said.push(text))
  expect(processMark(role)).toBeUndefined()
  expect(processMark(nats)).toBeUndefined()
  expect(said.join('\n')).toMatch(/last instance was killed; ended [12] of its processes/)
  lock.release()
})

it('needs no new start for orphans to end: a role and the NATS server notice that their supervisor is gone', async () => {
  const { role, nats } = await startSupervisor('orderly')
  await killSupervisor()
  await until('the role to end', () => processMark(role) === undefined, 30_000)
  await until('the NATS server to end', () => processMark(nats) === undefined, 30_000)
})

async function startSupervisor(role: string): Promise<{ role: number; nats: number }> {
  supervisor = spawn(process.execPath, [path('supervisor')], {
    env: { ...process.env, DATA_DIR: dataDir, ROLE: path(role) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: supervisor.stdout! }), 'line')) as [string]
  const pids = JSON.parse(line) as { role: number; nats: number }
  left = Object.values(pids)
  return pids
}

async function killSupervisor(): Promise<void> {
  supervisor?.kill('SIGKILL')
  await once(supervisor as ChildProcess, 'exit')
}
