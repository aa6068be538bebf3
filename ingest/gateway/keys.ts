import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** `feeds`, `reference`, `volumes`: what a key may send. `read`: a tool that reads the dashboard's API. */
export const scopes = ['feeds', 'reference', 'volumes', 'read'] as const
export type Scope = (typeof scopes)[number]

/** One key of a supplier, as the keys file holds it: its hash, never the key. */
export interface ApiKey {
  readonly id: string
  /** SHA-256 of the key, hexadecimal. */
  readonly sha256: string
  /** Name of the supplier's system: what its records are filed under. */
  readonly source: string
  readonly scopes: readonly Scope[]
  /** ISO 8601. */
  readonly createdAt: string
  readonly note?: string
}

/** Form of a source's name; it is also a token of NATS subjects. */
export const sourcePattern = /^[a-z0-9][a-z0-9-]{0,31}$/

/** The keys file, or a name or scope in it, cannot be used; the message says what to do. */
export class KeyError extends Error {
  readonly code = 'KEYS'
}

/** Adds a key to `file` (made with mode 600 when absent). `key` is shown this once. Throws {@link KeyError}. */
export function createKey(
  file: string,
  options: { source: string; scopes?: readonly string[]; note?: string },
): { key: string; id: string } {
  if (!sourcePattern.test(options.source))
    throw new KeyError(
      'A source is 1 to 32 small letters, digits and hyphens, for example mae-sot-checkpoint.',
    )
  const wanted = options.scopes ?? ['feeds']
  const known = scopes.filter((scope) => wanted.includes(scope))
  if (known.length === 0 || known.length !== new Set(wanted).size)
    throw new KeyError(`Scopes are ${scopes.join(', ')}.`)
  const key = `daan_${randomBytes(32).toString('base64url')}`
  const id = randomBytes(4).toString('hex')
  change(file, (keys) => [
    ...keys,
    {
      id,
      sha256: digest(key).toString('hex'),
      source: options.source,
      scopes: known,
      createdAt: new Date().toISOString(),
      ...(options.note === undefined ? {} : { note: options.note }),
    },
  ])
  return { key, id }
}

/** Takes a key out; false when there is none with that id. */
export function revokeKey(file: string, id: string): boolean {
  let found = false
  change(file, (keys) => {
    const kept = keys.filter((key) => key.id !== id)
    found = kept.length < keys.length
    return kept
  })
  return found
}

/** The keys of a file; none when it is absent. Throws {@link KeyError} when it holds something else. */
export function readKeys(file: string): ApiKey[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  try {
    const { keys } = JSON.parse(text) as { keys: ApiKey[] }
    if (keys.every((key) => /^[0-9a-f]{64}$/.test(key.sha256) && sourcePattern.test(key.source))) return keys
  } catch (cause) {
    throw new KeyError(`${file} is no keys file: restore it, or delete it and make new keys.`, { cause })
  }
  throw new KeyError(`${file} has an entry that is no key: remove it.`)
}

/** The keys of a running gateway: it reads the file again when that has changed, so a new key works and a revoked one does not. */
export class KeyRing {
  readonly #file: string
  #stamp = ''
  #keys: { readonly key: ApiKey; readonly hash: Buffer }[] = []

  constructor(file: string) {
    this.#file = file
  }

  /**
   * The key behind an `Authorization` header; undefined when there is none. Compares with every key in constant time.
   * Throws {@link KeyError} when the file has become unreadable: then nobody gets in.
   */
  find(authorization: string | undefined): ApiKey | undefined {
    const [, token] = /^Bearer +(daan_[A-Za-z0-9_-]{43})$/i.exec(authorization ?? '') ?? []
    if (token === undefined) return undefined
    this.#refresh()
    const hash = digest(token)
    let found: ApiKey | undefined
    for (const one of this.#keys) if (timingSafeEqual(one.hash, hash)) found = one.key
    return found
  }

  #refresh(): void {
    const stat = statSync(this.#file, { throwIfNoEntry: false })
    const stamp = stat === undefined ? 'absent' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`
    if (stamp === this.#stamp) return
    this.#keys = readKeys(this.#file).map((key) => ({ key, hash: Buffer.from(key.sha256, 'hex') }))
    this.#stamp = stamp
  }
}

function digest(key: string): Buffer {
  return hash('sha256', key, 'buffer')
}

/** Writes the file anew and renames it into place; a lock file keeps two changes apart. */
function change(file: string, edit: (keys: ApiKey[]) => ApiKey[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const release = lock(`${file}.lock`)
  try {
    const fresh = `${file}.${process.pid}.new`
    writeFileSync(fresh, `${JSON.stringify({ keys: edit(readKeys(file)) }, null, 2)}\n`, { mode: 0o600 })
    renameSync(fresh, file)
  } finally {
    release()
  }
}

const lockWaitMs = 2_000

function lock(file: string): () => void {
  const until = Date.now() + lockWaitMs
  for (;;) {
    try {
      closeSync(openSync(file, 'wx', 0o600))
      return () => unlinkSync(file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (Date.now() > until)
        throw new KeyError(`Another process is changing the keys. If none is, delete ${file}.`, {
          cause: error,
        })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}
