import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { processMark } from '../../platform/process-mark.ts'
import { createRoleLog } from '../../platform/role-log.ts'
import { supervise, type Supervised, type SupervisedDeps } from '../../platform/supervised.ts'
import { until } from '../support/until.ts'

let folder: string
let said: string[]
let gaveUp: readonly string[] | undefined
let running: Supervised | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daan-role-'))
  said = []
  gaveUp = undefined
})
afterEach(async () => {
  await running?.stop(Date.now())
  rmSync(folder, { recursive: true })
})

it('starts a role again that was killed, and says so', async () => {
  running = start('orderly', { backoffMs: [10] })
  const first = await until('the first life', () => running?.pid())
  await until('its first line', () => logText().includes('up'))
  process.kill(first, 'SIGKILL')
  const second = await until('the second life', () => (running?.pid() === first ? undefined : running?.pid()))
  expect(second).not.toBe(first)
  expect(said).toContain('orderly died (SIGKILL); starting it again in 0.01 s.')
})

it('gives a role up that dies at once each time, with its last lines', async () => {
  running = start('quick-death', { backoffMs: [1, 1] })
  const lines = await until('giving up', () => gaveUp)
  expect(said.filter((text) => text.includes('starting it again'))).toHaveLength(2)
  expect(said.at(-1)).toBe('quick-death died 3 times within 10 s of its start (code 3): giving up.')
  expect(lines).toContain('about to die')
  expect(running.pid()).toBeUndefined()
})

it('shows errors of the log as sentences, the same one once', async () => {
  running = start('quick-death', { backoffMs: [1, 1] })
  await until('giving up', () => gaveUp)
  expect(said.filter((text) => text === 'quick-death: cannot go on (port 1)')).toHaveLength(1)
})

it('stops a role in order', async () => {
  running = start('orderly')
  await until('its first line', () => logText().includes('up'))
  await running.stop(Date.now() + 3_000)
  await until('its last line', () => logText().includes('stopped in order'))
  expect(said).toEqual([])
})

it('ends a role hard that does not stop by the deadline', async () => {
  running = start('stubborn')
  const pid = running.pid() as number
  await until('its first line', () => logText().includes('up'))
  const before = Date.now()
  await running.stop(before + 200)
  expect(Date.now() - before).toBeLessThan(2_000)
  expect(processMark(pid)).toBeUndefined()
})

const say = (text: string): void => void said.push(text)

function start(role: string, options: Partial<SupervisedDeps> = {}): Supervised {
  const script = fileURLToPath(new URL(`roles/${role}.ts`, import.meta.url))
  return supervise(
    { name: role, script, env: { ...process.env, NODE_OPTIONS: '' } },
    {
      log: createRoleLog(join(folder, 'role.log'), role, say),
      say,
      changed: () => {},
      gaveUp: (lines) => void (gaveUp = lines),
      ...options,
    },
  )
}

function logText(): string {
  const file = join(folder, 'role.log')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
