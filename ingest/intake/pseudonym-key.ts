import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from '../../platform/config.ts'

/**
 * The secret behind all pseudonyms: 32 bytes, base64 in `file`, made with mode 600 when absent. Every ingest process of an
 * installation needs the same one, and without it a traveller of yesterday is another one today. Throws
 * {@link ConfigError} when the file holds less, or when others may read it.
 */
export function pseudonymKey(file: string): Buffer {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // Written aside and linked, so that of two processes that start together both read the same whole key.
  const fresh = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(fresh, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(fresh, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(fresh)
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
    throw new ConfigError(`Others may read ${file}, the key of all pseudonyms: set its mode to 600.`)
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length < 32)
    throw new ConfigError(`${file} holds no key of 32 bytes in base64: restore it from your backup.`)
  return key
}
