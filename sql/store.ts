import type { Log } from '../platform/log.ts'
import { openEmbedded } from './embedded-store.ts'
import { openHttp, openHttpReader } from './http-store.ts'

export { StoreError, type StoreErrorCode } from './store-error.ts'

/** Values of typed `{name: Type}` placeholders; bigint for UInt64, Date for DateTime64(3, 'UTC'). */
export type Params = Readonly<Record<string, Param>>
export type Param = string | number | bigint | boolean | null | Date | readonly (string | number | bigint)[]

/** A cell of {@link Store.insertRows}: bigint for UInt64, Date for DateTime64(3, 'UTC'). */
export type Row = Readonly<
  Record<string, string | number | bigint | null | Date | readonly (string | bigint)[]>
>

/** A connection that can only read: no writes, no settings, no local files, no other servers (`readonly = 1`). */
export interface StoreReader {
  /** Rows as objects. UInt64 beyond 2^53 loses digits: let the query give such a column as text. */
  query<T>(sql: string, params?: Params): Promise<T[]>
  /** Rows as one uncompressed Arrow IPC stream, which apache-arrow reads in the browser as in Node. */
  queryArrow(sql: string, params?: Params): Promise<Uint8Array>
  /** Rows as a file that other programs read. */
  queryFile(sql: string, params: Params, format: FileFormat): Promise<Uint8Array>
  close(): Promise<void>
}

/** Files that ClickHouse writes itself: Arrow's file format, Parquet, CSV with a header. */
export type FileFormat = 'Arrow' | 'Parquet' | 'CSVWithNames'

/** The connection of the one who writes. */
export interface Store extends StoreReader {
  readonly kind: 'embedded' | 'http'
  /** Runs a statement without an answer. */
  command(sql: string, params?: Params): Promise<void>
  /**
   * Inserts IPC streams as they are, in one insert per run of one schema; gives the rows. The token (letters, digits and
   * `:._-`) names the content for ever: a second insert with it into this table changes nothing.
   */
  insertArrow(table: string, ipc: readonly Uint8Array[], token: string): Promise<number>
  /** Inserts a few objects, all with the columns of the first; the token as in {@link insertArrow}. */
  insertRows(table: string, rows: readonly Row[], token: string): Promise<number>
  /** Another connection to the same store that can only read. Close it before the store. */
  reader(): Promise<StoreReader>
}

export interface StoreConfig {
  /** `http://user:password@host:8123/database` of a ClickHouse server; the database is `daan` when the URL names none. */
  readonly clickhouseUrl?: string | undefined
  /** Folder of an embedded store; one process at a time may have it open. */
  readonly path?: string | undefined
  readonly log: Log
}

/** Opens the store for writing: a server when there is a URL, else embedded in `path`. Throws StoreError. */
export function openStore(config: StoreConfig): Promise<Store> {
  if (config.clickhouseUrl !== undefined) return openHttp(config.clickhouseUrl, config.log)
  if (config.path !== undefined) return openEmbedded(config.path, config.log)
  throw new RangeError('A store needs clickhouseUrl or path.')
}

/** Opens a server for reading only. An embedded store gives its reader by `store.reader()`. */
export function openReader(config: { readonly clickhouseUrl: string }): Promise<StoreReader> {
  return openHttpReader(config.clickhouseUrl)
}
