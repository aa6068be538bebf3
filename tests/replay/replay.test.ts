import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../../ingest/gateway/keys.ts'
import { findFile, hotelBookings } from '../../ingest/replay/data-folder.ts'
import { freePort, takePort } from '../../platform/ports.ts'
import { openStore } from '../../sql/store.ts'
import { silentLog } from '../../platform/log.ts'
import { until } from '../support/until.ts'
import { recount } from './recount.ts'

/** The whole product against a recount that shares nothing with it; see recount.ts. */

const root = resolve(import.meta.dirname, '../..')
const file = findFile(hotelBookings)
const capacities = { 'Resort Hotel': 320, 'City Hotel': 410 }
const flags = Object.entries(capacities).flatMap(([hotel, capacity]) => [
  '--capacity',
  `${hotel}=${capacity}`,
])
const minute = 60_000

interface Summary {
  readonly sent: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  readonly premises: unknown
}

/** Starts `npm run replay -- hotel-bookings --json` as the bootstrap does. */
function replay(args: readonly string[]) {
  const child = spawn(
    process.execPath,
    [join(root, 'ingest/replay/main.ts'), 'hotel-bookings', '--json', ...flags, ...args],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = new Promise<Summary>((done, fail) =>
    child.once('close', (code) => {
      if (code === 0) done(JSON.parse(out) as Summary)
      else fail(new Error(`replay ended with ${code}: ${err}`))
    }),
  )
  ended.catch(() => {})
  return { child, ended, progress: () => Number(/.*\| (\d+)\/75011/s.exec(err)?.[1] ?? 0) }
}

describe.skipIf(file === undefined)(
  `replaying the real hotel bookings${file === undefined ? ' (skipped: no REAL_DATA folder with hotel_bookings)' : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'daan-replay-'))
    const expected = { kept: 0, premises: [] as unknown[] }
    const children: ChildProcess[] = []

    beforeAll(() => {
      const { kept, hotels } = recount(file as string, capacities)
      expected.kept = kept
      expected.premises = [
        { id: 'resort-hotel', ...hotels['Resort Hotel'] },
        { id: 'city-hotel', ...hotels['City Hotel'] },
      ]
    })

    afterAll(() => {
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    })

    test('ends with the counts, peaks, peak days and findings of the recount; again, nothing changes', async () => {
      const dataDir = join(folder, 'twice')
      const first = await replay(['--data-dir', dataDir]).ended
      expect(first).toEqual({
        sent: expected.kept,
        accepted: expected.kept,
        duplicate: 0,
        rejected: 0,
        premises: expected.premises,
      })
      const before = await stored(dataDir)
      const second = await replay(['--data-dir', dataDir]).ended
      expect(second).toEqual({ ...first, accepted: 0, duplicate: expected.kept })
      expect(await stored(dataDir)).toEqual(before)
      expect(before).toMatchObject({ registrations: expected.kept, charted: expected.kept })
    }, 4 * minute) // prettier-ignore

    test('killed in the middle, started again and sent again, ends in the same summary', async () => {
      const dataDir = join(folder, 'killed')
      // Side by side, as by default: so the replay finds the dashboard by itself.
      const [port, ingestPort] = await neighbours()
      const natsPort = await freePort()
      const readyFile = join(folder, 'ready.json')
      const env = {
        ...process.env,
        CLOCK: 'events',
        DATA_DIR: dataDir,
        KEYS_FILE: join(dataDir, 'keys.json'),
        PORT: String(port),
        INGEST_PORT: String(ingestPort),
        NATS_PORT: String(natsPort),
        READY_FILE: readyFile,
      }
      const start = async (): Promise<{ pids: Record<string, number> }> => {
        const child = spawn(process.execPath, [join(root, 'platform/start.ts'), '--no-world'], {
          cwd: root,
          env,
          stdio: 'ignore',
        })
        children.push(child)
        return until('the instance to be ready', () => ready(readyFile), 60_000)
      }

      const instance = await start()
      const { key } = createKey(env.KEYS_FILE, { source: 'hotel-bookings', scopes: ['feeds', 'reference', 'volumes', 'read'] }) // prettier-ignore
      const to = ['--url', `http://127.0.0.1:${ingestPort}`, '--key', key]
      const cut = replay([...to, '--rate', '10000'])
      await until('a good part to be sent', () => cut.progress() > 20_000, 60_000)
      for (const pid of [...Object.values(instance.pids), cut.child.pid as number]) process.kill(pid, 'SIGKILL')
      rmSync(readyFile, { force: true })
      // A process that was killed holds its port until the system has taken its memory back; a start before that takes another.
      const ports = [port, ingestPort, natsPort]
      await until('the ports to be free', async () => (await Promise.all(ports.map(isFree))).every(Boolean), 60_000)

      await start()
      const summary = await replay(to).ended
      expect(summary).toMatchObject({ sent: expected.kept, rejected: 0, premises: expected.premises })
      expect(summary.duplicate).toBeGreaterThan(15_000)
      expect(summary.accepted + summary.duplicate).toBe(expected.kept)
      const last = children.at(-1) as ChildProcess
      const gone = new Promise((done) => last.once('exit', done))
      last.kill('SIGTERM')
      await gone
      expect(await stored(dataDir)).toMatchObject({ registrations: expected.kept, charted: expected.kept })
    }, 4 * minute) // prettier-ignore
  },
)

/** Two free ports, one after the other. */
async function neighbours(): Promise<[number, number]> {
  for (;;) {
    const port = await freePort()
    if (await isFree(port + 1)) return [port, port + 1]
  }
}

const isFree = async (port: number): Promise<boolean> =>
  (await takePort({ port, variable: '', what: '' }, '127.0.0.1', () => {})) === port

function ready(readyFile: string): { pids: Record<string, number> } | undefined {
  try {
    return JSON.parse(readFileSync(readyFile, 'utf8')) as { pids: Record<string, number> }
  } catch {
    return undefined
  }
}

/** What the store of a stopped instance holds: rows, what charts count, and every revision of an alert. */
async function stored(dataDir: string): Promise<Record<string, number>> {
  const store = await openStore({ path: join(dataDir, 'store'), log: silentLog })
  const one = async (sql: string): Promise<number> => Number((await store.query<{ n: string }>(sql))[0]?.n)
  const counts = {
    registrations: await one('SELECT count() AS n FROM registrations_current'),
    charted: await one(`SELECT sum(count) AS n FROM volumes_hourly FINAL WHERE feed = 'registrations'`),
    revisions: await one('SELECT count() AS n FROM alert_revisions FINAL'),
    open: await one(`SELECT count() AS n FROM alerts FINAL WHERE status = 'open'`),
  }
  await store.close()
  return counts
}
