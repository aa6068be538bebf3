import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../../platform/log.ts'
import { startNatsServer } from '../../platform/nats-server.ts'

/** A real NATS server with JetStream for one test file: a free port, an empty temporary folder, gone after `stop`. */
export async function startNats(): Promise<{ url: string; pid: () => number; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'daan-nats-'))
  const server = await startNatsServer({ port: 0, storeDir: folder, log: silentLog, sync: false })
  return {
    url: server.url,
    pid: server.pid,
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
