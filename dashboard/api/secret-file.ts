import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Reads the 32 secret bytes of `file`; makes them with mode 600 when it is absent. Throws RangeError when it holds fewer. */
export function secretFrom(file: string): Buffer {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const secret = readFileSync(file)
  if (secret.length < 32)
    throw new RangeError(`${file} is too short for a secret: delete it and start again.`)
  return secret
}
