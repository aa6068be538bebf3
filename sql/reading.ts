import { ClickHouseLogLevel, type ClickHouseClient, type ClickHouseSettings } from '@clickhouse/client'
import { withLiterals } from './literals.ts'
import { asStoreErrors, bare, boundParams } from './statement.ts'
import type { FileFormat, Params, StoreReader } from './store.ts'

/** The client's own log would quote statements and errors, and with them records. */
export const quiet = { level: ClickHouseLogLevel.OFF }

/** A statement as the client takes it, with its values. */
export type Written = (
  sql: string,
  params: Params | undefined,
) => { query: string; query_params?: Record<string, unknown> }

/** The reading half of a store on `client`. `settings` go with Arrow reads; none for chdb, where they would stick. */
export function reading(
  client: ClickHouseClient,
  statement: Written,
  settings?: ClickHouseSettings,
): StoreReader {
  const bytes = (
    sql: string,
    params: Params | undefined,
    format: FileFormat | 'ArrowStream',
  ): Promise<Uint8Array> =>
    asStoreErrors(async () => {
      const { query, ...rest } = statement(sql, params)
      const given = settings === undefined ? {} : { clickhouse_settings: settings }
      const { stream } = await client.exec({ query: `${query}\nFORMAT ${format}`, ...rest, ...given })
      return bytesOf(stream)
    })
  return {
    query: <T>(sql: string, params?: Params) =>
      asStoreErrors(async () => {
        const result = await client.query({ ...statement(sql, params), format: 'JSONEachRow' })
        return result.json<T>()
      }),
    queryArrow: (sql, params) => bytes(sql, params, 'ArrowStream'),
    queryFile: (sql, params, format) => bytes(sql, params, format),
    close: () => client.close(),
  }
}

/** Values beside the text, for a server. */
export const bound: Written = (sql, params) => {
  const values = boundParams(params)
  return values === undefined ? { query: bare(sql) } : { query: bare(sql), query_params: values }
}

/** Values in the text, for chdb. */
export const spelled: Written = (sql, params) => ({ query: withLiterals(bare(sql), params) })

/** Everything a stream holds. */
export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)
}
