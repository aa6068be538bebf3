import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { Session } from 'chdb'
import { openSpool, type Spool } from '../../sql/spool.ts'

/**
 * A TEST TOOL, not a server to run: ClickHouse's HTTP interface over an embedded engine, as far as @clickhouse/client and
 * sql/http-store.ts use it. It exists because tests have no ClickHouse server; it has no users, no TLS, no limits.
 *
 *     node tests/support/clickhouse-front.ts --path <folder> [--port 8123]
 *
 * Says `{"port":…}` on standard output (and by IPC, when it was forked) once it listens on 127.0.0.1; SIGTERM stops it.
 */

/** Parameters of the URL that are neither settings nor values of placeholders. */
const ofTheInterface = new Set([
  'query',
  'database',
  'query_id',
  'session_id',
  'session_timeout',
  'default_format',
  'role',
  'wait_end_of_query',
  'enable_http_compression',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
])

/** Sessions of the engine by database and settings: a setting sticks to its session, so each combination has its own. */
class Sessions {
  readonly #path: string
  readonly #free = new Map<string, Session[]>()
  readonly #all: Session[] = []

  constructor(path: string) {
    this.#path = path
  }

  async use<T>(
    database: string,
    settings: ReadonlyMap<string, string>,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const key = JSON.stringify([database, [...settings].sort()])
    const free = this.#free.get(key) ?? []
    this.#free.set(key, free)
    const session = free.pop() ?? (await this.#open(database, settings))
    try {
      return await work(session)
    } finally {
      free.push(session)
    }
  }

  async #open(database: string, settings: ReadonlyMap<string, string>): Promise<Session> {
    const session = new Session(this.#path)
    this.#all.push(session)
    await session.queryAsync(`USE ${'`'}${database.replaceAll('`', '')}${'`'}`)
    // readonly last: after it no setting can be changed.
    const ordered = [...settings].sort(([a], [b]) => Number(a === 'readonly') - Number(b === 'readonly'))
    for (const [name, value] of ordered)
      await session.queryAsync(`SET ${name.replaceAll(/\W/g, '')} = '${value.replaceAll("'", "''")}'`)
    return session
  }

  close(): void {
    for (const session of this.#all) session.close()
  }
}

function literal(text: string): string {
  return `'${text.replaceAll(/[\\']/g, (char) => `\\${char}`)}'`
}

/** Values of placeholders, as the URL has them, before a statement: chdb's own binding would escape them a second time. */
function withValues(sql: string, params: ReadonlyMap<string, string>): string {
  const sets = [...params].map(
    ([name, text]) => `SET param_${name.replaceAll(/\W/g, '')} = ${literal(text)}; `,
  )
  return sets.join('') + sql
}

/** An INSERT whose data is the body, as an INSERT … SELECT from a file: an inline body would be read as text, and as SQL. */
async function insertFromFile(session: Session, query: string, file: string): Promise<string> {
  const [, table, columns, settings, format] =
    /^\s*INSERT\s+INTO\s+([\w.`]+)\s*(?:\(([^)]*)\))?\s*(SETTINGS\s+[\s\S]+?)?\s*FORMAT\s+(\w+)\s*$/i.exec(
      query,
    ) ?? []
  if (table === undefined || format === undefined)
    throw new Error(
      'Code: 62. DB::Exception: The front takes INSERT INTO t [(…)] [SETTINGS …] FORMAT f. (SYNTAX_ERROR)',
    )
  const described = await session.queryAsync(`DESCRIBE TABLE ${table}`, { format: 'JSONEachRow' })
  const types = described
    .text()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { name: string; type: string })
    .map(({ name, type }) => `${'`'}${name}${'`'} ${type}`)
    .join(', ')
  const structure = format.startsWith('Arrow') ? '' : `, '${types.replaceAll("'", "''")}'`
  const list = columns === undefined ? '*' : columns
  const into = columns === undefined ? table : `${table} (${columns})`
  return `INSERT INTO ${into} ${settings ?? ''} SELECT ${list} FROM file('${file}', '${format}'${structure})`
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { sessions, spool }: { sessions: Sessions; spool: Spool },
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://front')
  if (url.pathname === '/ping') return void response.end('Ok.\n')
  const queryId = url.searchParams.get('query_id') ?? randomUUID()
  response.setHeader('X-ClickHouse-Query-Id', queryId)
  response.setHeader('X-ClickHouse-Server-Display-Name', 'front-for-tests')
  try {
    const body = await bodyOf(request)
    const params = new Map<string, string>()
    const settings = new Map<string, string>()
    for (const [name, value] of url.searchParams)
      if (name.startsWith('param_')) params.set(name.slice(6), value)
      else if (!ofTheInterface.has(name)) settings.set(name, value)
    // As ClickHouse does: a GET never writes.
    if (request.method === 'GET' && !settings.has('readonly')) settings.set('readonly', '2')
    const inUrl = url.searchParams.get('query')
    const database = url.searchParams.get('database') ?? 'default'
    const bytes = await sessions.use(database, settings, async (session) => {
      const run = async (sql: string): Promise<Uint8Array> => {
        const options = { format: url.searchParams.get('default_format') ?? 'TabSeparated' }
        return (await session.queryAsync(withValues(sql, params), options)).bytes()
      }
      if (inUrl === null || body.length === 0) return run(inUrl ?? body.toString())
      if (!/^\s*INSERT\b/i.test(inUrl)) return run(`${inUrl}\n${body.toString()}`)
      return spool.withFile([body], async (file) => run(await insertFromFile(session, inUrl, file)))
    })
    response.setHeader(
      'X-ClickHouse-Summary',
      JSON.stringify({ read_rows: '0', written_rows: '0', result_rows: '0' }),
    )
    response.setHeader('Content-Type', 'application/octet-stream')
    response.end(bytes)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const code = /Code: (\d+)/.exec(message)?.[1] ?? '1002'
    response.statusCode =
      ({ '60': 404, '81': 404, '164': 403, '497': 403, '62': 400, '36': 400 } as Record<string, number>)[
        code
      ] ?? 500
    response.setHeader('X-ClickHouse-Exception-Code', code)
    response.end(
      message.startsWith('Code:') ? message : `Code: ${code}. DB::Exception: ${message} (STD_EXCEPTION)`,
    )
  }
}

const { values } = parseArgs({
  options: { path: { type: 'string' }, port: { type: 'string', default: '0' } },
})
if (values.path === undefined) throw new Error('Give --path <folder> for the data.')
mkdirSync(values.path, { recursive: true })
const sessions = new Sessions(values.path)
const spool = openSpool(`${values.path}-spool`)
const server = createServer((request, response) => void answer(request, response, { sessions, spool }))
server.keepAliveTimeout = 10_000
server.listen(Number(values.port), '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  process.stdout.write(`${JSON.stringify({ port })}\n`)
  process.send?.({ port })
})
const stop = (): void => {
  server.close(() => {
    sessions.close()
    process.exit(0)
  })
  server.closeAllConnections()
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
// A test that was killed leaves nothing behind.
if (process.channel !== undefined && process.channel !== null) process.once('disconnect', stop)
