import { resolve } from 'node:path'

/** What every role reads from its environment; one place, so that a name means the same everywhere. */
export interface Config {
  /** Folder of everything that must outlive the process (`DATA_DIR`, default `.data`). */
  readonly dataDir: string
  /** Address to listen on (`HOST`, default 127.0.0.1). */
  readonly host: string
  /** Dashboard (`PORT`, default 8080), supplier gateway (`INGEST_PORT`, default 8081), NATS (`NATS_PORT`, default 4222). */
  readonly port: number
  readonly ingestPort: number
  readonly natsPort: number
  /** NATS to use (`NATS_URL`); undefined: the standalone start runs one of its own. */
  readonly natsUrl: string | undefined
  /** ClickHouse over HTTP, with user, password and database in the URL (`CLICKHOUSE_URL`); undefined: embedded in `dataDir/store`. */
  readonly clickhouseUrl: string | undefined
  /** Slice of the keys that a processor owns, `i/n` with 1 ≤ i ≤ n (`SLICE`, default 1/1). */
  readonly slice: Slice
  /** What ticks follow: the wall, or the latest event time seen, for replays (`CLOCK`, default wall). */
  readonly clock: 'wall' | 'events'
  /** Distance of two ticks of the log in ms (`TICK_MS`, default 1000). */
  readonly tickMs: number
  /** Hashed API keys of suppliers (`KEYS_FILE`, default `dataDir/keys.json`). */
  readonly keysFile: string
  /** Secret of the pseudonyms, made with mode 600 when absent (`PSEUDONYM_KEY_FILE`, default `dataDir/pseudonym.key`). */
  readonly pseudonymKeyFile: string
  /** Copies of each stream (`STREAM_REPLICAS`, default 1; 3 in a cluster). */
  readonly streamReplicas: number
  /** Time zone of days and local times (`TIMEZONE`, default Asia/Bangkok). */
  readonly timeZone: string
  /** Tiles under the map (`TILE_URL`, for example https://tiles.example/{z}/{x}/{y}.png); undefined: only what is built in. */
  readonly tileUrl: string | undefined
  /** trace, debug, info, warn, error (`LOG_LEVEL`, default info). */
  readonly logLevel: string
  /** Roles, by heartbeat name, that must be alive before the dashboard calls the system ready (`EXPECT_ROLES`, comma-separated). */
  readonly expectRoles: readonly string[]
}

/** Slice `index` of `count`, `index` counted from 1. */
export interface Slice {
  readonly index: number
  readonly count: number
}

/** A setting that cannot be used; the message names the variable and what to set it to. */
export class ConfigError extends Error {
  readonly code = 'CONFIG'
}

/** Reads the configuration. Throws {@link ConfigError} naming the variable, the value it had and the values it takes. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const dataDir = resolve(env['DATA_DIR'] || '.data')
  return {
    dataDir,
    host: env['HOST'] || '127.0.0.1',
    port: integer(env, 'PORT', 8080, 0, 65_535),
    ingestPort: integer(env, 'INGEST_PORT', 8081, 0, 65_535),
    natsPort: integer(env, 'NATS_PORT', 4222, 0, 65_535),
    natsUrl: env['NATS_URL'] || undefined,
    clickhouseUrl: env['CLICKHOUSE_URL'] || undefined,
    slice: parseSlice(env['SLICE'] || '1/1'),
    clock: oneOf(env, 'CLOCK', ['wall', 'events'] as const),
    tickMs: integer(env, 'TICK_MS', 1000, 10, 60_000),
    keysFile: resolve(env['KEYS_FILE'] || `${dataDir}/keys.json`),
    pseudonymKeyFile: resolve(env['PSEUDONYM_KEY_FILE'] || `${dataDir}/pseudonym.key`),
    streamReplicas: integer(env, 'STREAM_REPLICAS', 1, 1, 5),
    timeZone: timeZone(env),
    tileUrl: tileUrl(env),
    logLevel: oneOf(env, 'LOG_LEVEL', ['info', 'trace', 'debug', 'warn', 'error', 'silent'] as const),
    expectRoles: (env['EXPECT_ROLES'] ?? '').split(',').filter((role) => role !== ''),
  }
}

/** Parses `i/n`; throws {@link ConfigError} unless 1 ≤ i ≤ n ≤ 1024. */
export function parseSlice(text: string): Slice {
  const [, i, n] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  const slice = { index: Number(i), count: Number(n) }
  if (!(slice.index >= 1 && slice.index <= slice.count && slice.count <= 1024))
    throw new ConfigError(`SLICE is "${text}"; set it to i/n with 1 ≤ i ≤ n ≤ 1024, for example 1/2 and 2/2.`)
  return slice
}

function integer(env: NodeJS.ProcessEnv, name: string, fallback: number, min: number, max: number): number {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max)
    throw new ConfigError(`${name} is "${text}"; set it to a whole number from ${min} to ${max}.`)
  return value
}

function oneOf<const T extends readonly string[]>(
  env: NodeJS.ProcessEnv,
  name: string,
  values: T,
): T[number] {
  const text = env[name] || values[0]
  const found = values.find((value) => value === text)
  if (found === undefined)
    throw new ConfigError(`${name} is "${text}"; set it to one of ${values.join(', ')}.`)
  return found
}

function tileUrl(env: NodeJS.ProcessEnv): string | undefined {
  const text = env['TILE_URL']
  if (text === undefined || text === '') return undefined
  const complete = ['{z}', '{x}', '{y}'].every((part) => text.includes(part))
  if (!complete || !/^https?:\/\/[^/?#;,\s'"]+\/\S*$/.test(text))
    throw new ConfigError(
      `TILE_URL is "${text}"; set it to an address with {z}, {x} and {y} in it, for example https://tiles.example/{z}/{x}/{y}.png.`,
    )
  return text
}

function timeZone(env: NodeJS.ProcessEnv): string {
  const zone = env['TIMEZONE'] || 'Asia/Bangkok'
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch (cause) {
    throw new ConfigError(`TIMEZONE is "${zone}"; set it to an IANA name such as Asia/Bangkok.`, { cause })
  }
}
