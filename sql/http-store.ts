import { Readable } from 'node:stream'
import { createClient, type ClickHouseClient } from '@clickhouse/client'
import type { Log } from '../platform/log.ts'
import { spliceStreams } from './arrow-splice.ts'
import { bound, bytesOf, quiet, reading } from './reading.ts'
import {
  asStoreErrors,
  columnList,
  defaultDatabase,
  identifier,
  insertSettings,
  jsonLines,
} from './statement.ts'
import type { Store, StoreReader } from './store.ts'

/** A ClickHouse server over HTTP. Makes the database when it is not there. Throws STORE_UNREACHABLE, STORE_REFUSED. */
export async function openHttp(url: string, log: Log): Promise<Store> {
  const { address, database } = split(url)
  await asStoreErrors(async () => {
    const admin = createClient({ url: address, request_timeout: 30_000, log: quiet })
    try {
      await admin.command({ query: `CREATE DATABASE IF NOT EXISTS ${identifier(database)} ENGINE = Atomic` })
    } finally {
      await admin.close()
    }
  })
  const client = connect(address, database, {})
  log.info({ host: new URL(url).host }, 'store open')

  const insert = async (
    table: string,
    columns: readonly string[],
    token: string,
    format: string,
    parts: readonly Uint8Array[],
  ): Promise<void> => {
    const query = `INSERT INTO ${identifier(table)} (${columnList(columns)}) ${insertSettings(token)} FORMAT ${format}`
    const { stream } = await client.exec({ query, values: Readable.from(parts, { objectMode: false }) })
    await bytesOf(stream)
  }

  return {
    kind: 'http',
    ...reading(client, bound, { wait_end_of_query: 1 }),
    command: (sql, params) =>
      asStoreErrors(async () => {
        await client.command(bound(sql, params))
      }),
    insertArrow: (table, ipc, token) =>
      asStoreErrors(async () => {
        let rows = 0
        for (const [i, spliced] of spliceStreams(ipc).entries()) {
          await insert(
            table,
            spliced.columns,
            i === 0 ? token : `${token}.${i}`,
            'ArrowStream',
            spliced.parts,
          )
          rows += spliced.rows
        }
        return rows
      }),
    insertRows: (table, rows, token) =>
      asStoreErrors(async () => {
        const [first] = rows
        if (first === undefined) return 0
        await insert(table, Object.keys(first), token, 'JSONEachRow', [jsonLines(rows)])
        return rows.length
      }),
    reader: () => openHttpReader(url),
  }
}

/** A connection whose every request carries `readonly = 1`; the server then refuses writes, settings and table functions. */
export async function openHttpReader(url: string): Promise<StoreReader> {
  const { address, database } = split(url)
  return reading(connect(address, database, { readonly: '1' }), bound, { wait_end_of_query: 1 })
}

function split(url: string): { address: string; database: string } {
  const parsed = new URL(url)
  const database = decodeURIComponent(parsed.pathname.slice(1)) || defaultDatabase
  parsed.pathname = '/'
  return { address: parsed.href, database }
}

function connect(address: string, database: string, settings: { readonly?: '1' }): ClickHouseClient {
  return createClient({
    url: address,
    database,
    log: quiet,
    request_timeout: 120_000,
    max_open_connections: 10,
    // apache-arrow in JavaScript reads no LZ4.
    clickhouse_settings: {
      ...settings,
      output_format_arrow_compression_method: 'none',
      output_format_json_quote_64bit_integers: 0,
    },
  })
}
