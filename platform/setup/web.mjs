/** Builds the web part of the dashboard when it is missing or older than its sources. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, run, say, SetupError } from './say.mjs'

const web = join(root, 'dashboard', 'web')
const stamp = join(root, '.cache', 'web-sha256')
/** The web's own files, and those outside it whose shapes it shares. */
const sources = [
  'dashboard/web',
  'dashboard/api',
  'sql/queries',
  'ingest/feeds',
  'processors',
  'package-lock.json',
]

/**
 * @param {string} node the pinned Node
 * @param {{ force?: boolean }} [options]
 */
export async function provideWeb(node, { force = false } = {}) {
  const now = hashOf(sources)
  const built =
    existsSync(join(web, 'dist', 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now
  if (built && !force) return
  say('Building the dashboard (vite build).')
  rmSync(stamp, { force: true })
  try {
    await run(node, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error'], {
      cwd: web,
      timeoutMs: 300_000,
    })
  } catch (error) {
    throw new SetupError(
      `The dashboard could not be built (${error instanceof Error ? error.message : 'it failed'}): run "npm run build" to see why; without node_modules run "npm ci" by hand first.`,
    )
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, now)
}

/** @param {readonly string[]} paths */
function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) add(path, hash)
  return hash.digest('hex')
}

/** @param {string} path @param {import('node:crypto').Hash} hash */
function add(path, hash) {
  const found = statSync(join(root, path), { throwIfNoEntry: false })
  if (found?.isDirectory()) {
    for (const name of readdirSync(join(root, path)).sort())
      if (name !== 'dist' && name !== 'node_modules' && !name.startsWith('.')) add(join(path, name), hash)
  } else if (found !== undefined) hash.update(path).update(readFileSync(join(root, path)))
}
