import type { Static, TObject } from 'typebox'
import { runQuery, runQueryArrow, runQueryFile } from '../../sql/queries/run.ts'
import type { FileFormat, StoreReader } from '../../sql/store.ts'
import type { Query } from '../../sql/queries/query.ts'
import { Problem } from './problem.ts'

/** Runs the queries of sql/queries, which are the only SQL that the dashboard knows. */
export interface Reader {
  rows<P extends TObject, R extends TObject>(query: Query<P, R>, params: Static<P>): Promise<Static<R>[]>
  /** One uncompressed Arrow IPC stream. */
  arrow<P extends TObject>(query: Query<P>, params: Static<P>): Promise<Uint8Array>
  /** A file for other programs. */
  file<P extends TObject>(query: Query<P>, params: Static<P>, format: FileFormat): Promise<Uint8Array>
}

/** A reader on a read-only connection. A store that does not answer becomes a 503. */
export function createReader(store: StoreReader): Reader {
  return {
    rows: (query, params) => orUnavailable(runQuery(store, query, params)),
    arrow: (query, params) => orUnavailable(runQueryArrow(store, query, params)),
    file: (query, params, format) => orUnavailable(runQueryFile(store, query, params, format)),
  }
}

async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code !== 'STORE_UNREACHABLE' && code !== 'STORE_OVERLOADED') throw error
    throw new Problem(503, {
      code,
      message: 'The store does not answer now.',
      fix: 'Try again in a few seconds; /health/ready says what is missing.',
    })
  }
}
