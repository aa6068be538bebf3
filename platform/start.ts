import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createLogin } from '../dashboard/api/logins.ts'
import { createKey, readKeys } from '../ingest/gateway/keys.ts'
import { worldDesk, worldSources } from '../ingest/world/sent.ts'
import { awaitReady } from './await-ready.ts'
import { ConfigError, loadConfig } from './config.ts'
import { LockedError, takeLock } from './instance-lock.ts'
import { largePages } from './large-pages.ts'
import { onParentGone } from './lifecycle.ts'
import { createLog } from './log.ts'
import { ageWarning, startNatsServer, type NatsServer } from './nats-server.ts'
import { dashboardNice } from './nice.ts'
import { takePort } from './ports.ts'
import { readyBlock, type Instance } from './ready-block.ts'
import { createRoleLog } from './role-log.ts'
import { supervise, type Supervised } from './supervised.ts'
import { provideWorldKeys } from './world-keys.ts'

/**
 * The standalone: a NATS server and every role as child processes on one data folder, until Ctrl-C. `--no-world` leaves
 * the synthetic world out. `READY_FILE` names a file that gets addresses and process ids as JSON once all is ready.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const say = (text: string): void => void process.stderr.write(`• ${text}\n`)
/** Everything is stopped within this, ms: the roles get most of it, the NATS server the rest. */
const stopMs = { roles: 3_600, nats: 800 }

await main().catch((error: unknown) => {
  // These two say what to do; anything else is a defect, and its stack is what helps.
  const expected = error instanceof ConfigError || error instanceof LockedError
  process.stderr.write(
    `\n${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exit(1)
})

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'no-world': { type: 'boolean', default: false } } })
  const config = loadConfig()
  const { dataDir, host } = config
  const readyFile = process.env['READY_FILE'] ? resolve(process.env['READY_FILE']) : undefined
  if (readyFile !== undefined) rmSync(readyFile, { force: true })
  const lock = await takeLock(dataDir, say)
  const stopped = new AbortController()
  const roles = new Map<string, Supervised>()
  let nats: NatsServer | undefined
  let instance: Instance | undefined

  const stop = async (exitCode: number): Promise<void> => {
    if (stopped.signal.aborted) return
    stopped.abort()
    say('Stopping.')
    const deadline = Date.now() + stopMs.roles
    for (const name of ['world', 'ingest', 'processor', 'dashboard']) await roles.get(name)?.stop(deadline)
    await nats?.stop(stopMs.nats)
    if (readyFile !== undefined) rmSync(readyFile, { force: true })
    lock.release()
    say('Stopped.')
    process.exit(exitCode)
  }
  // More than one signal is normal: a terminal sends Ctrl-C to the whole group, and npm passes it on again.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))
  onParentGone(() => void stop(0))

  const port = await takePort({ port: config.port, variable: 'PORT', what: 'dashboard' }, host, say)
  const ingestPort = await takePort(
    { port: config.ingestPort, variable: 'INGEST_PORT', what: 'ingest' },
    host,
    say,
  )
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 })
  if (config.natsUrl === undefined) nats = await ownNats()
  if (stopped.signal.aborted) return void (await nats?.stop(stopMs.nats))
  const natsUrl = config.natsUrl ?? (nats as NatsServer).url
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const dashboardUrl = `http://${shown}:${port}`
  const ingestUrl = `http://${shown}:${ingestPort}`
  const archive = config.clickhouseUrl === undefined ? ['archive:1'] : []
  const world = values['no-world'] ? [] : ['world:1']
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(port),
    INGEST_PORT: String(ingestPort),
    INGEST_URL: ingestUrl,
    NATS_URL: natsUrl,
    SLICE: '1/1',
    EXPECT_ROLES: ['ingest:1', 'processor:1-of-1', ...archive, ...world].join(','),
  }

  run('dashboard', 'dashboard/main.ts', { nice: dashboardNice })
  run('ingest', 'ingest/main.ts', { env: largePages })
  run('processor', 'processors/main.ts', { env: largePages })
  if (!(await awaitReady(dashboardUrl, { signal: stopped.signal, say, except: world }))) return
  if (world.length > 0) {
    const keys = provideWorldKeys(
      join(dataDir, 'world-keys.json'),
      [...Object.values(worldSources), worldDesk],
      {
        known: new Set(readKeys(config.keysFile).map(({ sha256 }) => sha256)),
        create: (source) =>
          createKey(config.keysFile, {
            source,
            scopes: source === worldDesk ? ['reference', 'volumes'] : ['feeds'],
            note: 'synthetic world',
          }).key,
      },
    )
    run('world', 'ingest/world/main.ts', { env: { WORLD_KEYS: JSON.stringify(keys) } })
    if (!(await awaitReady(dashboardUrl, { signal: stopped.signal, say }))) return
  }
  const token = await createLogin(dataDir, { role: 'admin', ttlMs: 3_600_000 })
  instance = {
    dashboardUrl,
    loginUrl: `${dashboardUrl}/login?token=${token}`,
    ingestUrl,
    natsUrl: natsUrl.replace(/\/\/[^@/]*@/g, '//…@'),
    natsNote: nats === undefined ? '(yours, from NATS_URL)' : `(nats-server ${nats.version}, JetStream)`,
    dataDir,
    keySettings: settingsOf({ DATA_DIR: process.env['DATA_DIR'] }),
    loginSettings: settingsOf({ DATA_DIR: process.env['DATA_DIR'], PORT: port === 8080 ? '' : String(port) }),
  }
  changed()
  process.stdout.write(readyBlock(instance))

  async function ownNats(): Promise<NatsServer> {
    const server = await startNatsServer({
      port: await takePort({ port: config.natsPort, variable: 'NATS_PORT', what: 'NATS' }, '127.0.0.1', say),
      storeDir: join(dataDir, 'nats'),
      logFile: join(dataDir, 'logs', 'nats-server.log'),
      log: createLog({ level: 'warn', role: 'supervisor' }),
    })
    const warning = ageWarning(server.version)
    say(`nats-server ${server.version} on ${server.url}.`)
    if (warning !== undefined) say(warning)
    return server
  }

  function run(name: string, script: string, more: { nice?: number; env?: NodeJS.ProcessEnv } = {}): void {
    const log = createRoleLog(join(dataDir, 'logs', `${name}.log`), name, say)
    const role = supervise(
      {
        name,
        script: join(root, script),
        env: { ...env, ...more.env },
        ...(more.nice ? { nice: more.nice } : {}),
      },
      {
        log,
        say,
        changed,
        gaveUp: (lines) => {
          process.stderr.write(
            `\nThe last lines of ${join(dataDir, 'logs', `${name}.log`)}:\n${lines.join('\n')}\n\n`,
          )
          // Without the world the rest is whole; without another role it is not.
          if (name !== 'world') void stop(1)
        },
      },
    )
    roles.set(name, role)
  }

  /** Notes the processes of now, for the next start and for whoever reads READY_FILE. */
  function changed(): void {
    if (stopped.signal.aborted) return
    const pids = Object.fromEntries([...roles].map(([name, role]) => [name, role.pid()]))
    const all = { supervisor: process.pid, nats: nats?.pid(), ...pids }
    lock.note(Object.values(all).filter((pid) => pid !== undefined && pid !== process.pid) as number[])
    if (readyFile === undefined || instance === undefined) return
    const { natsNote: _, keySettings: __, loginSettings: ___, ...addresses } = instance
    writeFileSync(`${readyFile}.part`, JSON.stringify({ ...addresses, natsUrl, pids: all }), { mode: 0o600 })
    renameSync(`${readyFile}.part`, readyFile)
  }
}

function settingsOf(settings: Record<string, string | undefined>): string {
  const set = Object.entries(settings).filter(([, value]) => value !== undefined && value !== '')
  return set.map(([name, value]) => `${name}=${value} `).join('')
}
