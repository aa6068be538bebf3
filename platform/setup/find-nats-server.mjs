/** Finds a nats-server on this machine. Plain JavaScript without dependencies: it runs before any package is installed. */
import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from './say.mjs'

const exe = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server'

/** Where the project keeps a server that it fetched itself. */
export const cacheFolder = join(root, '.cache', 'bin')

/**
 * A server that is on this machine already, the PATH's before the cache's; undefined: none.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {{ cache?: string, extra?: string[] }} [folders]
 * @returns {{ path: string, version: string, from: 'PATH' | 'cache' } | undefined}
 */
export function installedNatsServer(env = process.env, folders = {}) {
  // Debian puts it into /usr/sbin, which is on the PATH of root only.
  const extra = folders.extra ?? ['/usr/local/sbin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin']
  const path = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const folder of [...path, ...extra]) {
    const version = versionOf(join(folder, exe))
    if (version !== undefined) return { path: join(folder, exe), version, from: 'PATH' }
  }
  const cached = join(folders.cache ?? cacheFolder, exe)
  const version = versionOf(cached)
  return version === undefined ? undefined : { path: cached, version, from: 'cache' }
}

/**
 * What a binary says its version is, such as `2.12.15`; undefined when it is not there or does not run here.
 * @param {string} path
 * @returns {string | undefined}
 */
export function versionOf(path) {
  try {
    accessSync(path, constants.X_OK)
    const text = execFileSync(path, ['--version'], {
      encoding: 'utf8',
      timeout: 5_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return /v?(\d+\.\d+\.\d+\S*)/.exec(text)?.[1]
  } catch {
    return undefined
  }
}

/**
 * Whether `version` is `wanted` or newer; both as `major.minor.patch`, anything after that is left aside.
 * @param {string} version
 * @param {string} wanted
 */
export function atLeast(version, wanted) {
  const [a, b] = [version, wanted].map((text) => text.split(/[.-]/).slice(0, 3).map(Number))
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}
