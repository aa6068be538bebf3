import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { createClient, type ClickHouseClient } from '@clickhouse/client'
import { createChdbConnection } from 'chdb/connection'
import type { Log } from '../platform/log.ts'
import { spliceStreams } from './arrow-splice.ts'
import { lanesOf } from './lanes.ts'
import { quiet, reading, spelled } from './reading.ts'
import { openSpool } from './spool.ts'
import {
  asStoreErrors,
  columnList,
  defaultDatabase,
  identifier,
  insertSettings,
  jsonLines,
} from './statement.ts'
import { StoreError } from './store-error.ts'
import type { Store } from './store.ts'

/** Statements of a reader that run side by side. */
const readLanes = 3

/**
 * ClickHouse inside this process (chdb) on the folder `path`, behind the same client as a server. Data comes in by spool
 * files beside the folder: chdb reads insert bodies as text, and an inline insert's data can end as SQL.
 * Throws STORE_BUSY when another process has the folder open.
 */
export async function openEmbedded(path: string, log: Log): Promise<Store> {
  const folder = resolve(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // A connection of chdb runs one statement at a time: a recomputation or a question must not hold up the inserts, nor many events an alert.
  const client = connect(folder)
  const inserts = connect(folder)
  const batchInserts = connect(folder)
  const spool = openSpool(`${folder}-spool`)
  await asStoreErrors(async () => {
    // The default database of chdb has an engine that lacks part of what views need.
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${defaultDatabase} ENGINE = Atomic` })
    await prepare(client)
    await prepare(inserts)
    await prepare(batchInserts)
  })
  log.info({ path: folder }, 'embedded store open')
  const structures = new Map<string, Promise<string>>()

  const structure = (table: string): Promise<string> => {
    const known = structures.get(table)
    if (known !== undefined) return known
    const asked = columnTypes(client, table)
    structures.set(table, asked)
    asked.catch(() => structures.delete(table))
    return asked
  }
  const insertFile = (
    lane: ClickHouseClient,
    table: string,
    columns: readonly string[],
    token: string,
    parts: readonly Uint8Array[],
    source: (file: string) => string,
  ): Promise<void> => {
    const list = columnList(columns)
    const into = `INSERT INTO ${identifier(table)} (${list}) ${insertSettings(token)}`
    return spool.withFile(parts, async (file) => {
      await lane.command({ query: `${into} SELECT ${list} FROM ${source(file.replaceAll("'", "''"))}` })
    })
  }

  return {
    kind: 'embedded',
    ...reading(client, spelled),
    close: async () => {
      await batchInserts.close()
      await inserts.close()
      await client.close()
    },
    command: (sql, params) =>
      asStoreErrors(async () => {
        await client.command(spelled(sql, params))
      }),
    insertArrow: (table, ipc, token) =>
      asStoreErrors(async () => {
        let rows = 0
        for (const [i, spliced] of spliceStreams(ipc).entries()) {
          const own = i === 0 ? token : `${token}.${i}`
          await insertFile(
            batchInserts,
            table,
            spliced.columns,
            own,
            spliced.parts,
            (file) => `file('${file}', 'ArrowStream')`,
          )
          rows += spliced.rows
        }
        return rows
      }),
    insertRows: (table, rows, token) =>
      asStoreErrors(async () => {
        const [first] = rows
        if (first === undefined) return 0
        // Without the table's own types chdb would guess them, and take a text that looks like a date for one.
        const types = (await structure(table)).replaceAll("'", "''")
        await insertFile(
          inserts,
          table,
          Object.keys(first),
          token,
          [jsonLines(rows)],
          (file) => `file('${file}', 'JSONEachRow', '${types}')`,
        )
        return rows.length
      }),
    reader: () =>
      asStoreErrors(async () => {
        const clients = Array.from({ length: readLanes }, () => connect(folder))
        for (const one of clients) {
          await prepare(one)
          // For good: a session that is read-only can no longer change a setting, this one included.
          await one.command({ query: 'SET readonly = 1' })
        }
        return lanesOf(clients.map((one) => reading(one, spelled)))
      }),
  }
}

type Connection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>

function connect(folder: string): ClickHouseClient {
  try {
    // Declared against another copy of the stream types; the client takes it as it is.
    const connection = createChdbConnection({ path: folder }) as unknown as Connection
    return createClient({ connection, log: quiet })
  } catch (cause) {
    throw new StoreError(
      'STORE_BUSY',
      `The embedded store in ${folder} cannot be opened: another process has it open (a folder takes one at a time), or it ` +
        `cannot be read and written. Stop the other process, or set DATA_DIR to another folder.`,
      { cause },
    )
  }
}

async function prepare(client: ClickHouseClient): Promise<void> {
  await client.command({ query: `USE ${defaultDatabase}` })
  // apache-arrow in JavaScript reads no LZ4.
  await client.command({ query: "SET output_format_arrow_compression_method = 'none'" })
}

async function columnTypes(client: ClickHouseClient, table: string): Promise<string> {
  const result = await client.query({
    query: `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = '${table.replaceAll("'", "''")}'`,
    format: 'JSONEachRow',
  })
  const columns = await result.json<{ name: string; type: string }>()
  return columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ')
}
