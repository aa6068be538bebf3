/** Sees that there is a nats-server, and fetches one when there is none. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { download } from './download-nats-server.mjs'
import { cacheFolder, installedNatsServer, versionOf } from './find-nats-server.mjs'
import { run, say as sayAloud, SetupError } from './say.mjs'
import { installSystemPackage } from './system-packages.mjs'

/** The release that is fetched where none is installed. */
export const pinnedVersion = '2.12.15'

const byHand =
  'No nats-server could be had: install one by hand (Debian: apt-get install nats-server; macOS: brew install nats-server; others: https://nats.io/download), or set NATS_URL to a server that runs.'

/**
 * Looks in the order PATH, cache, official release, Go, package manager, and says why a way was skipped. `NATS_URL` comes
 * before all of them where a server is used and not started (the caller's choice: tests start their own).
 * @param {{ env?: NodeJS.ProcessEnv, cache?: string, extra?: string[], say?: (text: string) => void,
 *   release?: { baseUrl?: string, checksums?: Record<string, string> }, uid?: number }} [options]
 * @returns {Promise<{ path: string, version: string, from: string }>}
 */
export async function provideNatsServer(options = {}) {
  const { env = process.env, cache = cacheFolder, say = sayAloud, extra, release = {}, uid } = options
  const look = () => installedNatsServer(env, { cache, ...(extra === undefined ? {} : { extra }) })
  const found = look()
  if (found !== undefined) return found

  say(`No nats-server on the PATH or in ${cache}: fetching one (once).`)
  mkdirSync(cache, { recursive: true })
  const program = join(cache, process.platform === 'win32' ? 'nats-server.exe' : 'nats-server')
  /** @type {[string, () => Promise<void>][]} */
  const ways = [
    ['official release', () => download(pinnedVersion, program, { say, env, ...release })],
    ['go install', () => goInstall(cache, env, say)],
    [
      'package manager',
      () => installSystemPackage('nats-server', { env, say, ...(uid === undefined ? {} : { uid }) }),
    ],
  ]
  for (const [name, fetchIt] of ways) {
    try {
      await fetchIt()
      const fetched = look()
      if (fetched !== undefined) return { ...fetched, from: name }
      throw new Error(
        versionOf(program) === undefined ? 'what it brought does not run here' : 'it brought nothing',
      )
    } catch (error) {
      say(`Skipped the ${name}: ${error instanceof Error ? error.message : 'it failed'}.`)
    }
  }
  throw new SetupError(byHand)
}

/**
 * @param {string} cache
 * @param {NodeJS.ProcessEnv} env
 * @param {(text: string) => void} say
 */
async function goInstall(cache, env, say) {
  // The place where Go's own instructions put it is seldom on the PATH of a service.
  const withGo = { ...env, PATH: `${env['PATH'] ?? ''}:/usr/local/go/bin`, GOBIN: cache }
  await run('go', ['version'], { timeoutMs: 10_000, env: withGo, quiet: true })
  say(`Building nats-server ${pinnedVersion} with Go (about a minute).`)
  await run('go', ['install', `github.com/nats-io/nats-server/v2@v${pinnedVersion}`], {
    timeoutMs: 300_000,
    env: withGo,
  })
}
