/**
 * STORE_UNREACHABLE: no answer, try again. STORE_BUSY: another process has the folder. STORE_OVERLOADED: too much at once,
 * try again. STORE_DATA: the bytes of an insert cannot be read, trying again will not help. STORE_REFUSED: anything else that
 * the engine would not do: a statement at fault, a right or a table that is missing, a full disk.
 */
export type StoreErrorCode =
  'STORE_UNREACHABLE' | 'STORE_BUSY' | 'STORE_OVERLOADED' | 'STORE_DATA' | 'STORE_REFUSED'

/** What went wrong with the store, by a code that does not change. The message holds no data; the cause may. */
export class StoreError extends Error {
  readonly code: StoreErrorCode
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
