import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** How far the world has sent: everything before `sentTo` (ms UTC, send time) is with the gateway. */
export interface Position {
  readonly seed: number
  readonly sentTo: number
}

/** The stored position; undefined when there is none, it is unreadable, or it belongs to another seed. */
export function loadPosition(file: string, seed: number): Position | undefined {
  try {
    const { seed: stored, sentTo } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Position>
    return stored === seed && Number.isSafeInteger(sentTo) ? { seed, sentTo: sentTo as number } : undefined
  } catch {
    // Without a position the last days are sent again: harmless, every record is then a duplicate.
    return undefined
  }
}

/** Replaces the file in one step: a kill leaves the old position or the new one, never half of one. */
export function savePosition(file: string, position: Position): void {
  mkdirSync(dirname(file), { recursive: true })
  const temporary = `${file}.new`
  const handle = openSync(temporary, 'w', 0o600)
  writeSync(handle, `${JSON.stringify(position)}\n`)
  fsyncSync(handle)
  closeSync(handle)
  renameSync(temporary, file)
}
