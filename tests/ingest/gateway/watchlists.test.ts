import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyChange, createReference, type Reference } from '../../../ingest/reference/reference.ts'
import type { ReferenceChange, ReferenceRow } from '../../../ingest/feeds/log-subjects.ts'
import { hex64 } from '../../../platform/hash.ts'
import { silentLog, type Log } from '../../../platform/log.ts'
import { connectNats, type Nats } from '../../../platform/nats.ts'
import { startNats } from '../../support/nats-server.ts'
import { crossing, messagesIn, rowsOf, runIngest, sighting } from '../support.ts'

let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats
let ingest: Awaited<ReturnType<typeof runIngest>>
const lines: string[] = []

beforeAll(async () => {
  server = await startNats()
  const write = (fields: unknown, message: string, error?: unknown): void =>
    void lines.push(JSON.stringify(fields) + message + (error instanceof Error ? error.stack : ''))
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log }
  ingest = await runIngest(server.url, { log })
  nats = await connectNats(server.url, { log: silentLog, name: 'test' })
})
afterAll(async () => {
  await nats.close()
  await ingest.close()
  ingest.remove()
  await server.stop()
})

const terms = {
  list: 'stolen',
  validFrom: '2026-01-01',
  validTo: '2026-07-01',
  source: 'warrant 3/2026',
  owner: 'desk 4',
}
const document = (entry: string, documentNumber: string, more: object = {}): object => ({
  entry,
  kind: 'document',
  documentType: 'passport',
  documentNumber,
  nationality: 'GBR',
  ...terms,
  ...more,
})
const plate = (entry: string, text: string, more: object = {}): object => ({
  entry,
  kind: 'plate',
  plate: text,
  plateProvince: 'Tak',
  ...terms,
  ...more,
})

/** The reference data of the log, as the engine has it. */
async function logged(): Promise<Reference> {
  const reference = createReference()
  for (const { data } of await messagesIn(nats, 'EVENTS', 'events.reference'))
    applyChange(reference, JSON.parse(Buffer.from(data).toString()) as ReferenceChange)
  return reference
}

const at = Date.parse('2026-02-01T00:00:00Z')

/** Entries that hold for a token. */
async function listed(token: unknown, when = at): Promise<ReferenceRow[]> {
  return (await logged()).watchlists
    .spans(hex64(token as bigint))
    .filter(({ from, to }) => from <= when && when < to)
    .map(({ row }) => row)
}

async function tokenOf(feed: 'crossings' | 'sightings', record: object, column: string): Promise<unknown> {
  const { id } = record as { id: string }
  expect((await ingest.send(`/v1/feeds/${feed}`, record)).body.accepted).toBe(1)
  return (await rowsOf(nats, feed)).find((row) => row['event_id'] === `test:${id}`)?.[column]
}

describe('an entry of a watchlist', () => {
  it('meets the document that a checkpoint sends, however it is written', async () => {
    expect((await ingest.send('/v1/watchlists', [document('D-1', 'xy<98765')])).body).toMatchObject({
      accepted: 1,
      tokens: 1,
    })
    const token = await tokenOf('crossings', crossing({ id: 'w1', documentNumber: 'XY-98765' }), 'traveller')
    expect(await listed(token)).toMatchObject([
      {
        entry: 'D-1',
        list: 'stolen',
        kind: 'document',
        score: 1,
        variant: 'exact',
        source: 'warrant 3/2026',
      },
    ])
    const other = await tokenOf(
      'crossings',
      crossing({ id: 'w2', documentNumber: 'XY-98765', nationality: 'FRA' }),
      'traveller',
    )
    expect(await listed(other)).toEqual([])
  })

  it.each([
    ['the plate itself', { plate: '7กข-5678' }, 1, 'exact'],
    ['one character unread', { plate: '7กข 56?8' }, 0.8, 'unread'],
    ['two characters unread', { plate: '?กข 56?8' }, 0.64, 'unread'],
    ['a look-alike', { plate: '7ถข 5678' }, 0.6, 'look-alike'],
    ['the province unread', { plate: '7กข 5678', plateProvince: undefined }, 0.7, 'province'],
    ['another province', { plate: '7กข 5678', plateProvince: 'Chiang Rai' }, undefined, undefined],
    ['another plate', { plate: '7กข 5679' }, undefined, undefined],
  ])('meets %s of a plate', async (what, fields, score, variant) => {
    await ingest.send('/v1/watchlists', [plate('P-1', '7กข 5678')])
    const token = await tokenOf(
      'sightings',
      sighting({ id: what.replaceAll(' ', '-'), ...fields }),
      'vehicle',
    )
    const rows = await listed(token)
    expect(rows.map((row) => [row['score'], row['variant']])).toEqual(
      score === undefined ? [] : [[score, variant]],
    )
  })

  it('of two lists names one token twice, and one taken back leaves the other', async () => {
    await ingest.send('/v1/watchlists', [
      document('A', 'TWICE1'),
      document('B', 'TWICE1', { list: 'warrants' }),
    ])
    const token = await tokenOf('crossings', crossing({ id: 'w3', documentNumber: 'TWICE1' }), 'traveller')
    expect((await listed(token)).map((row) => row['list'])).toEqual(['stolen', 'warrants'])
    expect(await ingest.take('/v1/watchlists/B?mistaken=true')).toMatchObject({ body: { ended: 1 } })
    expect((await listed(token)).map((row) => row['list'])).toEqual(['stolen'])
  })

  it('that is taken back ends at that moment, and what came before stands', async () => {
    await ingest.send('/v1/watchlists', [
      document('E', 'ENDED1', { validTo: '2027-01-01', validFrom: '2026-01-01' }),
    ])
    const token = await tokenOf('crossings', crossing({ id: 'w4', documentNumber: 'ENDED1' }), 'traveller')
    const before = Date.now()
    await ingest.take('/v1/watchlists/E')
    expect(await listed(token, before - 1_000)).toHaveLength(1)
    expect(await listed(token, Date.now() + 1_000)).toHaveLength(0)
    expect((await ingest.take('/v1/watchlists/none')).status).toBe(404)
  })

  it('that is sent again is what was sent last', async () => {
    await ingest.send('/v1/watchlists', [plate('P-2', '9ฮฮ 1111')])
    await ingest.send('/v1/watchlists', [plate('P-2', '9ฮฮ 2222', { validTo: '2026-03-01' })])
    const rows = (await logged()).watchlists.rows().filter((row) => row['entry'] === 'P-2')
    const held = rows.filter((row) => row.validFrom !== row.validTo)
    expect(new Set(held.map((row) => row.validTo))).toEqual(new Set(['2026-03-01']))
    expect(held.length).toBeLessThan(rows.length)
    const shown = (await ingest.get('/v1/watchlists')).body as { entries: Record<string, unknown>[] }
    expect(shown.entries.find(({ entry }) => entry === 'P-2')).toEqual({
      ...terms,
      entry: 'P-2',
      kind: 'plate',
      note: '',
      validTo: '2026-03-01',
      tokens: held.length,
    })
  })

  it.each<[string, object, string]>([
    ['no end', document('X', 'AB1', { validTo: undefined }), '0'],
    ['an end years ahead', document('X', 'AB1', { validTo: '2030-01-01' }), '0.validTo'],
    ['an end before its start', document('X', 'AB1', { validTo: '2025-01-01' }), '0.validTo'],
    ['a document without nationality', document('X', 'AB1', { nationality: undefined }), '0.nationality'],
    ['a Thai plate without province', plate('X', '1กข 1', { plateProvince: undefined }), '0.plateProvince'],
    ['a plate that was not read', plate('X', '1กข 12?4'), '0.plate'],
    ['a plate of a document', document('X', 'AB1', { kind: 'plate' }), '0.plate'],
    ['the number as its name', document('SECRETDOC7', 'SECRETDOC7'), '0.entry'],
    ['the number in its note', document('X', 'SECRETDOC7', { note: 'see secret-doc7' }), '0.note'],
    ['the plate in its note', plate('X', '8ฉฉ 8888', { note: 'white 8ฉฉ-8888' }), '0.note'],
    ['a field that is none', document('X', 'AB1', { SECRETDOC7: 1 }), '0'],
  ])('is refused with %s', async (_, entry, field) => {
    const before = await messagesIn(nats, 'EVENTS', 'events.reference')
    const answer = await ingest.send('/v1/watchlists', [entry])
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'BAD_ROW', field }])
    expect(await messagesIn(nats, 'EVENTS', 'events.reference')).toHaveLength(before.length)
    expect(JSON.stringify(answer.body)).not.toMatch(/SECRETDOC7|8ฉฉ/)
  })

  it('is for keys of the scope', async () => {
    for (const method of ['GET', 'POST'])
      expect((await fetch(`${ingest.url}/v1/watchlists`, { method })).status).toBe(401)
  })

  it('leaves no number in the log, a subject, an answer or a line of the log file', async () => {
    const secrets = ['XY98765', 'XY-98765', 'TWICE1', 'ENDED1', 'SECRETDOC7', '7กข', '9ฮฮ', '8ฉฉ']
    const answers = [await ingest.get('/v1/watchlists'), await ingest.get('/v1/reference/watchlists')]
    const kept = [
      ...lines,
      JSON.stringify(answers),
      ...(await messagesIn(nats, 'EVENTS', '')).map(
        ({ subject, id, data }) => subject + id + Buffer.from(data).toString(),
      ),
    ]
    expect(kept.length).toBeGreaterThan(10)
    for (const secret of secrets) expect(kept.filter((text) => text.includes(secret))).toEqual([])
  })
})
