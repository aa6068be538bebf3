import { parseArgs } from 'node:util'
import { ConfigError, loadConfig } from '../../platform/config.ts'
import { createKey, KeyError, readKeys, revokeKey, scopes } from './keys.ts'

/** `npm run key -- create <source> [--scopes feeds,reference] [--note text] | list | revoke <id>`: API keys of suppliers. */

const usage = `Use: npm run key -- create <source> [--scopes ${scopes.join(',')}] [--note <text>]
     npm run key -- list
     npm run key -- revoke <id>
`

function main(): number {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { scopes: { type: 'string', default: 'feeds' }, note: { type: 'string' } },
  })
  const [command, name] = positionals
  const { keysFile } = loadConfig()
  if (command === 'create' && name !== undefined) {
    const { key, id } = createKey(keysFile, {
      source: name,
      scopes: values.scopes.split(',').filter((scope) => scope !== ''),
      ...(values.note === undefined ? {} : { note: values.note }),
    })
    // The key alone on standard output, so that a script can take it.
    process.stderr.write(
      `Key ${id} for ${name}. It is shown this once; send it as "Authorization: Bearer <key>".\n`,
    )
    process.stdout.write(`${key}\n`)
    return 0
  }
  if (command === 'list') {
    for (const key of readKeys(keysFile))
      process.stdout.write(
        `${key.id}  ${key.source.padEnd(24)}  ${key.scopes.join(',').padEnd(24)}  ${key.createdAt}  ${key.note ?? ''}\n`,
      )
    return 0
  }
  if (command === 'revoke' && name !== undefined) {
    const done = revokeKey(keysFile, name)
    process.stderr.write(
      done ? `Key ${name} no longer opens anything.\n` : `There is no key ${name}; see list.\n`,
    )
    return done ? 0 : 1
  }
  process.stderr.write(usage)
  return 2
}

try {
  process.exitCode = main()
} catch (error) {
  const isUsage =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (!(error instanceof KeyError || error instanceof ConfigError || isUsage)) throw error
  process.stderr.write(`${error.message}\n${isUsage ? usage : ''}`)
  process.exitCode = 2
}
