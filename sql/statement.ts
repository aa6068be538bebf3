import { StoreError, type StoreErrorCode } from './store-error.ts'
import type { Params, Row } from './store.ts'

/** The parts of statements that both ways of connecting share. */

/** Database of the store where the URL names none, and of the embedded one. */
export const defaultDatabase = 'daan'

/** `2026-01-31 06:30:00.000` in UTC, as DateTime64(3, 'UTC') reads it. */
export function sqlTime(time: Date): string {
  return time.toISOString().replace('T', ' ').slice(0, -1)
}

/**
 * Settings of every insert. They stand in the statement, since chdb makes settings given beside it stick to the session,
 * where a token would silently drop the next insert. One thread: the order of blocks, and with it the token, stays the same. Rows that replace each
 * other are left to merges and FINAL: to look for them in every insert (optimize_on_insert) is a third of what inserting costs, for the few there are.
 */
export function insertSettings(token: string): string {
  if (!/^[\w:.-]{1,200}$/.test(token)) throw new RangeError('A token is made of letters, digits and :._-')
  return `SETTINGS insert_deduplication_token='${token}', async_insert=0, deduplicate_blocks_in_dependent_materialized_views=1, max_threads=1, max_insert_threads=1, optimize_on_insert=0`
}

/** Table or column name in backticks. Throws RangeError unless it is a plain identifier. */
export function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/i.test(name)) throw new RangeError('A name is made of letters, digits and _.')
  return `\`${name}\``
}

/** Column list of an insert. */
export function columnList(columns: readonly string[]): string {
  return columns.map(identifier).join(', ')
}

/** Statement text without the semicolon that a .sql file may end with. */
export function bare(sql: string): string {
  return sql.replace(/[;\s]+$/, '')
}

/** Dates as ClickHouse reads them, everything else as it is. */
export function boundParams(params: Params | undefined): Record<string, unknown> | undefined {
  if (params === undefined) return undefined
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, value instanceof Date ? sqlTime(value) : value]),
  )
}

/** Rows as JSONEachRow text. */
export function jsonLines(rows: readonly Row[]): Uint8Array {
  const text = rows.map((row) =>
    JSON.stringify(
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, value instanceof Date ? sqlTime(value) : value]),
      ),
      (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    ),
  )
  return Buffer.from(text.join('\n') + '\n')
}

/** ClickHouse's codes of what passes by itself: memory, too many queries or parts, timeouts, no connection between servers. */
const passing = new Set([
  '241',
  '202',
  '252',
  '159',
  '160',
  '209',
  '210',
  '242',
  '319',
  '999',
  '236',
  '203',
  '364',
])

/** Codes that speak of the bytes of an insert: no such column in them, a wrong type, cut short, no Arrow or JSON at all. */
const ofData = new Set([
  '6',
  '8',
  '10',
  '16',
  '26',
  '27',
  '32',
  '33',
  '38',
  '41',
  '44',
  '47',
  '50',
  '53',
  '70',
  '72',
  '117',
  '130',
  '131',
  '349',
  '531',
  '636',
])

/** Runs `work`; whatever it throws becomes a {@link StoreError} that says whether trying again makes sense. */
export async function asStoreErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw storeError(error)
  }
}

function storeError(error: unknown): Error {
  if (error instanceof StoreError || error instanceof RangeError) return error
  const { code, type } = error as { code?: unknown; type?: unknown }
  // By shape: the client and chdb each bring their own copy of the class.
  if (error instanceof Error && typeof code === 'string' && /^\d+$/.test(code))
    return new StoreError(...verdict(code, String(type)), { cause: error })
  return new StoreError('STORE_UNREACHABLE', 'ClickHouse does not answer.', { cause: error })
}

function verdict(code: string, type: string): [StoreErrorCode, string] {
  if (passing.has(code)) return ['STORE_OVERLOADED', `ClickHouse cannot take it now (${code} ${type}).`]
  if (ofData.has(code)) return ['STORE_DATA', `ClickHouse cannot read the data (${code} ${type}).`]
  return ['STORE_REFUSED', `ClickHouse refused the statement (${code} ${type}).`]
}
