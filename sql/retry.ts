import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../platform/log.ts'
import { StoreError } from './store-error.ts'

/** First and longest pause between two attempts, ms. */
const firstMs = 100
const longestMs = 5_000

/**
 * Runs `work` until it succeeds, with growing pauses, whatever the store's trouble is: nothing that was logged is given up.
 * STORE_DATA and errors that are not the store's are thrown, and so is the last error when `signal` aborts.
 */
export async function untilStored<T>(
  work: () => Promise<T>,
  options: { log: Log; signal: AbortSignal; onTrouble?: (attempt: number) => void },
): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreError) || error.code === 'STORE_DATA' || options.signal.aborted) throw error
      options.onTrouble?.(attempt)
      // Every minute or so once the pauses have grown, not at each attempt.
      if (attempt === 1 || attempt % 12 === 0)
        options.log.error(
          { attempt, reason: error.message },
          'the store does not take it, trying again',
          error,
        )
      const pauseMs = Math.min(longestMs, firstMs * 2 ** (attempt - 1))
      await sleep(pauseMs, undefined, { signal: options.signal }).catch(() => {})
      if (options.signal.aborted) throw error
    }
}
