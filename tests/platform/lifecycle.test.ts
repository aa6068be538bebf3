import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const path = (name: string): string => fileURLToPath(new URL(`roles/${name}.ts`, import.meta.url))

it.each(['orderly', 'late'])(
  'the role "%s" stops in order when its supervisor lets go of it',
  async (name) => {
    const child = fork(path(name), { stdio: ['ignore', 'pipe', 'ignore', 'ipc'] })
    const output = createInterface({ input: child.stdout! })
    const lines: string[] = []
    output.on('line', (line) => lines.push(line))
    const ended = Promise.all([once(child, 'exit'), once(output, 'close')])
    child.disconnect()
    expect((await ended)[0]).toEqual([0, null])
    expect(lines.at(-1)).toBe('stopped in order')
  },
)

it('a role started by hand runs until it is told to stop', async () => {
  const child = spawn(process.execPath, [path('orderly')], { stdio: ['ignore', 'pipe', 'ignore'] })
  const lines = createInterface({ input: child.stdout })
  expect(await once(lines, 'line')).toEqual(['up'])
  const last = once(lines, 'line')
  child.kill('SIGTERM')
  expect(await last).toEqual(['stopped in order'])
  expect(await once(child, 'exit')).toEqual([0, null])
})
