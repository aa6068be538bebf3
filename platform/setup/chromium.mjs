/** Sees that there is a Chromium for the end-to-end tests. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { say as sayAloud, SetupError } from './say.mjs'
import { installSystemPackage } from './system-packages.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const byHand =
  'The end-to-end test needs Chromium: install it by hand (Debian: apt-get install chromium; others: https://www.chromium.org), or set CHROMIUM_PATH to its program.'

/**
 * The browser's program, installed by the system's package manager when there is none.
 * @param {{ env?: NodeJS.ProcessEnv, say?: (text: string) => void }} [options]
 * @returns {Promise<string>}
 */
export async function provideChromium({ env = process.env, say = sayAloud } = {}) {
  const chosen = env['CHROMIUM_PATH']
  if (chosen !== undefined && chosen !== '') {
    if (runs(chosen)) return chosen
    throw new SetupError(
      `CHROMIUM_PATH is "${chosen}", which is no program: set it to Chromium's, or unset it.`,
    )
  }
  const found = look(env)
  if (found !== undefined) return found
  say('No Chromium on the PATH.')
  try {
    await installSystemPackage('chromium', { env, say })
  } catch (error) {
    say(`Skipped the package manager: ${error instanceof Error ? error.message : 'it failed'}.`)
  }
  const installed = look(env)
  if (installed === undefined) throw new SetupError(byHand)
  return installed
}

/** @param {NodeJS.ProcessEnv} env */
function look(env) {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => runs(path))
}

/** @param {string} path */
function runs(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
