import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** A role's log file, and what of it a person at the terminal should see. */
export interface RoleLog {
  /** Takes the lines of a child's output until it ends. */
  take(output: Readable): void
  /** The last lines, oldest first. */
  tail(): readonly string[]
  close(): void
}

const maxBytes = 10_000_000
const tailLines = 12
const warning = 40
const repeatMs = 10_000

/**
 * Writes every line to `file` (10 MB, then one older file `.1` is kept) and hands warnings and errors to `say` as
 * sentences; the same one at most every 10 s.
 */
export function createRoleLog(file: string, role: string, say: (text: string) => void): RoleLog {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  let bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  let stream = open(file)
  const last: string[] = []
  const said = new Map<string, number>()

  const line = (text: string): void => {
    last.push(text)
    if (last.length > tailLines) last.shift()
    if (bytes > maxBytes) {
      stream.end()
      renameSync(file, `${file}.1`)
      stream = open(file)
      bytes = 0
    }
    stream.write(`${text}\n`)
    bytes += text.length + 1
    const sentence = worthSaying(text)
    if (sentence === undefined || Date.now() - (said.get(sentence) ?? 0) < repeatMs) return
    if (said.size > 500) said.clear()
    said.set(sentence, Date.now())
    say(`${role}: ${sentence}`)
  }

  return {
    take: (output) => void createInterface({ input: output }).on('line', line),
    tail: () => last,
    close: () => stream.end(),
  }
}

function open(file: string): WriteStream {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  // A full disk must not take the supervisor down with it.
  stream.on('error', () => {})
  return stream
}

/** A log line of level warn or above as `message (field value, …)`; undefined for the others and for what is no log line. */
export function worthSaying(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const { level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
    if (typeof level !== 'number' || level < warning || typeof msg !== 'string') return undefined
    const told = Object.entries(fields)
      .filter(
        ([name, value]) =>
          !['time', 'role', 'pid', 'hostname', 'frames'].includes(name) && typeof value !== 'object',
      )
      .map(([name, value]) => `${name} ${String(value)}`)
    return told.length === 0 ? msg : `${msg} (${told.join(', ')})`
  } catch {
    return undefined
  }
}
