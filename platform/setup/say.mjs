/** What every set-up step shares: where the project is, how it speaks, how it runs another program. */
import { spawn } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** A set-up step that cannot go on; the message is one sentence that says what to install by hand. */
export class SetupError extends Error {}

/**
 * One line about what is being done, on standard error: standard output belongs to the command that follows.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`• ${text}\n`)
}

/**
 * Runs a program and shows what it prints, on standard error. Throws with a short reason when it is not there, fails or
 * takes longer than `timeoutMs`.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ timeoutMs: number, cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} options
 * @returns {Promise<void>}
 */
export function run(command, args, { timeoutMs, cwd = root, env = process.env, quiet = false }) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, stdio: quiet ? 'ignore' : ['ignore', 2, 2] })
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(new Error(`${command} took longer than ${timeoutMs / 1000} s`))
    }, timeoutMs)
    child.once('error', (error) => {
      clearTimeout(timer)
      fail(
        new Error('code' in error && error.code === 'ENOENT' ? `${command} is not installed` : error.message),
      )
    })
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      if (code === 0) done()
      else fail(new Error(`${command} ended with ${signal ?? `code ${code}`}`))
    })
  })
}
