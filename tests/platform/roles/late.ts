import { once } from 'node:events'
import { stopGracefully } from '../../../platform/lifecycle.ts'
import { silentLog } from '../../../platform/log.ts'

/** A role for tests whose supervisor has gone before it came to ask for a graceful stop. */
await once(process, 'disconnect')
stopGracefully({ log: silentLog, stop: async () => void process.stdout.write('stopped in order\n') })
setInterval(() => {}, 1_000)
