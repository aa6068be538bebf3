import '../platform/heap.ts'
import { loadConfig } from '../platform/config.ts'
import { stopGracefully } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { connectNats } from '../platform/nats.ts'
import { startArchiveRole } from './archive-role.ts'
import { openStore, StoreError, type Store } from './store.ts'

/** The archive as a process of its own, beside a ClickHouse server. Needs NATS_URL and CLICKHOUSE_URL. */
const config = loadConfig()
const log = createLog({ level: config.logLevel, role: 'archive' })
const { natsUrl, clickhouseUrl } = config
if (natsUrl === undefined || clickhouseUrl === undefined) {
  process.stderr.write(
    'The archive needs NATS_URL and CLICKHOUSE_URL. Without a ClickHouse server the dashboard archives into its embedded store.\n',
  )
  process.exit(2)
}
const closing: (() => Promise<void>)[] = []
const grace = stopGracefully({
  log,
  stop: async () => {
    for (const close of closing.toReversed()) await close()
  },
})
const nats = await connectNats(natsUrl, { log, name: 'archive' })
closing.push(() => nats.close())
const store = await reachable(clickhouseUrl)
closing.push(() => store.close())
const role = await startArchiveRole({ timeZone: config.timeZone }, { nats, store, log })
closing.push(() => role.stop())
role.ended.catch(() => {
  process.exitCode = 1
  grace.stop()
})

/** A server that starts later than its archive is waited for, up to a minute. */
async function reachable(url: string): Promise<Store> {
  const deadline = Date.now() + 60_000
  for (;;)
    try {
      return await openStore({ clickhouseUrl: url, log })
    } catch (error) {
      const passing =
        error instanceof StoreError &&
        (error.code === 'STORE_UNREACHABLE' || error.code === 'STORE_OVERLOADED')
      if (!passing || Date.now() > deadline) throw error
      await new Promise((done) => setTimeout(done, 500))
    }
}
