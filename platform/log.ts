import { pino, type Logger } from 'pino'

/**
 * The fields a log line may carry. Redaction by path misses arrays and error texts, so this is the other way round:
 * what is not named here is dropped, and a record's content can never be logged by accident.
 */
const allowed = new Set([
  'role',
  'instance',
  'feed',
  'source',
  'site',
  'detector',
  'stream',
  'subject',
  'table',
  'migration',
  'slice',
  'epoch',
  'events',
  'rows',
  'findings',
  'revisions',
  'accepted',
  'duplicate',
  'rejected',
  'reason',
  'count',
  'bytes',
  'ms',
  'logSeq',
  'fromSeq',
  'toSeq',
  'lag',
  'port',
  'host',
  'url',
  'path',
  'pid',
  'signal',
  'exitCode',
  'status',
  'method',
  'route',
  'version',
  'code',
  'attempt',
  'key',
  'keyId',
  'file',
  'query',
])

export type Fields = Readonly<Record<string, string | number | boolean | undefined>>

/** Constant message, allow-listed fields. An error is logged by name, code and stack frames, never by its message's data. */
export interface Log {
  debug(fields: Fields, message: string): void
  info(fields: Fields, message: string): void
  warn(fields: Fields, message: string): void
  error(fields: Fields & { error?: never }, message: string, error?: unknown): void
  child(fields: Fields): Log
}

/** A logger of JSON lines on standard error; `role` is on every line. */
export function createLog(options: { level: string; role: string }): Log {
  // At once: the flush at exit of the buffered way tries again for ever once nobody reads any more, and a role whose
  // supervisor was killed would never end.
  return wrap(
    pino({ level: options.level, base: { role: options.role } }, pino.destination({ fd: 2, sync: true })),
  )
}

/** A log that says nothing, for tests. */
export const silentLog: Log = wrap(pino({ level: 'silent' }))

function wrap(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(keep(fields), message),
    info: (fields, message) => logger.info(keep(fields), message),
    warn: (fields, message) => logger.warn(keep(fields), message),
    error: (fields, message, error) => logger.error({ ...keep(fields), ...describe(error) }, message),
    child: (fields) => wrap(logger.child(keep(fields))),
  }
}

function keep(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => allowed.has(name)))
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return error === undefined ? {} : { errorType: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
  return { errorName: error.name, ...(code === undefined ? {} : { code }), frames }
}
