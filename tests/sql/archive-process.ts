import { createLog } from '../../platform/log.ts'
import { connectNats } from '../../platform/nats.ts'
import { startArchiveRole } from '../../sql/archive-role.ts'
import { openStore } from '../../sql/store.ts'

/** The archive on an embedded store as a process that a test may kill: `archive-process.ts <nats url> <folder>`. */
const [url, path] = process.argv.slice(2) as [string, string]
const log = createLog({ level: 'warn', role: 'archive' })
const nats = await connectNats(url, { log, name: 'archive' })
const store = await openStore({ path, log })
const role = await startArchiveRole(
  { batchRows: 2_000, lingerMs: 20, everyMs: 100, dutyCycle: 0.5 },
  { nats, store, log },
)
setInterval(() => process.send?.(role.status()), 20)
