import { readFileSync } from 'node:fs'
import type { Static, TObject } from 'typebox'
import type { FileFormat, Params, StoreReader } from '../store.ts'
import type { Query } from './query.ts'
import { relevantText } from './relevant.ts'

const texts = new Map<string, string>()

/** Text of `<name>.sql`, read once. */
export function queryText(name: string): string {
  const text = texts.get(name) ?? readFileSync(new URL(`${name}.sql`, import.meta.url), 'utf8')
  texts.set(name, text)
  return text
}

/** Rows of a query as objects. Throws StoreError. */
export function runQuery<P extends TObject, R extends TObject>(
  store: StoreReader,
  query: Query<P, R>,
  params: Static<P>,
): Promise<Static<R>[]> {
  return store.query(relevantText(queryText(query.name), params as Params), params as Params)
}

/** Rows of a query as one uncompressed Arrow IPC stream. Throws StoreError. */
export function runQueryArrow<P extends TObject>(
  store: StoreReader,
  query: Query<P>,
  params: Static<P>,
): Promise<Uint8Array> {
  return store.queryArrow(relevantText(queryText(query.name), params as Params), params as Params)
}

/** Rows of a query as a file. Throws StoreError. */
export function runQueryFile<P extends TObject>(
  store: StoreReader,
  query: Query<P>,
  params: Static<P>,
  format: FileFormat,
): Promise<Uint8Array> {
  return store.queryFile(relevantText(queryText(query.name), params as Params), params as Params, format)
}
