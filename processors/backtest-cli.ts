import { parseArgs } from 'node:util'
import { ConfigError, loadConfig } from '../platform/config.ts'
import { silentLog } from '../platform/log.ts'
import { connectNats } from '../platform/nats.ts'
import { backtest, byDay } from './backtest.ts'
import { NoHistory } from './rebuild.ts'
import { loadDetectors } from './registry.ts'
import { createRule, RuleError } from './rule.ts'

/**
 * `npm run backtest -- <detector> [--param name=value …] [--days 30] [--json]`: what a rule with other parameters would add, change and
 * withdraw of the alerts that stand, over the stored history of the instance at NATS_URL (else 127.0.0.1, NATS_PORT).
 */
const usage = `Use: npm run backtest -- <detector> [--param name=value ...] [--days 30] [--json]
  --param  a parameter of the rule, its value as JSON or text; the others keep their defaults
  --days   alerts that ended earlier are left out
The instance must be running: NATS_URL or NATS_PORT say where.
`

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      param: { type: 'string', multiple: true, default: [] },
      days: { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
    },
  })
  const days = Number(values.days)
  const detectors = await loadDetectors()
  const detector = detectors.find(({ id }) => id === positionals[0])
  if (detector === undefined || positionals.length !== 1 || !(days > 0)) {
    process.stderr.write(`${usage}Detectors: ${detectors.map(({ id }) => id).join(', ')}\n`)
    return 2
  }
  const rule = createRule(detector, Object.fromEntries(values.param.map(parameter)))
  const { natsUrl, natsPort, timeZone } = loadConfig()
  const nats = await connectNats(natsUrl ?? `nats://127.0.0.1:${natsPort}`, {
    log: silentLog,
    name: 'backtest',
  })
  try {
    const result = await backtest({ rule, days, timeZone }, { nats, log: silentLog })
    const { added, changed, withdrawn, same } = result
    const perDay = byDay(result, timeZone)
    if (values.json) {
      process.stdout.write(
        `${JSON.stringify({ rule: detector.id, params: rule.params, ...result, days: perDay })}\n`,
      )
      return 0
    }
    const lines = [
      `${detector.id}, ${days} days: ${added.length} added, ${changed.length} changed, ${withdrawn.length} withdrawn, ${same} as they are.`,
      '',
      'day         added  changed  withdrawn',
      ...perDay.map(
        ([day, ...counts]) => `${day}  ${counts.map((n, i) => String(n).padStart([5, 7, 9][i] ?? 0)).join('  ')}`,
      ),
      ...([['+', added], ['~', changed], ['-', withdrawn]] as const).flatMap(([mark, alerts]) =>
        alerts.map(({ alertId, severity, sentence }) => `${mark} ${alertId}  ${severity.padEnd(6)}  ${sentence.en}`),
      ),
    ] // prettier-ignore
    process.stdout.write(`${lines.join('\n')}\n`)
    return 0
  } finally {
    await nats.close()
  }
}

/** `name=value`: a value that is no JSON is text. */
function parameter(text: string): [string, unknown] {
  const [, name = text, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  try {
    return [name, JSON.parse(value)]
  } catch {
    return [name, value]
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  const isUsage =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (!(isUsage || error instanceof RuleError || error instanceof ConfigError || error instanceof NoHistory))
    throw error
  process.stderr.write(`${error.message}\n${isUsage ? usage : ''}`)
  process.exitCode = error instanceof NoHistory ? 1 : 2
}
