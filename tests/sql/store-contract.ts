import { tableFromIPC } from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import { migrate } from '../../sql/migrate.ts'
import type { Row, Store, StoreReader } from '../../sql/store.ts'
import { batchOf, keyOf, monday } from './log-fixture.ts'

/** What every way of connecting must do; run once on the embedded engine and once over HTTP. */
export function storeContract(
  name: string,
  open: () => Promise<{ store: Store; close(): Promise<void> }>,
): void {
  describe(`a store, ${name}`, () => {
    let store: Store
    let reader: StoreReader
    let close: () => Promise<void>

    beforeAll(async () => {
      ;({ store, close } = await open())
      await migrate(store, { log: silentLog })
      reader = await store.reader()
    })
    afterAll(async () => {
      await reader?.close()
      await close?.()
    })

    const count = async (table: string, where = '1'): Promise<number> => {
      const [row] = await store.query<{ n: number }>(
        `SELECT toUInt32(count()) AS n FROM ${table} WHERE ${where}`,
      )
      return row?.n ?? -1
    }

    test('takes batches of the log byte for byte, several in one insert', async () => {
      const one = batchOf('registrations', [
        { id: 'r1', people: 3, until: monday + 5, site: 'HT-1' },
        { id: 'r2', site: 'โรงแรม-ไม่มี' },
      ])
      const two = batchOf('registrations', [{ id: 'r3', people: 65_535, at: monday + 123 }])
      expect(await store.insertArrow('registrations', [one.bytes, two.bytes], 'bytes:1')).toBe(3)
      const rows = await store.query(
        `SELECT event_id, toString(event_key) AS key, site, toUnixTimestamp64Milli(at) AS at, party_size,
           toUnixTimestamp64Milli(check_out_at) AS until, toString(batch) AS batch
         FROM registrations ORDER BY event_id`,
      )
      expect(rows).toEqual([
        {
          event_id: 'test:r1',
          key: String(keyOf('r1')),
          site: 'HT-1',
          at: monday,
          party_size: 3,
          until: monday + 5,
          batch: String(one.batch),
        },
        {
          event_id: 'test:r2',
          key: String(keyOf('r2')),
          site: 'โรงแรม-ไม่มี',
          at: monday,
          party_size: 1,
          until: null,
          batch: String(one.batch),
        },
        {
          event_id: 'test:r3',
          key: String(keyOf('r3')),
          site: 'S1',
          at: monday + 123,
          party_size: 65_535,
          until: null,
          batch: String(two.batch),
        },
      ])
    })

    test('a token names its content: the same insert again changes nothing, another token is another insert', async () => {
      const batch = batchOf('sightings', [{ id: 's1' }, { id: 's2' }])
      await store.insertArrow('sightings', [batch.bytes], 'once')
      await store.insertArrow('sightings', [batch.bytes], 'once')
      expect(await count('sightings')).toBe(2)
      await store.insertArrow('sightings', [batchOf('sightings', [{ id: 's3' }]).bytes], 'twice')
      expect(await count('sightings')).toBe(3)
      expect(await count('touched', `feed = 'sightings'`)).toBe(2)
    })

    test('a token does not stick to the connection', async () => {
      for (const seq of [1, 2, 3]) await store.insertRows('skipped', [skippedRow(seq)], `skip:${seq}`)
      expect(await count('skipped', `stream = 'T'`)).toBe(3)
    })

    test('data that looks like SQL stays data', async () => {
      const nasty = "x'; DROP TABLE skipped; --\n\nSELECT 1;\n\t\\'\u0000\u{1f600}"
      await store.insertRows(
        'skipped',
        [
          {
            stream: 'Q',
            seq: 1n,
            subject: nasty,
            reason: '2026-01-01 00:00:00',
            skipped_at: new Date(monday + 7),
          },
        ],
        'nasty',
      )
      const rows = await reader.query(
        `SELECT subject, reason, toUnixTimestamp64Milli(skipped_at) AS at FROM skipped WHERE subject = {nasty: String}`,
        { nasty },
      )
      expect(rows).toEqual([{ subject: nasty, reason: '2026-01-01 00:00:00', at: monday + 7 }])
    })

    test('binds every type of placeholder that the queries use', async () => {
      const rows = await reader.query(
        `SELECT toString({big: UInt64}) AS big, {words: Array(String)} AS words, toString({keys: Array(UInt64)}[1]) AS key,
           toUnixTimestamp64Milli({at: DateTime64(3, 'UTC')}) AS at, {none: Nullable(String)} AS none, {ms: Int64} AS ms,
           {ints: Array(Int64)} AS ints`,
        {
          big: 2n ** 64n - 1n,
          words: ["it's", 'a\\b\t'],
          keys: [2n ** 64n - 1n],
          at: new Date(monday),
          none: null,
          ms: -5,
          ints: [1, -2],
        },
      )
      expect(rows).toEqual([
        {
          big: '18446744073709551615',
          words: ["it's", 'a\\b\t'],
          key: '18446744073709551615',
          at: monday,
          none: null,
          ms: -5,
          ints: [1, -2],
        },
      ])
    })

    test('any text that is given as a value comes back as it was given', async () => {
      const text = fc.string({
        unit: fc.constantFrom("'", '\\', '\n', '\0', '{', '}', ':', '-', ';', 'x', 'ด', '😀'),
      })
      await fc.assert(
        fc.asyncProperty(text, fc.array(text), async (one, several) => {
          const rows = await reader.query(
            'SELECT {one: String} AS one, {several: Array(String)} AS several',
            {
              one,
              several,
            },
          )
          expect(rows).toEqual([{ one, several }])
        }),
        { numRuns: 100 },
      )
    })

    test('a short question is not held up by a long one', async () => {
      const order: string[] = []
      const long = reader
        .query('SELECT sum(sipHash64(number)) FROM numbers({n: UInt64})', { n: 50_000_000n })
        .then(() => order.push('long'))
      const short = reader.query('SELECT {i: UInt32} AS i', { i: 1 }).then(() => order.push('short'))
      await Promise.all([long, short])
      expect(order).toEqual(['short', 'long'])
    })

    test('gives Arrow that apache-arrow reads, low cardinality and emptiness included', async () => {
      const bytes = await reader.queryArrow(
        `SELECT site, at, toUInt32(party_size) AS people, check_out_at FROM registrations WHERE site != {not: String} ORDER BY event_id;`,
        { not: 'none' },
      )
      const table = tableFromIPC(bytes)
      expect(table.numRows).toBe(3)
      expect(table.toArray().map((row) => [row?.['site'], Number(row?.['at']), row?.['people']])).toEqual([
        ['HT-1', monday, 3],
        ['โรงแรม-ไม่มี', monday, 1],
        ['S1', monday + 123, 65_535],
      ])
      const empty = tableFromIPC(
        await reader.queryArrow(`SELECT site FROM registrations WHERE site = 'none'`),
      )
      expect([empty.numRows, empty.schema.fields.map(({ name }) => name)]).toEqual([0, ['site']])
    })

    test.each([
      ['writes', `INSERT INTO skipped (stream) SELECT 'x'`],
      ['drops', 'DROP TABLE skipped'],
      ['makes', 'CREATE TABLE own (a UInt8) ENGINE = Memory'],
      ['reads files', `SELECT * FROM file('/etc/passwd', 'LineAsString')`],
      ['reads other servers', `SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')`],
      ['writes files', `INSERT INTO FUNCTION file('/tmp/daan-never.csv', 'CSV', 'a String') SELECT 'x'`],
      ['frees itself', 'SET readonly = 0'],
      ['frees one statement', 'SELECT 1 SETTINGS readonly = 0'],
    ])('a reader that %s is refused', async (_, sql) => {
      await expect(reader.query(sql)).rejects.toMatchObject({ code: 'STORE_REFUSED' })
    })

    test('errors say whether it is the data, the statement, or neither, and hold no data themselves', async () => {
      const secret = Buffer.from('AA1234567')
      await expect(store.insertArrow('crossings', [secret], 'bad')).rejects.toThrow(RangeError)
      const { bytes } = batchOf('sightings', [{ id: 'x' }])
      await expect(store.insertArrow('crossings', [bytes], 'wrong-table')).rejects.toMatchObject({
        code: 'STORE_DATA',
      })
      await expect(store.query(`SELECT toUInt8('AA1234567')`)).rejects.toSatisfy(
        (error) => error instanceof Error && !error.message.includes('AA1234567'),
      )
      await expect(store.query('SELECT * FROM nowhere')).rejects.toMatchObject({ code: 'STORE_REFUSED' })
    })

    test('inserts and questions go on side by side', async () => {
      const answers = await Promise.all(
        Array.from({ length: 24 }, async (_, i) => {
          const { bytes } = batchOf('crossings', [{ id: `c${i}`, site: 'BUSY' }])
          await store.insertArrow('crossings', [bytes], `busy:${i}`)
          const [row] = await reader.query<{ i: number }>('SELECT {i: UInt32} AS i', { i })
          return row?.i
        }),
      )
      expect(answers).toEqual(Array.from({ length: 24 }, (_, i) => i))
      expect(await count('crossings', `site = 'BUSY'`)).toBe(24)
    })
  })
}

const skippedRow = (seq: number): Row => ({
  stream: 'T',
  seq,
  subject: 's',
  reason: 'r',
  skipped_at: new Date(monday),
})
