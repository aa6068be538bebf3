import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, loadConfig } from '../../platform/config.ts'
import { createSupplier, SupplierError, type Supplier } from '../supplier/supplier.ts'
import {
  connectDashboard,
  DashboardError,
  findDashboard,
  untilCaughtUp,
  type DashboardClient,
} from './dashboard-client.ts'
import { DataMissing, hkCrossings, hotelBookings, openData } from './data-folder.ts'
import { readDailyCrossings, siteRows } from './hk-crossings.ts'
import { DataError, hotelIds, parseCapacities, premisesRows, readBookings } from './hotel-bookings.ts'
import { InstanceError, startInstance, type Target } from './instance.ts'
import { startProgress } from './progress.ts'
import { sendAll, type SendingOptions } from './sending.ts'
import { inWords, summarise } from './summary.ts'

/** `npm run replay -- hotel-bookings | hk-crossings`: real public data through the public HTTP endpoint. */

const usage = `Use: npm run replay -- hotel-bookings [--capacity "City Hotel=200"]… [options]
     npm run replay -- hk-crossings [options]

  --capacity <hotel>=<n>  most guests of a hotel (name or id); without: Resort Hotel=400, City Hotel=500
  --json                  the summary as one JSON object on standard output
  --rate <n>              at most n records a second
  --data-dir <folder>     data of the instance that it starts (default: one a replay and capacities, in .data/replay)
  --keep                  leave that instance running at the end, until Ctrl-C
  --url <gateway> --key <api key>       send to a running instance instead, with a key of scopes feeds,reference,volumes,read
  --dashboard <url>       its dashboard (default: looked for beside the gateway)
  --login <link>          a one-time sign-in link instead of the key's scope read
  REAL_DATA               folder with the public data sets
`

class UsageError extends Error {}

const options = {
  capacity: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  rate: { type: 'string' },
  'data-dir': { type: 'string' },
  keep: { type: 'boolean', default: false },
  url: { type: 'string' },
  key: { type: 'string' },
  dashboard: { type: 'string' },
  login: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

type Values = ReturnType<typeof parse>['values']
const parse = () => parseArgs({ allowPositionals: true, options })

const say = (text: string): void => void process.stderr.write(`${text}\n`)
let target: Target | undefined
let stopping: Promise<void> | undefined
const stop = (): Promise<void> => (stopping ??= target?.stop() ?? Promise.resolve())
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void stop().finally(() => process.exit(130)))

try {
  await main()
} catch (error) {
  process.exitCode = fail(error)
} finally {
  await stop()
}

async function main(): Promise<void> {
  const { positionals, values } = parse()
  const [what, ...more] = positionals
  if (values.help) return void process.stdout.write(usage)
  if (what !== 'hotel-bookings' && what !== 'hk-crossings') throw new UsageError('Say which replay.')
  if (more.length > 0) throw new UsageError(`"${more[0]}" is not understood.`)
  const { timeZone } = loadConfig()
  await (what === 'hotel-bookings' ? replayBookings(values, timeZone) : replayCrossings(values, timeZone))
}

async function replayBookings(values: Values, timeZone: string): Promise<void> {
  const capacities = parseCapacities(values.capacity ?? [])
  const sending = sendingOf(values)
  const bookings = await readBookings(openData(hotelBookings), timeZone)
  // Findings far back in time are not looked at again when a capacity changes: other capacities, another instance.
  const name = ['hotel-bookings', ...hotelIds.map((id) => capacities[id])].join('-')
  const { supplier, dashboard } = await connect(values, 'hotel-bookings', name)
  await supplier.reference('premises', premisesRows(capacities))
  const bar = startProgress('hotel-bookings', bookings.length)
  const verdicts = await sendAll(bookings, sending, (batch) => supplier.post('registrations', batch), bar.at)
  bar.stop()
  await settle(dashboard)
  const summary = summarise(bookings.length, verdicts, hotelIds, await dashboard.peaks())
  process.stdout.write(
    values.json ? `${JSON.stringify(summary)}\n` : inWords(summary, verdicts.reasons, capacities),
  )
  await keep(values)
}

async function replayCrossings(values: Values, timeZone: string): Promise<void> {
  if (values.capacity !== undefined) throw new UsageError('--capacity belongs to hotel-bookings.')
  const sending = sendingOf(values)
  const { points, volumes, from, to } = await readDailyCrossings(openData(hkCrossings), timeZone)
  const { supplier, dashboard } = await connect(values, 'hk-crossings', 'hk-crossings')
  await supplier.reference('sites', siteRows(points))
  const bar = startProgress('hk-crossings', volumes.length)
  const post = async (batch: typeof volumes) => {
    await supplier.volumes(batch)
    return { accepted: batch.length, duplicate: 0, rejected: 0, reasons: {} }
  }
  await sendAll(volumes, sending, post, bar.at)
  bar.stop()
  await settle(dashboard)
  const people = volumes.reduce((sum, { count }) => sum + count, 0)
  const summary = { sent: volumes.length, sites: points.length, from, to, people }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(summary)}\n`
      : `Sent ${volumes.length.toLocaleString('en')} daily counts of ${points.length} control points, ${from} to ${to}: ` +
          `${people.toLocaleString('en')} crossings.\n`,
  )
  await keep(values)
}

/** A running instance that the command line names, or one of our own. */
async function connect(
  values: Values,
  source: string,
  name: string,
): Promise<{ supplier: Supplier; dashboard: DashboardClient }> {
  if ((values.url === undefined) !== (values.key === undefined))
    throw new UsageError('--url and --key belong together.')
  let opened: Target
  if (values.url !== undefined && values.key !== undefined) {
    const named = values.dashboard ?? (await findDashboard(values.url))
    const { login } = values
    opened = {
      ingestUrl: values.url,
      key: values.key,
      dashboardUrl: named,
      login,
      dataDir: '',
      stop: async () => {},
    }
  } else {
    say('Starting an instance of its own …')
    const dataDir = resolve(values['data-dir'] ?? join('.data/replay', name))
    opened = await startInstance({ dataDir, source })
    say(`Ready: ${opened.dashboardUrl}`)
  }
  target = opened
  const { ingestUrl, key, dashboardUrl, login } = opened
  const dashboard = await connectDashboard(dashboardUrl, login === undefined ? { key } : { login })
  // Said before the sending, not after it: a dashboard that lets nobody in.
  await dashboard.lag()
  let away = false
  const supplier = createSupplier(
    { url: ingestUrl, key, giveUpAfterMs: 180_000 },
    {
      onRetry: () => {
        if (!away) say('\nThe gateway takes nothing just now; trying again …')
        away = true
      },
    },
  )
  return { supplier, dashboard }
}

async function settle(dashboard: DashboardClient): Promise<void> {
  say('Sent. Waiting until the archive and every processor have read to the end of the log …')
  await untilCaughtUp(dashboard)
}

async function keep(values: Values): Promise<void> {
  if (!values.keep || values.url !== undefined) return
  say(
    `Still running. A link to sign in: DATA_DIR=${target?.dataDir} npm run login -- --url ${target?.dashboardUrl}. Ctrl-C stops it.`,
  )
  await new Promise<void>(() => setInterval(() => {}, 60_000))
}

function sendingOf(values: Values): SendingOptions {
  const perSecond = values.rate === undefined ? undefined : Number(values.rate)
  if (perSecond !== undefined && !(perSecond > 0)) throw new UsageError('--rate is a number above 0.')
  return { batchRows: 500, inFlight: 4, ...(perSecond === undefined ? {} : { perSecond }) }
}

/** What a person can mend is said in a sentence; the rest is a bug and shows its stack. */
function fail(error: unknown): number {
  const isParse =
    error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
  if (error instanceof UsageError || isParse) {
    say(`${error.message}\n\n${usage}`)
    return 2
  }
  const known = [
    RangeError,
    ConfigError,
    DataMissing,
    DataError,
    DashboardError,
    InstanceError,
    SupplierError,
  ]
  say(
    known.some((kind) => error instanceof kind)
      ? `\n${(error as Error).message}`
      : String((error as Error).stack),
  )
  return 1
}
