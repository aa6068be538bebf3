import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TableName } from '../../../ingest/feeds/log-subjects.ts'
import { createKey } from '../../../ingest/gateway/keys.ts'
import { silentLog } from '../../../platform/log.ts'
import { connectNats, type Nats } from '../../../platform/nats.ts'
import { startNats } from '../../support/nats-server.ts'
import { crossing, messagesIn, pseudonyms, registration, rowsOf, runIngest, sighting } from '../support.ts'

type Running = Awaited<ReturnType<typeof runIngest>>

let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats
let ingest: Running
let serial = 0
/** An id that no other test uses. */
const fresh = (): string => `t-${serial++}`

beforeAll(async () => {
  server = await startNats()
  ingest = await runIngest(server.url)
  nats = await connectNats(server.url, { log: silentLog, name: 'test' })
})
afterAll(async () => {
  await nats.close()
  await ingest.close()
  ingest.remove()
  await server.stop()
})

describe('records sent over HTTP', () => {
  it('are taken as one object, an array or lines, and stored before the answer', async () => {
    const ids = [fresh(), fresh(), fresh(), fresh(), fresh()]
    const [one, two, three, four, five] = ids.map((id) => crossing({ id }))
    expect((await ingest.send('/v1/feeds/crossings', one)).body).toMatchObject({ accepted: 1, rejected: 0 })
    expect((await ingest.send('/v1/feeds/crossings', [two, three])).body.accepted).toBe(2)
    const lines = `${JSON.stringify(four)}\r\n\n${JSON.stringify(five)}`
    const answer = await ingest.send('/v1/feeds/crossings', lines, { 'content-type': 'application/x-ndjson' })
    expect(answer.body).toEqual({
      accepted: 2,
      duplicate: 0,
      rejected: 0,
      verdicts: [
        { index: 0, id: ids[3], verdict: 'accepted' },
        { index: 1, id: ids[4], verdict: 'accepted' },
      ],
    })
    const stored = (await rowsOf(nats, 'crossings')).map((row) => row['event_id'])
    expect(stored).toEqual(expect.arrayContaining(ids.map((id) => `test:${id}`)))
  })

  it('get a verdict each: what is wrong with one does not touch the others', async () => {
    const [good, twice, gone] = [fresh(), fresh(), fresh()]
    const answer = await ingest.send(
      '/v1/feeds/crossings',
      [
        JSON.stringify(crossing({ id: good })),
        '{"id": "broken"',
        JSON.stringify(crossing({ id: twice })),
        JSON.stringify(crossing({ id: twice })),
        JSON.stringify(crossing({ id: twice, site: 'ELSEWHERE' })),
        JSON.stringify(crossing({ id: twice, site: 'ELSEWHERE', revision: 1 })),
        JSON.stringify(crossing({ id: twice })),
        JSON.stringify(crossing({ id: fresh(), at: new Date(Date.now() + 400_000).toISOString() })),
        JSON.stringify(crossing({ id: fresh(), hat: 'red' })),
        JSON.stringify(crossing({ id: fresh(), mode: 'x'.repeat(20_000) })),
        JSON.stringify(crossing({ id: fresh(), nationality: 5 })),
        JSON.stringify({ id: gone, revision: 3, cancelled: true }),
      ].join('\n'),
      { 'content-type': 'application/x-ndjson' },
    )
    expect(answer.status).toBe(200)
    expect(answer.body.verdicts.map(({ verdict, reason, field }) => [verdict, reason, field])).toEqual([
      ['accepted', undefined, undefined],
      ['rejected', 'malformed', ''],
      ['accepted', undefined, undefined],
      ['duplicate', undefined, undefined],
      ['rejected', 'id-reused', 'id'],
      ['accepted', undefined, undefined],
      ['duplicate', undefined, undefined],
      ['rejected', 'from-future', 'at'],
      ['rejected', 'unknown-field', 'hat'],
      ['rejected', 'oversized', ''],
      ['rejected', 'wrong-type', 'nationality'],
      ['accepted', undefined, undefined],
    ])
    expect(answer.body).toMatchObject({ accepted: 4, duplicate: 2, rejected: 6 })
  })

  it('are in the log once, however often they arrive at the same time', async () => {
    const record = sighting({ id: fresh() })
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => (await ingest.send('/v1/feeds/sightings', [record])).body),
    )
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1)
    expect(answers.reduce((sum, { duplicate }) => sum + duplicate, 0)).toBe(19)
    const rows = await rowsOf(nats, 'sightings')
    expect(rows.filter((row) => row['event_id'] === `test:${String(record['id'])}`)).toHaveLength(1)
  })

  it('share a message when they arrive together', async () => {
    const before = (await messagesIn(nats, 'EVENTS', 'events.registrations')).length
    const records = Array.from({ length: 3_000 }, () => registration({ id: fresh() }))
    await Promise.all([
      ingest.send('/v1/feeds/registrations', records.slice(0, 1_500)),
      ingest.send('/v1/feeds/registrations', records.slice(1_500)),
    ])
    const messages = (await messagesIn(nats, 'EVENTS', 'events.registrations')).slice(before)
    expect(messages.length).toBeLessThan(100)
    expect(messages.every(({ id }) => /^b:[0-9a-f]{16}$/.test(id))).toBe(true)
  })

  it('may come packed, and the verdicts of those taken may be left out', async () => {
    const body = gzipSync(JSON.stringify([crossing({ id: fresh() }), 5]))
    const answer = await ingest.send('/v1/feeds/crossings?verdicts=rejected', body, {
      'content-encoding': 'gzip',
    })
    expect(answer.body).toMatchObject({
      accepted: 1,
      rejected: 1,
      verdicts: [{ index: 1, reason: 'not-an-object' }],
    })
  })

  it('are kept encrypted when they are rejected, each refusal once', async () => {
    const record = crossing({ id: fresh(), documentNumber: 'SECRET77', hat: 'red' })
    for (let i = 0; i < 2; i++) await ingest.send('/v1/feeds/crossings', record)
    const kept = (await messagesIn(nats, 'REJECTED', 'rejected.crossings'))
      .map(({ data }) => JSON.parse(Buffer.from(data).toString()) as Record<string, string>)
      .filter(({ id }) => id === record['id'])
    expect(kept).toHaveLength(1)
    expect(kept[0]).toMatchObject({
      source: 'test',
      feed: 'crossings',
      reason: 'unknown-field',
      field: 'hat',
    })
    expect(JSON.stringify(kept)).not.toContain('SECRET77')
    expect(() => pseudonyms.openRecord(kept[0]?.['sealed'] ?? '')).toThrow()
  })
})

describe('a request as a whole is refused', () => {
  const headers = { 'content-type': 'application/json' }
  it.each([
    ['an empty body', '', headers, 400, 'EMPTY_BODY'],
    ['an array that does not end', '[{}', headers, 400, 'BROKEN_ARRAY'],
    ['more than 10,000 records', `[${'1,'.repeat(10_000)}1]`, headers, 413, 'TOO_MANY_RECORDS'],
    ['more than 8 MiB', Buffer.alloc(8 * 1024 ** 2 + 1, 32), headers, 413, 'BODY_TOO_LARGE'],
    [
      'a bomb',
      gzipSync(Buffer.alloc(100 * 1024 ** 2)),
      { 'content-encoding': 'gzip' },
      413,
      'BODY_TOO_LARGE',
    ],
    ['half a gzip', gzipSync('[]').subarray(0, 12), { 'content-encoding': 'gzip' }, 400, 'BROKEN_GZIP'],
    ['another packing', '[]', { 'content-encoding': 'br' }, 415, 'ENCODING'],
    ['plain text', '[]', { 'content-type': 'text/plain' }, 415, 'MEDIA_TYPE'],
    ['a form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'MEDIA_TYPE'],
    ['no key', '[]', { authorization: '' }, 401, 'NO_KEY'],
    ['a wrong key', '[]', { authorization: `Bearer daan_${'A'.repeat(43)}` }, 401, 'NO_KEY'],
  ] as const)('for %s', async (_what, body, headers, status, code) => {
    const answer = await ingest.send('/v1/feeds/crossings', body, headers)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ code, message: expect.any(String), fix: expect.any(String) })
  })

  it('for a key without the scope', async () => {
    const { key } = createKey(`${ingest.folder}/keys.json`, { source: 'other', scopes: ['feeds'] })
    const answer = await ingest.send('/v1/volumes', '[]', { authorization: `Bearer ${key}` })
    expect([answer.status, answer.body.code]).toEqual([403, 'NO_SCOPE'])
  })

  it('for a feed that does not exist', async () => {
    expect((await ingest.send('/v1/feeds/passengers', '[]')).status).toBe(404)
  })
})

describe('reference data and counted volumes', () => {
  const site = {
    id: 'S',
    name: 'Site',
    validFrom: '2026-01-01',
    source: 'decree 12',
    owner: 'desk',
    capacity: 7,
  }

  it('go into the log, all rows of a request or none', async () => {
    expect((await ingest.send('/v1/reference/premises', { rows: [site] })).body).toEqual({ accepted: 1 })
    const messages = await messagesIn(nats, 'EVENTS', 'events.reference')
    const last = messages.at(-1)
    expect(last?.id).toMatch(/^ref:premises:[0-9a-f]{64}$/)
    expect(JSON.parse(Buffer.from(last?.data ?? []).toString())).toMatchObject({
      table: 'premises',
      rows: [{ ...site, validTo: null }],
    })
    const bad = await ingest.send('/v1/reference/premises', [site, { ...site, validFrom: '2026-02-30' }])
    expect([bad.status, bad.body.code]).toEqual([400, 'BAD_ROW'])
    expect(await messagesIn(nats, 'EVENTS', 'events.reference')).toHaveLength(messages.length)
  })

  it.each([
    ['a date that does not exist', { validFrom: '2026-02-30' }],
    ['an end before the start', { validTo: '2025-12-31' }],
    ['a nested field', { hours: { mon: 1 } }],
    ['no owner', { owner: undefined }],
    ['a capacity as text', { capacity: '7' }],
  ])('are refused with %s', async (_what, fields) => {
    expect((await ingest.send('/v1/reference/sites', [{ ...site, ...fields }])).status).toBe(400)
  })

  it.each<[TableName, object, object]>([
    ['hours', { id: 'S', hours: '06:00-22:00', reason: 'usual' }, { hours: '6-22' }],
    ['districts', { id: 'Tak/Mae Sot', zone: 'border', highRisk: true }, { zone: 'frontier' }],
    ['stays', { id: '*:passport', days: 60, basis: 'visa' }, { id: 'thai:passport' }],
    ['passRules', { id: 'MMR:border-pass', days: 14, districts: 'Tak' }, { id: 'MMR:visa' }],
    ['holidays', { id: '2026-04-13', name: 'Songkran', nameTh: 'สงกรานต์' }, { id: 'Songkran' }],
    [
      'cameras',
      { id: 'CAM', route: 'R', order: 1, heading: 'both', flowDay: 9, flowNight: 2 },
      { flowDay: -1 },
    ],
  ])('%s are checked, kept and given back', async (table, fields, wrong) => {
    const row = { validFrom: '2026-01-01', validTo: null, source: 'decree 12', owner: 'desk', ...fields }
    expect((await ingest.send(`/v1/reference/${table}`, [{ ...row, ...wrong }])).status).toBe(400)
    expect((await ingest.send(`/v1/reference/${table}`, [row])).body).toEqual({ accepted: 1 })
    expect(await ingest.get(`/v1/reference/${table}`)).toEqual({ status: 200, body: { table, rows: [row] } })
    const later = { ...row, validFrom: '2026-06-01' }
    await ingest.send(`/v1/reference/${table}`, [later])
    const id = encodeURIComponent((row as unknown as { id: string }).id)
    expect((await ingest.get(`/v1/reference/${table}?id=${id}`)).body).toEqual({ table, rows: [row, later] })
    expect((await ingest.get(`/v1/reference/${table}?id=none`)).body).toEqual({ table, rows: [] })
  })

  it('are given to keys of their scope alone, and rows of watchlists are not taken', async () => {
    expect((await fetch(`${ingest.url}/v1/reference/hours`)).status).toBe(401)
    expect((await ingest.send('/v1/reference/watchlists', [site])).status).toBe(404)
  })

  it('carry the source of the key and a start in ms', async () => {
    const row = {
      feed: 'crossings',
      site: 'HK',
      at: '2026-01-01T00:00:00+08:00',
      spanMs: 86_400_000,
      count: 12,
    }
    expect((await ingest.send('/v1/volumes', [{ ...row, kind: 'entry' }])).body).toEqual({ accepted: 1 })
    const message = (await messagesIn(nats, 'EVENTS', 'events.volumes')).at(-1)
    expect(JSON.parse(Buffer.from(message?.data ?? []).toString())).toMatchObject({
      source: 'test',
      rows: [{ ...row, kind: 'entry', at: Date.UTC(2025, 11, 31, 16) }],
    })
    expect((await ingest.send('/v1/volumes', [{ ...row, count: -1 }])).status).toBe(400)
    expect((await ingest.send('/v1/volumes', 'null')).status).toBe(400)
  })
})

const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(ingest.url + path, { headers })

describe('the gateway says', () => {
  it('what it takes', async () => {
    const about = (await (await get('/v1')).json()) as { feeds: { schema: string }[] }
    for (const { schema } of about.feeds) {
      const found = (await (await get(schema)).json()) as { type: string; properties: object }
      expect(found.type).toBe('object')
      expect(Object.keys(found.properties)).toContain('id')
    }
  })

  it('whether it lives and is ready', async () => {
    expect((await get('/health/live')).status).toBe(200)
    expect(await (await get('/health/ready')).json()).toMatchObject({ ready: true })
  })

  it('its numbers, to this machine or to a key', async () => {
    expect(await (await get('/metrics')).text()).toContain('daan_ingest_accepted_total{feed="crossings"')
    const proxied = { 'x-forwarded-for': '192.0.2.1' }
    expect((await get('/metrics', proxied)).status).toBe(401)
    expect((await get('/metrics', { ...proxied, authorization: `Bearer ${ingest.key}` })).status).toBe(200)
  })
})
