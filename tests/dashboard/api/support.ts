import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { Registry } from 'prom-client'
import { AlertFeed } from '../../../dashboard/api/alert-feed.ts'
import { createAuditLog } from '../../../dashboard/api/audit-log.ts'
import { buildApp, type AppOptions } from '../../../dashboard/api/app.ts'
import { createLogin } from '../../../dashboard/api/logins.ts'
import { NameBook } from '../../../dashboard/api/name-book.ts'
import { Cube } from '../../../dashboard/cube/cube.ts'
import { namesFrom } from '../../../dashboard/api/name-source.ts'
import { createReader } from '../../../dashboard/api/reader.ts'
import { TriageFeed } from '../../../dashboard/api/triage-feed.ts'
import { createTriageLog } from '../../../dashboard/api/triage-log.ts'
import type { Role } from '../../../dashboard/api/shapes.ts'
import { streamSettings } from '../../../ingest/streams.ts'
import { watchHeartbeats } from '../../../platform/heartbeat.ts'
import { silentLog } from '../../../platform/log.ts'
import { connectNats, ensureStreams, type Nats } from '../../../platform/nats.ts'
import type { AlertCommit, AlertRevision } from '../../../processors/alert.ts'
import { migrate } from '../../../sql/migrate.ts'
import ping from '../../../sql/queries/ping.ts'
import { openStore, type Row, type Store } from '../../../sql/store.ts'
import { startNats } from '../../support/nats-server.ts'

/** The key that tests call with, and its scope. */
export const readKey = 'daan_test-key-with-read'
export const feedsKey = 'daan_test-key-without-read'

export interface Dashboard {
  readonly app: FastifyInstance
  readonly store: Store
  readonly nats: Nats
  readonly dataDir: string
  /** Signs in and gives the cookie header. */
  signIn(role: Role): Promise<string>
  get(url: string, role?: Role, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  inject(options: InjectOptions): Promise<LightMyRequestResponse>
  publish(commit: Partial<AlertCommit> & { revisions: readonly AlertRevision[] }): Promise<number>
  stop(): Promise<void>
}

/** A dashboard on a NATS server and an embedded store of its own, empty; `now` is the clock of the log. */
export async function startDashboard(
  options: Partial<AppOptions> & { now?: () => number } = {},
): Promise<Dashboard> {
  const dataDir = mkdtempSync(join(tmpdir(), 'daan-dashboard-'))
  const server = await startNats()
  const nats = await connectNats(server.url, { log: silentLog, name: 'test' })
  await ensureStreams(nats, streamSettings(), 1)
  const store = await openStore({ path: join(dataDir, 'store'), log: silentLog })
  await migrate(store, { log: silentLog })
  const connection = await store.reader()
  const reader = createReader(connection)
  const names = new NameBook(namesFrom(reader))
  const feed = new AlertFeed({}, { js: nats.js, jsm: nats.jsm, log: silentLog })
  await feed.start()
  const triageFeed = new TriageFeed({ js: nats.js, log: silentLog })
  triageFeed.start()
  const cube = new Cube({ freshMs: 0 }, { reader, log: silentLog })
  await cube.fill()
  const heartbeats = watchHeartbeats(nats)
  const { now = Date.now, ...rest } = options
  const app = await buildApp(
    {
      dataDir,
      timeZone: 'Asia/Bangkok',
      clock: 'wall',
      version: '0.0.0',
      standalone: true,
      expectRoles: [],
      webRoot: join(dataDir, 'web'),
      ...rest,
    },
    {
      reader,
      names,
      cube,
      feed,
      triage: createTriageLog({ js: nats.js, reader }),
      triageFeed,
      audit: createAuditLog({ js: nats.js, jsm: nats.jsm }),
      log: silentLog,
      jsm: nats.jsm,
      registry: new Registry(),
      sessionSecret: randomBytes(32),
      now: async () => now(),
      roles: () => heartbeats.seen(),
      pingStore: () => reader.rows(ping, {}),
      pingNats: () => nats.connection.flush(),
      keys: {
        find: (authorization) =>
          authorization === `Bearer ${readKey}`
            ? { id: 'test', scopes: ['read'] }
            : authorization === `Bearer ${feedsKey}`
              ? { id: 'other', scopes: ['feeds'] }
              : undefined,
      },
    },
  )
  const cookies = new Map<Role, string>()
  const signIn = async (role: Role): Promise<string> => {
    const token = await createLogin(dataDir, { role })
    const answer = await app.inject(`/login?token=${token}`)
    return String(answer.headers['set-cookie']).split(';')[0] as string
  }
  return {
    app,
    store,
    nats,
    dataDir,
    signIn,
    get: async (url, role = 'analyst', headers = {}) => {
      const cookie = cookies.get(role) ?? (await signIn(role))
      cookies.set(role, cookie)
      return app.inject({ url, headers: { ...headers, cookie } })
    },
    inject: (request) => app.inject(request),
    publish: async (commit) => {
      const whole: AlertCommit = {
        slice: '1-of-1',
        epoch: 1,
        rules: '',
        toSeq: 1,
        emitted: 0,
        chain: '',
        ...commit,
      }
      return (await nats.js.publish('alerts.1-of-1', JSON.stringify(whole))).seq
    },
    stop: async () => {
      await app.close()
      await feed.stop()
      await triageFeed.stop()
      heartbeats.stop()
      await connection.close()
      await store.close()
      await nats.close()
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** An alert about a traveller, unless said otherwise. */
export function revisionOf(given: Partial<AlertRevision> = {}): AlertRevision {
  return {
    alertId: '00000000000000a1',
    revision: 1,
    status: 'open',
    rule: 'repeated-crossings',
    ruleVersion: '11112222',
    class: 'investigate',
    measure: 2,
    severity: 'high',
    keyspace: 'traveller',
    key: '00000000000000ff',
    site: 'CP-1',
    startAt: 1_000,
    endAt: 2_000,
    raisedAt: 3_000,
    revisedAt: 3_000,
    sentence: { en: 'One document crossed 4 times.', th: 'เอกสารหนึ่งข้าม 4 ครั้ง' },
    evidence: { crossings: 4 },
    events: ['0000000000000001'],
    reason: '',
    logSeq: 7,
    ...given,
  }
}

/** The same as a row of `alert_revisions`. */
export function alertRow(revision: AlertRevision, commitSeq = 1): Row {
  return {
    alert_id: revision.alertId,
    revision: revision.revision,
    status: revision.status,
    rule: revision.rule,
    rule_version: revision.ruleVersion,
    class: revision.class,
    measure: revision.measure,
    severity: revision.severity,
    keyspace: revision.keyspace,
    key: revision.key,
    site: revision.site,
    start_at: new Date(revision.startAt),
    end_at: new Date(revision.endAt),
    raised_at: new Date(revision.raisedAt),
    revised_at: new Date(revision.revisedAt),
    sentence_en: revision.sentence.en,
    sentence_th: revision.sentence.th,
    evidence: JSON.stringify(revision.evidence),
    events: revision.events.map((event) => BigInt(`0x${event}`)),
    reason: revision.reason,
    log_seq: revision.logSeq,
    slice: '1-of-1',
    commit_seq: commitSeq,
  }
}

/** A row of `volumes_hourly`; `hour` in ISO. */
export function volumeRow(given: {
  feed?: string
  site: string
  hour: string
  kind?: string
  origin?: string
  span_hours?: number
  count: number
  people?: number
}): Row {
  return {
    feed: given.feed ?? 'crossings',
    hour: given.hour.replace('T', ' ').replace('Z', ''),
    site: given.site,
    kind: given.kind ?? '',
    origin: given.origin ?? 'recomputed',
    span_hours: given.span_hours ?? 1,
    count: given.count,
    people: given.people ?? given.count,
    computed_at: new Date(0),
    version: 1,
  }
}

/** Inserts rows of the charts by the hour, and of the records among them what says when their feeds reported. */
export async function insertVolumes(store: Store, rows: readonly Row[], token: string): Promise<void> {
  await store.insertRows('volumes_hourly', rows, token)
  const recorded = rows.filter(({ origin, count }) => origin === 'recomputed' && Number(count) > 0)
  await store.insertRows(
    'area_hours',
    recorded.map(({ feed, hour, site, count, version }) => ({
      feed: feed ?? null,
      hour: hour ?? null,
      province: site ?? null,
      zone: '',
      count: count ?? null,
      version: version ?? null,
    })),
    `areas:${token}`,
  )
}
