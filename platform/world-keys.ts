import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/**
 * The API keys of the synthetic world, one a source, kept in `file` (mode 600) so that a second start makes no new ones.
 * `known` has the sha256 (hex) of the keys that the gateway takes; a key that was revoked is made anew by `create`.
 */
export function provideWorldKeys(
  file: string,
  sources: readonly string[],
  deps: { known: ReadonlySet<string>; create: (source: string) => string },
): Record<string, string> {
  const kept = read(file)
  const keys: Record<string, string> = {}
  for (const source of sources) {
    const key = kept[source]
    const good = key !== undefined && deps.known.has(createHash('sha256').update(key).digest('hex'))
    keys[source] = good ? key : deps.create(source)
  }
  writeFileSync(`${file}.part`, JSON.stringify(keys), { mode: 0o600 })
  renameSync(`${file}.part`, file)
  return keys
}

function read(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}
