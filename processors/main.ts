import '../platform/heap.ts'
import { join } from 'node:path'
import { streamSettings } from '../ingest/streams.ts'
import { loadConfig } from '../platform/config.ts'
import { startHeartbeat } from '../platform/heartbeat.ts'
import { stopGracefully } from '../platform/lifecycle.ts'
import { createLog } from '../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../platform/nats.ts'
import { sliceName } from './committer.ts'
import { startProcessor, type Processor } from './processor.ts'
import { codeFingerprint, loadRules } from './registry.ts'

/** The role `processor`: one slice of the keys (`SLICE=i/n`), from the log to the stream ALERTS. */
const config = loadConfig()
const instance = sliceName(config.slice)
const log = createLog({ level: config.logLevel, role: 'processor' }).child({ slice: instance })

let nats: Nats | undefined
let processor: Processor | undefined
let heartbeat: { stop(): void } | undefined

stopGracefully({
  log,
  stop: async () => {
    heartbeat?.stop()
    await processor?.stop()
    await nats?.close()
  },
})

nats = await connectNats(config.natsUrl ?? `nats://127.0.0.1:${config.natsPort}`, {
  log,
  name: `processor ${instance}`,
})
await ensureStreams(nats, streamSettings(), config.streamReplicas)
processor = await startProcessor(
  {
    slice: config.slice,
    rules: await loadRules(),
    code: await codeFingerprint(),
    timeZone: config.timeZone,
    snapshotFolder: join(config.dataDir, 'snapshots', instance),
  },
  { nats, log },
)
const running = processor
heartbeat = startHeartbeat(nats, {
  role: 'processor',
  instance,
  status: () => {
    const { ready, ...details } = running.status()
    return { ready, details }
  },
})
await running.done
