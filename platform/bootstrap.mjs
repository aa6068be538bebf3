/**
 * The way into every command: sees that what the command needs is there, says what it does about it, then runs the
 * command on the pinned Node. Plain JavaScript without dependencies for the host's Node ≥ 20: in a fresh clone there is
 * nothing else. Everything it says goes to standard error.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root, say, SetupError } from './setup/say.mjs'
import { providePackages } from './setup/packages.mjs'
import { provideWeb } from './setup/web.mjs'
import { provideNatsServer } from './setup/provide-nats-server.mjs'
import { provideChromium } from './setup/chromium.mjs'

const bin = (/** @type {string} */ name) => join('node_modules', name)
const vitest = bin('vitest/vitest.mjs')

/**
 * What each command needs, and the programs it runs one after the other: all of them, and it fails when one did.
 * @type {Readonly<Record<string, { web?: 'fresh' | 'force', nats?: 'use' | 'start', chromium?: boolean, run: string[][], env?: Record<string, string> }>>}
 */
const commands = {
  start: { web: 'fresh', nats: 'use', run: [['platform/start.ts']] },
  test: { web: 'fresh', nats: 'start', chromium: true, run: [[vitest, 'run']] },
  /** The laws alone, with many cases each; PROPERTY_RUNS and PROPERTY_SEED say otherwise. */
  nightly: {
    run: [
      [vitest, 'run', 'tests/processors/engine', 'tests/processors/laws', 'tests/ingest/intake/laws.test.ts'],
    ],
    env: { PROPERTY_RUNS: '10000' },
  },
  check: {
    run: [
      [
        bin('prettier/bin/prettier.cjs'),
        '--check',
        '--cache',
        '--cache-location',
        '.cache/prettier',
        '--log-level',
        'warn',
        '.',
      ],
      [bin('oxlint/bin/oxlint')],
      [bin('typescript/bin/tsc'), '-p', '.'],
      [bin('svelte-check/bin/svelte-check'), '--workspace', 'dashboard/web', '--fail-on-warnings'],
    ],
  },
  build: { web: 'force', run: [] },
  replay: { web: 'fresh', nats: 'use', run: [['ingest/replay/main.ts']] },
  key: { run: [['ingest/gateway/key-cli.ts']] },
  login: { run: [['dashboard/api/login-cli.ts']] },
  faults: { nats: 'start', run: [['tests/faults/main.ts']] },
  scoreboard: { nats: 'start', run: [['tests/scoreboard/main.ts']] },
  backtest: { run: [['processors/backtest-cli.ts']] },
  'new:detector': { run: [['processors/new-detector.ts']] },
  detectors: { run: [['processors/detector-table.ts']] },
  bench: { web: 'fresh', nats: 'start', run: [] },
}

process.exitCode = await main().catch((error) => {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`\n${error.message}\n`)
  return 1
})

async function main() {
  const [name = '', ...rest] = process.argv.slice(2)
  const command = commands[name]
  if (command === undefined)
    throw new SetupError(`Unknown command "${name}"; there are ${Object.keys(commands).join(', ')}.`)
  checkNode()
  const node = await providePackages()
  if (command.web !== undefined) await provideWeb(node, { force: command.web === 'force' })
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
  }
  for (const [variable, value] of Object.entries(command.env ?? {})) env[variable] ??= value
  // What V8 made of each module is kept between starts: a third off the time until ready.
  env['NODE_COMPILE_CACHE'] ??= join(root, '.cache', 'compile')
  if (command.nats === 'start' || (command.nats === 'use' && !env['NATS_URL'])) {
    const server = await provideNatsServer()
    if (command.nats === 'start') say(`nats-server ${server.version} (${server.path})`)
  }
  if (command.chromium === true) env['CHROMIUM_PATH'] = await provideChromium()
  let failed = 0
  // Each measurement is a program of its own, npm run bench -- ingest; without a name they run all: npm run bench -- --json
  const benchmark =
    name === 'bench'
      ? [[`tests/bench/${rest[0]?.startsWith('-') === false ? rest.shift() : 'all'}.ts`]]
      : undefined
  for (const [index, [program = '', ...args]] of (benchmark ?? command.run).entries()) {
    if (!existsSync(join(root, program)))
      throw new SetupError(`There is no ${program}: see what README.md says about "npm run ${name}".`)
    const last = index === (benchmark ?? command.run).length - 1
    const code = await runCommand(
      node,
      [join(root, program), ...args, ...(last ? rest : [])],
      env,
      name === 'start',
    )
    failed ||= code
  }
  return failed
}

function checkNode() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new SetupError(
      `This is Node ${process.versions.node}: install Node 20 or newer by hand (https://nodejs.org).`,
    )
}

/**
 * Runs one program to its end, hands signals on, and gives its exit code (128 + number after a signal, as a shell does).
 * @param {string} node
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} service ends with this process: it runs until it is told to stop
 * @returns {Promise<number>}
 */
function runCommand(node, args, env, service) {
  return new Promise((done) => {
    const child = spawn(node, args, {
      env,
      stdio: service ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    })
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
      process.on(signal, () => child.kill(signal))
    // npm killed with -9 tells nobody; what it started would run on for ever.
    const parent = process.ppid
    const watch = setInterval(() => {
      if (service && process.env['npm_lifecycle_event'] !== undefined && process.ppid !== parent)
        child.kill('SIGTERM')
    }, 500)
    child.once('error', (error) => {
      process.stderr.write(`\nThe pinned Node does not start (${error.message}): run "npm ci" by hand.\n`)
      done(1)
    })
    child.once('exit', (code, signal) => {
      clearInterval(watch)
      done(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15))
    })
  })
}
