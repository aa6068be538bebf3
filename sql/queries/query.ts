import type { TObject } from 'typebox'

/**
 * A query: the file `<name>.sql` with typed `{name: Type}` placeholders, and here what fills them and what a row holds. Route
 * and test take the shapes from the same place.
 */
export interface Query<P extends TObject = TObject, R extends TObject = TObject> {
  /** Name of the .sql file without its ending. */
  readonly name: string
  readonly params: P
  readonly row: R
}

/** Types a query and gives it back. */
export function defineQuery<P extends TObject, R extends TObject>(query: Query<P, R>): Query<P, R> {
  return query
}
