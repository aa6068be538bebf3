import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Role } from './shapes.ts'

/** A link that was given out and not used yet. The token itself is stored nowhere. */
interface Login {
  readonly sha256: string
  readonly role: Role
  readonly expiresAt: number
}

/** How long a link is good for unless said otherwise: a quarter of an hour. */
export const loginMs = 15 * 60_000
const staleLockMs = 5_000

/** Makes a one-time token for `role`; `dataDir/logins.json` (mode 600) keeps its hash until it is used or `ttlMs` is over. */
export async function createLogin(
  dataDir: string,
  options: { role: Role; ttlMs?: number; now?: number },
): Promise<string> {
  const now = options.now ?? Date.now()
  const token = randomBytes(32).toString('base64url')
  const login = { sha256: sha256(token), role: options.role, expiresAt: now + (options.ttlMs ?? loginMs) }
  await change(dataDir, (logins) => [...logins.filter(({ expiresAt }) => expiresAt > now), login])
  return token
}

/** Uses a token up. Its role, or undefined when it is unknown, used already or run out. */
export async function burnLogin(dataDir: string, token: string, now = Date.now()): Promise<Role | undefined> {
  const wanted = sha256(token)
  let role: Role | undefined
  await change(dataDir, (logins) => {
    role = logins.find((login) => login.sha256 === wanted && login.expiresAt > now)?.role
    return role === undefined ? logins : logins.filter((login) => login.sha256 !== wanted)
  })
  return role
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Reads, changes and replaces the file, alone: supervisor, command line and dashboard are separate processes. */
async function change(dataDir: string, edit: (logins: readonly Login[]) => readonly Login[]): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, 'logins.json')
  const release = await lock(`${file}.lock`)
  try {
    const before = await load(file)
    const after = edit(before)
    if (after === before) return
    const fresh = `${file}.${process.pid}.tmp`
    const handle = await open(fresh, 'w', 0o600)
    await handle.writeFile(JSON.stringify({ tokens: after }))
    await handle.sync()
    await handle.close()
    await rename(fresh, file)
  } finally {
    await release()
  }
}

async function load(file: string): Promise<readonly Login[]> {
  try {
    return (JSON.parse(await readFile(file, 'utf8')) as { tokens: Login[] }).tokens
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function lock(file: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await (await open(file, 'wx', 0o600)).close()
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      // A process that was killed leaves its lock behind; nobody holds one for longer than a moment.
      const made = await stat(file).catch(() => undefined)
      if (made !== undefined && Date.now() - made.mtimeMs > staleLockMs) await rm(file, { force: true })
      await delay(10)
    }
  }
}
