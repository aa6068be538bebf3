import { stopGracefully } from '../../../platform/lifecycle.ts'
import { createLog } from '../../../platform/log.ts'

/** A role for tests that lives as the real ones do. */
stopGracefully({
  log: createLog({ level: 'info', role: 'orderly' }),
  stop: async () => void process.stdout.write('stopped in order\n'),
})
process.stdout.write('up\n')
setInterval(() => {}, 1_000)
