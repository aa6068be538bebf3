import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import { isMigrated, migrate, MigrationError, readMigrations, statementsOf } from '../../sql/migrate.ts'
import type { Store } from '../../sql/store.ts'
import { embeddedStore } from './embedded.ts'

let store: Store
let close: () => Promise<void>
beforeAll(async () => {
  ;({ store, close } = await embeddedStore())
})
afterAll(() => close())

const migrations = readMigrations()
const deps = { log: silentLog, migrations }

test('a second run applies nothing', async () => {
  expect(await migrate(store, deps)).toEqual([])
  expect(await isMigrated(store)).toBe(true)
})

test('every file bears being run again, as after a crash half-way', async () => {
  await store.command('TRUNCATE TABLE migrations')
  expect(await isMigrated(store)).toBe(false)
  // A deduplication window remembers the rows that the truncation took, so the run is what counts here, not its record.
  expect(await migrate(store, deps)).toEqual(migrations.map(({ name }) => name))
})

test('a new file is applied on top, and an older program says that it is older', async () => {
  const added = {
    number: 9999,
    name: '9999_create_probe',
    sha256: 'x',
    statements: ['CREATE TABLE IF NOT EXISTS probe (a UInt8) ENGINE = Memory'],
  }
  await migrate(store, { log: silentLog, migrations: [...migrations, added] })
  expect(await store.query('SELECT * FROM probe')).toEqual([])
  await expect(migrate(store, deps)).rejects.toThrow('Start the newer version of the program.')
})

test('a merged file that was changed is named', async () => {
  const changed = migrations.map((migration, i) => (i === 1 ? { ...migration, sha256: 'other' } : migration))
  const error = await migrate(store, { log: silentLog, migrations: changed }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(MigrationError)
  expect((error as Error).message).toContain(
    `sql/migrations/${migrations[1]?.name}.sql is not the file that was applied`,
  )
})

test('files open with why, and end each statement at the end of a line', () => {
  for (const { statements, name } of migrations) {
    expect(statements[0], name).toMatch(/^-- [A-Z]/)
    expect(statements.length, name).toBeGreaterThan(0)
  }
  expect(statementsOf("-- why; not\nSELECT ';';\n\nSELECT 2 ; \n-- the end\n")).toEqual([
    "-- why; not\nSELECT ';'",
    'SELECT 2',
  ])
})
