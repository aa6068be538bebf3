import '../platform/heap.ts'
import { loadConfig } from '../platform/config.ts'
import { stopGracefully } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { startIngest, type Ingest } from './start-ingest.ts'

/** Role `ingest`: the suppliers' gateway, the worker of the FEEDS stream and the ticker of the log. INSTANCE (default 1) names it. */
const config = loadConfig()
const log = createLog({ level: config.logLevel, role: 'ingest' })
let ingest: Ingest | undefined
stopGracefully({ log, stop: async () => ingest?.close() })
ingest = await startIngest(
  config,
  {
    natsUrl: config.natsUrl ?? `nats://127.0.0.1:${config.natsPort}`,
    instance: process.env['INSTANCE'] || '1',
  },
  { log },
)
