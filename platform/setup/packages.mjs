/** Installs the npm packages of the lock file, and sees that the pinned Node among them runs. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run, say, SetupError } from './say.mjs'

const lockFile = join(root, 'package-lock.json')
const modules = join(root, 'node_modules')
const stamp = join(modules, '.daan-lock-sha256')
const pinned = join(modules, 'node', 'bin', 'node')

/** Path of the pinned Node. Installs when `node_modules` is missing or of another lock file. */
export async function providePackages() {
  const lock = createHash('sha256').update(readFileSync(lockFile)).digest('hex')
  const stamped = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock
  if (!stamped && !installedByHand()) await install()
  if (!pinnedRuns()) await providePinnedNode()
  if (!stamped) writeFileSync(stamp, lock)
  return pinned
}

/** npm notes the end of each installation in this file: one newer than the lock file needs no second one. */
function installedByHand() {
  const note = statSync(join(modules, '.package-lock.json'), { throwIfNoEntry: false })
  return note !== undefined && note.mtimeMs > statSync(lockFile).mtimeMs
}

async function install() {
  say('Installing the npm packages of package-lock.json (about half a minute).')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  // Not `npm ci`: it refuses a lock file that was written where the registry lacks some platform's optional packages. This
  // follows the lock file to the letter and leaves it as it is.
  const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  await run(npm, args, { timeoutMs: 900_000 }).catch((error) => {
    throw new SetupError(
      `The npm packages could not be installed (${message(error)}): see that the npm registry is reached, then run "npm install" by hand.`,
    )
  })
}

/** The package `node` fetches its program in an install script, which newer npm runs only when it is allowed to. */
async function providePinnedNode() {
  say('npm did not run the install script of the package "node": running it now.')
  try {
    await run(process.execPath, ['installArchSpecificPackage.js'], {
      cwd: join(modules, 'node'),
      timeoutMs: 300_000,
    })
  } catch (error) {
    say(`It failed: ${message(error)}.`)
  }
  if (!pinnedRuns())
    throw new SetupError(
      `The pinned Node ${wantedVersion()} does not run here: run "npm rebuild node --foreground-scripts" by hand, or install Node ${wantedVersion()} (https://nodejs.org) and link it to node_modules/node/bin/node.`,
    )
}

function pinnedRuns() {
  try {
    const version = execFileSync(pinned, ['--version'], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return version.trim() === `v${wantedVersion()}`
  } catch {
    return false
  }
}

function wantedVersion() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies.node
}

/** @param {unknown} error */
function message(error) {
  return error instanceof Error ? error.message : 'it failed'
}
