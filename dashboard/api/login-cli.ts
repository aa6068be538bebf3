import { parseArgs } from 'node:util'
import { loadConfig } from '../../platform/config.ts'
import { createLogin } from './logins.ts'
import { roles } from './shapes.ts'

/** `npm run login -- --role leader [--minutes 15] [--url http://…]`: prints a link that signs one person in, once. */
const help = `usage: npm run login -- [--role ${roles.join('|')}] [--minutes 15] [--url http://127.0.0.1:8080]`

const { values } = parseArgs({
  options: {
    role: { type: 'string', default: 'analyst' },
    minutes: { type: 'string', default: '15' },
    url: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const role = roles.find((name) => name === values.role)
const minutes = Number(values.minutes)
if (values.help || role === undefined || !(minutes > 0 && minutes <= 10_080)) {
  process.stderr.write(`${help}\n`)
  process.exit(values.help ? 0 : 2)
}
const config = loadConfig()
const token = await createLogin(config.dataDir, { role, ttlMs: minutes * 60_000 })
const base = values.url ?? `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${config.port}`
process.stdout.write(`${base.replace(/\/$/, '')}/login?token=${token}\n`)
process.stderr.write(`Signs one person in as ${role}, once, within ${minutes} min.\n`)
