import { until } from '../support/until.ts'
import { medians, runCommand, type Bench } from './command.ts'
import { recordsPerKey } from './input.ts'
import { fillLog, openSite } from './site.ts'

/** From the start of the processor, after `kill -9` with all keys in its histories, until it says that it is live. */
export const bench: Bench = async (options) => {
  const { keys, say } = options
  const site = await openSite()
  try {
    await site.start('processor')
    const { last, records } = await fillLog(site.nats, { keys, records: keys * recordsPerKey })
    await until('the processor to know all keys', () => site.detail('processor', 'seq') >= last, 300_000)
    say(`${records} records in the log, ${site.detail('processor', 'keys')} keys in the histories`)
    const figures = await medians(options, async () => {
      await site.end('processor', 'SIGKILL')
      const started = performance.now()
      await site.start('processor')
      return { ms: performance.now() - started }
    })
    return { ...figures, keys: site.detail('processor', 'keys'), records }
  } finally {
    await site.close()
  }
}

if (import.meta.main) void runCommand('recover')
