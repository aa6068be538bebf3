import closeWithGrace from 'close-with-grace'
import type { Log } from './log.ts'

/** A role may take this long to stop before it is ended hard, ms: less than the supervisor's own patience. */
export const stopWithinMs = 3_500

/**
 * Stops a role in order, once, on SIGINT, SIGTERM, an error that nobody caught, or when its supervisor is gone (the IPC
 * channel that `fork` opens has closed), then ends the process: code 0, or 1 after an error or a stop that took too long.
 * A role started by hand has no such channel and runs until it is told to stop. Call it early, so that a failing start
 * is cleaned up too: `stop` must bear being called before everything is there.
 */
export function stopGracefully(options: { log: Log; stop: () => Promise<void>; withinMs?: number }): {
  stop(): void
} {
  const { log } = options
  const grace = closeWithGrace(
    {
      delay: options.withinMs ?? stopWithinMs,
      // Its own words would print an error's message, which may quote a record: name and frames go to the log below.
      logger: false,
      onSecondError: (error) => log.error({}, 'second error while stopping', error),
      onTimeout: (ms) => log.warn({ ms }, 'stop took too long, ending hard'),
    },
    async ({ err, signal }) => {
      if (err === undefined) log.info(signal === undefined ? {} : { signal }, 'stopping')
      else log.error({}, 'unexpected error, stopping', err)
      await options.stop().catch((error: unknown) => log.error({}, 'stop failed', error))
      log.info({}, 'stopped')
    },
  )
  onParentGone(() => {
    log.warn({}, 'supervisor is gone, stopping')
    grace.close()
  })
  return { stop: grace.close }
}

/** Calls `then` once the process that forked this one has died or let go of it; never, for a process started by hand. */
export function onParentGone(then: () => void): void {
  // `send` stays when the channel has closed, which may happen before this is called; `channel` does not.
  if (process.send === undefined) return
  if (!process.connected) return void queueMicrotask(then)
  process.once('disconnect', then)
}
