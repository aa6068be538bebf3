import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { takeLock } from '../../../platform/instance-lock.ts'
import { silentLog } from '../../../platform/log.ts'
import { startNatsServer } from '../../../platform/nats-server.ts'
import { createRoleLog } from '../../../platform/role-log.ts'
import { supervise } from '../../../platform/supervised.ts'

/** A supervisor for tests, on DATA_DIR, of a NATS server and the role ROLE; prints the pids of both, then waits. */
const dataDir = process.env['DATA_DIR'] as string
const say = (text: string): void => void process.stderr.write(`${text}\n`)
const lock = await takeLock(dataDir, say)
mkdirSync(join(dataDir, 'nats'), { recursive: true })
const nats = await startNatsServer({ port: 0, storeDir: join(dataDir, 'nats'), log: silentLog, sync: false })
const role = supervise(
  { name: 'role', script: process.env['ROLE'] as string, env: process.env },
  { log: createRoleLog(join(dataDir, 'role.log'), 'role', say), say, changed: () => {}, gaveUp: () => {} },
)
lock.note([role.pid() ?? 0, nats.pid()])
process.stdout.write(`${JSON.stringify({ role: role.pid(), nats: nats.pid() })}\n`)
