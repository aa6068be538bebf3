import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Log } from '../platform/log.ts'
import type { Store, StoreReader } from './store.ts'

/** One numbered file of `sql/migrations`. */
export interface Migration {
  readonly number: number
  /** File name without `.sql`, for example `0001_create_events`. */
  readonly name: string
  readonly sha256: string
  readonly statements: readonly string[]
}

/** The migrations of the store and the files disagree; the message says which and what to do. */
export class MigrationError extends Error {
  readonly code = 'MIGRATION'
}

const folder = fileURLToPath(new URL('migrations', import.meta.url))

/** Reads the migrations in order. Throws {@link MigrationError} on a name or a number that does not follow. */
export function readMigrations(from: string = folder): Migration[] {
  const files = readdirSync(from).filter((file) => file.endsWith('.sql'))
  const numbers = new Set<number>()
  return files.sort().map((file) => {
    const number = Number(/^(\d{4})_[a-z]+(?:_[a-z0-9]+)+\.sql$/.exec(file)?.[1])
    if (!(number > 0) || numbers.has(number))
      throw new MigrationError(
        `sql/migrations/${file}: migrations are named NNNN_verb_object.sql, each with a number of its own.`,
      )
    numbers.add(number)
    const text = readFileSync(`${from}/${file}`, 'utf8')
    return {
      number,
      name: file.slice(0, -4),
      sha256: createHash('sha256').update(text).digest('hex'),
      statements: statementsOf(text),
    }
  })
}

/** Statements of a file: each ends with a semicolon at the end of a line. */
export function statementsOf(text: string): string[] {
  return text
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/^--.*$/gm, '').trim() !== '')
}

/**
 * Brings the store to the newest schema and gives the names of what was applied. Every statement bears being run twice, so a
 * migration cut short by a crash is run again in full. Throws {@link MigrationError} when an applied file has changed since.
 */
export async function migrate(
  store: Store,
  { log, migrations = readMigrations() }: { log: Log; migrations?: readonly Migration[] },
): Promise<string[]> {
  await store.command(
    `CREATE TABLE IF NOT EXISTS migrations (number UInt32, name String, sha256 String, applied_at DateTime64(3, 'UTC'))
     ENGINE = ReplacingMergeTree ORDER BY number SETTINGS non_replicated_deduplication_window = 1000`,
  )
  const applied = new Map((await appliedMigrations(store)).map((row) => [row.number, row]))
  const done: string[] = []
  for (const migration of migrations) {
    const before = applied.get(migration.number)
    if (before === undefined) {
      for (const statement of migration.statements) await store.command(statement)
      const { number, name, sha256 } = migration
      await store.insertRows(
        'migrations',
        [{ number, name, sha256, applied_at: new Date() }],
        `migration:${number}:${sha256}`,
      )
      log.info({ migration: name }, 'migration applied')
      done.push(name)
    } else if (before.sha256 !== migration.sha256)
      throw new MigrationError(
        `sql/migrations/${migration.name}.sql is not the file that was applied to this store (${before.name}). A merged ` +
          `migration never changes: restore it and put the change into a new migration.`,
      )
  }
  const newest = Math.max(0, ...applied.keys())
  const known = Math.max(0, ...migrations.map(({ number }) => number))
  if (newest > known)
    throw new MigrationError(
      `The store is at migration ${newest}, this version knows ${known}. Start the newer version of the program.`,
    )
  return done
}

/** Whether every migration of this version has been applied: for those who only read and wait for the one who writes. */
export async function isMigrated(
  reader: StoreReader,
  migrations: readonly Migration[] = readMigrations(),
): Promise<boolean> {
  const [tables] = await reader.query<{ found: number }>(
    `SELECT toUInt32(count()) AS found FROM system.tables WHERE database = currentDatabase() AND name = 'migrations'`,
  )
  if (tables?.found !== 1) return false
  const applied = new Set((await appliedMigrations(reader)).map(({ sha256 }) => sha256))
  return migrations.every(({ sha256 }) => applied.has(sha256))
}

function appliedMigrations(reader: StoreReader): Promise<{ number: number; name: string; sha256: string }[]> {
  return reader.query('SELECT number, name, sha256 FROM migrations FINAL ORDER BY number')
}
