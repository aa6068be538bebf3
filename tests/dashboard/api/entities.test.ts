import { tableFromIPC } from 'apache-arrow'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { brokenAt, beginning, hashOf } from '../../../dashboard/api/audit-chain.ts'
import { createAuditLog } from '../../../dashboard/api/audit-log.ts'
import { Audit } from '../../../dashboard/api/audit-shapes.ts'
import { withheldHeader } from '../../../dashboard/api/vocabulary.ts'
import { Companions } from '../../../dashboard/api/entity-shapes.ts'
import { Handover } from '../../../dashboard/api/handover-shapes.ts'
import { Evidence, Gaps, type Role } from '../../../dashboard/api/shapes.ts'
import { auditStream } from '../../../ingest/streams.ts'
import { hex64 } from '../../../platform/hash.ts'
import { silentLog } from '../../../platform/log.ts'
import { createArchive, type Archive } from '../../../sql/archive.ts'
import type { AuditMessage } from '../../../sql/audit-message.ts'
import { until } from '../../support/until.ts'
import { batchOf, hourMs, keyOf, monday, type TestRecord } from '../../sql/log-fixture.ts'
import { alertRow, revisionOf, startDashboard, type Dashboard } from './support.ts'

const dayMs = 24 * hourMs
const now = monday + 10 * dayMs
const [car, other, stranger, person] = ['c1', 'c2', 'c3', 'd1'].map((key) => key.padStart(16, '0')) as [
  string,
  string,
  string,
  string,
]
const why = { 'daan-purpose': 'investigation', 'daan-case': 'INV-7/2026' }
let dashboard: Dashboard
let archive: Archive

async function fill(feed: 'crossings' | 'sightings' | 'registrations', records: TestRecord[]): Promise<void> {
  await dashboard.store.insertArrow(feed, [batchOf(feed, records).bytes], `${feed}:${records[0]?.id}`)
}

beforeAll(async () => {
  dashboard = await startDashboard({ now: () => now })
  archive = createArchive({ lingerMs: 20 }, { nats: dashboard.nats, store: dashboard.store, log: silentLog })
  archive.start()
  const trips = Array.from({ length: 8 }, (_, i) => monday + i * dayMs)
  await fill('sightings', [
    ...trips.flatMap((at, i) => [
      { id: `car-${i}`, at, vehicle: car, site: i % 2 ? 'CAM-1' : 'CAM-2' },
      { id: `other-${i}`, at: at + 60_000, vehicle: other, site: i % 2 ? 'CAM-1' : 'CAM-2' },
    ]),
    // Somebody who passes both cameras all day long meets the car too.
    ...Array.from({ length: 400 }, (_, i) => ({
      id: `stranger-${i}`,
      at: monday + i * 30 * 60_000,
      vehicle: stranger,
      site: i % 2 ? 'CAM-1' : 'CAM-2',
    })),
    { id: 'long-ago', at: monday - 200 * dayMs, vehicle: car, site: 'CAM-1' },
  ])
  await fill('crossings', [
    { id: 'in', at: monday, traveller: person, vehicle: car, direction: 'entry' },
    { id: 'moved', at: monday + hourMs, traveller: person, site: 'S1' },
    { id: 'gone', at: monday + 2 * hourMs, traveller: person },
    { id: 'out', at: monday + dayMs, traveller: person, direction: 'exit' },
  ])
  await fill('crossings', [
    { id: 'moved', revision: 1, at: monday + hourMs, traveller: person, site: 'S2' },
    { id: 'gone', revision: 1, cancelled: true },
  ])
  await fill('registrations', [
    {
      id: 'stay',
      at: monday + 3 * hourMs,
      until: monday + 20 * hourMs,
      traveller: person,
      site: 'INN',
      people: 2,
    },
  ])
  await dashboard.store.insertRows(
    'alert_revisions',
    [
      alertRow(
        revisionOf({
          key: person,
          startAt: monday,
          endAt: monday + dayMs,
          revisedAt: monday + dayMs,
          events: ['in', 'out'].map((event) => hex64(keyOf(event))),
          evidence: { crossings: 4, vehicle: car },
        }),
      ),
    ],
    'alert',
  )
})
afterAll(async () => {
  await archive.stop()
  await dashboard.stop()
})

const cookies = new Map<Role, string>()
async function call(
  url: string,
  headers: Record<string, string> = why,
  role: Role = 'analyst',
  payload?: object,
) {
  const cookie = cookies.get(role) ?? (await dashboard.signIn(role))
  cookies.set(role, cookie)
  return dashboard.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url,
    headers: { cookie, 'sec-fetch-site': 'same-origin', ...headers },
    ...(payload === undefined ? {} : { payload }),
  })
}
async function journal(): Promise<AuditMessage[]> {
  const { state } = await dashboard.nats.jsm.streams.info(auditStream)
  const entries: AuditMessage[] = []
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const message = await dashboard.nats.jsm.streams.getMessage(auditStream, { seq })
    if (message !== null) entries.push(message.json<AuditMessage>())
  }
  return entries
}
const eventsOf = (payload: Uint8Array) =>
  tableFromIPC(payload)
    .toArray()
    .map((row) => row as Record<string, unknown>)

describe('the events of an entity', () => {
  let before: number
  beforeEach(async () => {
    before = (await journal()).length
  })

  test.each([
    [{}, 'daan-purpose'],
    [{ 'daan-purpose': 'curiosity', 'daan-case': 'INV-7' }, 'daan-purpose'],
    [{ 'daan-purpose': 'investigation' }, 'daan-case'],
    [{ 'daan-purpose': 'investigation', 'daan-case': '?' }, 'daan-case'],
  ])('are not shown for %j, and nothing is written down', async (headers, field) => {
    const answer = await call(`/api/entities/traveller/${person}/events`, headers)
    expect([answer.statusCode, answer.json()]).toMatchObject([403, { code: 'PURPOSE', field }])
    expect(await journal()).toHaveLength(before)
  })

  test('are those that hold now, latest first, over all feeds, and the look is written down', async () => {
    const answer = await call(`/api/entities/traveller/${person}/events`)
    expect(answer.statusCode).toBe(200)
    expect(
      eventsOf(answer.rawPayload).map(({ feed, site, kind, until_ms }) => [feed, site, kind, until_ms]),
    ).toEqual([
      ['crossings', 'S1', 'exit', 0],
      ['registrations', 'INN', '', monday + 20 * hourMs],
      ['crossings', 'S2', 'entry', 0],
      ['crossings', 'S1', 'entry', 0],
    ])
    const entries = await journal()
    expect(entries).toHaveLength(before + 1)
    expect(entries.at(-1)).toMatchObject({
      act: 'entity',
      role: 'analyst',
      keyspace: 'traveller',
      key: person,
      purpose: 'investigation',
      caseNumber: 'INV-7/2026',
    })
  })

  test('lead from a vehicle to who crossed in it; reads of long ago are a supervisor’s', async () => {
    const answer = await call(`/api/entities/vehicle/${car}/events`)
    const events = eventsOf(answer.rawPayload)
    expect(events.filter(({ feed }) => feed === 'sightings')).toHaveLength(8)
    expect(events.find(({ feed }) => feed === 'crossings')?.['with_hex']).toBe(person)
    expect(answer.headers[withheldHeader]).toBe('1')
    const admin = await call(`/api/entities/vehicle/${car}/events`, why, 'admin')
    expect(eventsOf(admin.rawPayload).filter(({ feed }) => feed === 'sightings')).toHaveLength(9)
    expect(admin.headers[withheldHeader]).toBe('0')
  })

  test('of a lodging name nobody, and need no purpose', async () => {
    const answer = await call('/api/entities/premises/INN/events', {})
    const [event, ...rest] = eventsOf(answer.rawPayload)
    expect(rest).toEqual([])
    expect(event).toMatchObject({ feed: 'registrations', people: 2, with_hex: '0'.repeat(16), detail: '' })
    expect(await journal()).toHaveLength(before)
  })

  test.each(['vehicle/xyz', 'traveller/0000000000000000', 'plate/c1'])('%s is no entity', async (path) => {
    expect((await call(`/api/entities/${path}/events`)).statusCode).toBe(400)
  })

  test('are not for leaders', async () => {
    expect((await call(`/api/entities/vehicle/${car}/events`, why, 'leader')).statusCode).toBe(403)
  })
})

test('who travels with a vehicle is told from who is everywhere', async () => {
  const answer = (await call(`/api/entities/vehicle/${car}/companions`)).json() as Companions
  expect([...Compile(Companions).Errors(answer)]).toEqual([])
  expect(answer.companions.map(({ key }) => key)).toEqual([other, stranger])
  const [first, second] = answer.companions
  expect(first).toMatchObject({ shared: 8, sites: 2, days: 8, ahead: 0 })
  expect(first?.expected).toBeLessThan(1)
  expect(first?.score).toBeGreaterThan(5)
  expect(second?.score).toBeLessThan(3)
  expect((await journal()).at(-1)).toMatchObject({ act: 'companions', key: car })
})

test('evidence of an alert about a traveller is a look as well; the alert is its case', async () => {
  const answer = await call('/api/alerts/00000000000000a1/evidence', {})
  expect([...Compile(Evidence).Errors(answer.json())]).toEqual([])
  expect((answer.json() as Evidence).found).toBe(2)
  expect((await journal()).at(-1)).toMatchObject({
    act: 'evidence',
    key: person,
    alertId: '00000000000000a1',
    purpose: 'triage',
    caseNumber: 'alert/00000000000000a1',
  })
})

test('gaps tell when a site of the alert fell silent, and not more than was known then', async () => {
  const minutes = Array.from({ length: 60 }, (_, i) => ({
    id: `flow-${i}`,
    site: 'S9',
    at: monday + (i < 30 ? i : i + 300) * 60_000,
  }))
  await fill('crossings', minutes)
  const answer = (await call('/api/alerts/00000000000000a1/gaps?sites=S9')).json() as Gaps
  expect([...Compile(Gaps).Errors(answer)]).toEqual([])
  expect(answer.gaps.map(({ site, from, to }) => [site, from - monday, to - monday])).toEqual([
    ['S9', 29 * 60_000, 330 * 60_000],
    ['S9', 359 * 60_000, dayMs],
  ])
})

describe('a package for another agency', () => {
  const body = {
    recipient: 'Embassy of Utopia',
    purpose: 'victim-protection',
    caseNumber: 'C-1',
    marking: 'restricted',
    days: 30,
  }

  test('holds the fewest fields, its marking and expiry, and a hash of all', async () => {
    const answer = await call('/api/alerts/00000000000000a1/handover', {}, 'analyst', body)
    const made = answer.json() as Handover
    expect([...Compile(Handover).Errors(made)]).toEqual([])
    expect(made.expiresAt - made.madeAt).toBe(30 * dayMs)
    expect(made.alert.numbers).toEqual({ crossings: 4 })
    expect(made.records.map(({ kind }) => kind)).toEqual(['entry', 'exit'])
    expect(answer.body).not.toContain(person)
    expect(answer.body).not.toContain(car)
    expect(answer.body).not.toMatch(/nationality|birth|"sex"/)
    expect((await journal()).at(-1)).toMatchObject({
      act: 'handover',
      purpose: 'victim-protection',
      caseNumber: 'C-1',
      detail: `${made.packageId} Embassy of Utopia`,
    })
  })

  test('of a welfare alert is marked so, and nothing else', async () => {
    const alertId = '00000000000000b2'
    await dashboard.store.insertRows(
      'alert_revisions',
      [alertRow(revisionOf({ alertId, class: 'welfare' }))],
      'w',
    )
    const refused = await call(`/api/alerts/${alertId}/handover`, {}, 'analyst', body)
    expect(refused.json()).toMatchObject({ code: 'INPUT', field: 'marking' })
    const made = await call(`/api/alerts/${alertId}/handover`, {}, 'analyst', { ...body, marking: 'victim' })
    expect((made.json() as Handover).notice.en).toContain('victim')
  })
})

describe('the audit journal', () => {
  test('is a chain that two writers keep whole, and the store has it', async () => {
    const { js, jsm } = dashboard.nats
    const writers = [createAuditLog({ js, jsm }), createAuditLog({ js, jsm })]
    const look = {
      actor: 'a',
      role: 'analyst',
      act: 'entity',
      keyspace: 'vehicle',
      key: car,
      alertId: '',
    } as const
    const more = { purpose: 'quality', caseNumber: 'Q-1', detail: '' }
    await Promise.all(Array.from({ length: 8 }, (_, i) => writers[i % 2]?.write({ ...look, ...more })))
    const entries = await journal()
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, i) => i + 1))
    expect(brokenAt(entries)).toBe(null)
    const audit = await until('the store has them', async () => {
      const answer = (await call('/api/audit?limit=1000', {}, 'admin')).json() as Audit
      return answer.entries.length === entries.length && answer
    })
    expect([...Compile(Audit).Errors(audit)]).toEqual([])
    expect(
      ((await call('/api/audit?limit=2&before=4', {}, 'admin')).json() as Audit).entries.map((e) => e.number),
    ).toEqual([3, 2])
    expect((await call('/api/audit', {}, 'analyst')).statusCode).toBe(403)
  })

  test.each([
    [
      'a changed entry',
      (all: AuditMessage[]) => all.with(2, { ...(all[2] as AuditMessage), caseNumber: 'X' }),
      3,
    ],
    ['a missing one', (all: AuditMessage[]) => all.toSpliced(1, 1), 3],
    ['one in another place', (all: AuditMessage[]) => [all[1], all[0], all[2]] as AuditMessage[], 1],
    [
      'one whose hash was made anew',
      (all: AuditMessage[]) => {
        const changed = { ...(all[1] as AuditMessage), key: 'other' }
        return all.with(1, { ...changed, hash: hashOf(changed) })
      },
      3,
    ],
  ])('shows %s', (_, change, at) => {
    let previous = beginning
    const entries = [1, 2, 3, 4].map((number) => {
      const entry = {
        number,
        at: number,
        actor: 'a',
        role: 'analyst',
        act: 'entity',
        keyspace: 'vehicle',
        key: 'k',
        alertId: '',
        purpose: 'p',
        caseNumber: 'c',
        detail: '',
        previous,
      } as const
      previous = hashOf(entry)
      return { ...entry, hash: previous }
    })
    expect(brokenAt(entries)).toBe(null)
    expect(brokenAt(change(entries))).toBe(at)
  })
})
