import * as fc from 'fast-check'
import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { BatchWriter, readBatch } from '../../../ingest/feeds/arrow-batch.ts'
import { place } from '../../../ingest/feeds/event-row.ts'
import { feedNames, type FeedName } from '../../../ingest/feeds/layout.ts'
import { ShortHmac } from '../../../ingest/intake/hmac.ts'
import { judge } from '../../../ingest/intake/judge.ts'
import { RecentBytes } from '../../../ingest/intake/scan/recent-bytes.ts'
import { createScanners } from '../../../ingest/intake/scan/scanners.ts'
import { feedSchemas } from '../../../ingest/intake/shapes.ts'
import { noon, plainRows, pseudonyms, recordOf } from '../support.ts'

const runs = Number(process.env['PROPERTY_RUNS'] ?? 300) * 10
const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31)
const context = { source: 'test', now: noon, pseudonyms }
const scanners = createScanners(pseudonyms)
const batchNumber = 0x1234_5678_9abc_def0n

/** What the scanner makes of a record, as a row of the log and the numbers beside it; undefined: it leaves it to the judge. */
function scanned(feed: FeedName, bytes: Buffer, start: number, end: number) {
  const scanner = scanners[feed]
  scanner.begin(context.source, context.now)
  if (!scanner.scan(bytes, start, end)) return undefined
  const writer = new BatchWriter(feed)
  scanner.write(writer, bytes, Number(batchNumber >> 32n), Number(batchNumber & 0xffff_ffffn))
  const { keyHi, keyLo, revision, fingerprint, at } = scanner
  const id = bytes.toString('latin1', scanner.idStart, scanner.idEnd)
  return { row: rowOf(writer), id, keyHi, keyLo, revision, fingerprint, at }
}

function judged(feed: FeedName, bytes: Buffer, start: number, end: number) {
  const row = judge(feed, bytes, start, end, context)
  if ('reason' in row) return undefined
  const { cells, ...rest } = row
  cells[place.batch] = batchNumber
  const writer = new BatchWriter(feed)
  writer.append(cells)
  return { row: rowOf(writer), ...rest }
}

function rowOf(writer: BatchWriter): unknown {
  const bytes = writer.finish()
  const batch = readBatch(bytes)
  return [plainRows(batch), batch.u64('batch')[0], batch.ms('ingested_at')[0]]
}

const odd = fc.constantFrom(
  '', ' ', ' a', 'a ', 'a  b', 'a b', 'กข', 'Ä', 'ß', '\ufeffx', '\ufffd', '\u200b', 'é', 'e\u0301', '😀', '\ud800', 'x'.repeat(40), 'x'.repeat(41), 'ก'.repeat(24), 'ก'.repeat(25), '\u0000', '"', '\\', '<<<', '1กข 1234', 'A?1', '9999-12-31T00:00:00Z', '2026-02-30T00:00:00Z', '2026-01-31T06:30:00.5+07:00', '1999-12-31T23:59:59Z',
) // prettier-ignore
const values: fc.Arbitrary<unknown> = fc.oneof(
  odd,
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    0.5,
    0.97,
    1.5,
    2.0,
    1e-7,
    1990,
    1e3,
    65_535,
    65_536,
    true,
    false,
    null,
    [],
    {},
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
/** Values that a field may hold, so that most records are good. */
const good: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  id: fc.stringMatching(/^[A-Za-z0-9._:/-]{1,12}$/),
  at: fc.integer({ min: Date.UTC(2000, 0, 1), max: noon }).map((ms) => new Date(ms).toISOString()),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }).map((n) => Number(n.toFixed(n > 0.5 ? 3 : 17))),
  plate: fc.oneof(
    fc.stringMatching(/^[A-Z]{2}-?[0-9]{1,4}$/),
    fc.constantFrom('1กข 1234', 'ab?12', '70-1234'),
  ),
  plateProvince: fc.constantFrom('Tak', 'Chiang Rai', 'ตาก', ' Tak'),
  plateCountry: fc.constantFrom('THA', 'LAO', 'D'),
  declaredProvince: fc.constantFrom('Tak', 'Nong  Khai', 'กรุงเทพมหานคร'),
  comingFrom: fc.constantFrom('Tak', 'Bangkok'),
  room: fc.constantFrom('101', 'A 2', 'ห้อง 5'),
  phone: fc.constantFrom('081 234 5678', '+66812345678', '----', '0066 81'),
  documentNumber: fc.oneof(fc.stringMatching(/^[A-Z]{2}[0-9]{4,7}$/), fc.constantFrom('<<<', 'ab-12<')),
  birthYear: fc.integer({ min: 1899, max: 2101 }),
  revision: fc.nat({ max: 3 }),
  cancelled: fc.boolean(),
  sex: fc.constantFrom('F', 'M', 'X'),
  vehicleClass: fc.constantFrom('car', 'bus', 'truck', 'unknown'),
  heading: fc.constantFrom('to-border', 'from-border'),
  make: fc.constantFrom('Isuzu', '', 'Toyota Hilux'),
  outcome: fc.constantFrom('admitted', 'refused'),
}

const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value })

/** A record of a feed as text: some fields more, fewer or odd, white space and escapes as a supplier may write them. */
const records = fc.constantFrom(...feedNames).chain((feed) => {
  const names = [...Object.keys(feedSchemas[feed].properties), 'other', '__proto__']
  const change = fc.constantFrom(...names).chain((name) =>
    fc.tuple(fc.constant(name), fc.oneof({ weight: 5, arbitrary: Object.hasOwn(good, name) ? (good[name] ?? values) : values }, { weight: 1, arbitrary: values })),
  ) // prettier-ignore
  return fc.record({
    feed: fc.constant(feed),
    changes: fc.array(change, { maxLength: 5 }),
    drop: seldom(fc.constantFrom(...names)),
    indent: fc.constantFrom(0, 0, 0, 1, '\t'),
    escaped: fc.nat({ max: 5 }).map((n) => n === 0),
    twice: seldom(fc.constantFrom(...names)),
    damage: seldom(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 }))),
  })
})

type Drawn = typeof records extends fc.Arbitrary<infer T> ? T : never

function textOf(record: Drawn): Buffer {
  const { feed, changes, drop, indent, escaped, twice, damage } = record
  const fields = new Map<string, unknown>([...Object.entries(recordOf[feed]()), ...changes])
  if (drop !== null) fields.delete(drop)
  let text = JSON.stringify(Object.fromEntries(fields), null, indent)
  if (twice !== null && fields.has(twice))
    text = text.replace('{', `{${JSON.stringify(twice)}:${JSON.stringify(fields.get(twice))},`)
  if (escaped)
    text = text.replace(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  const bytes = Buffer.from(text)
  if (damage !== null) bytes[damage[0] % bytes.length] = damage[1]
  return bytes
}

describe('the scanner', () => {
  it('says what the judge says, or leaves the record to it', { timeout: 120_000 }, () => {
    console.info(`scanner: ${runs} cases, PROPERTY_SEED=${seed}`)
    let taken = 0
    fc.assert(
      fc.property(records, (record) => {
        const bytes = textOf(record)
        // Somewhere in a larger body, so that nothing rests on where a record begins or ends.
        const body = Buffer.concat([Buffer.from('[{}, '), bytes, Buffer.from(',"')])
        const mine = scanned(record.feed, body, 5, 5 + bytes.length)
        if (mine === undefined) return
        taken++
        expect(mine).toEqual(judged(record.feed, bytes, 0, bytes.length))
        // … and a second time, when its tokens and texts are known.
        expect(scanned(record.feed, bytes, 0, bytes.length)).toEqual(mine)
      }),
      { numRuns: runs, seed },
    )
    expect(taken, 'it takes a good part of them itself').toBeGreaterThan(runs / 10)
  })

  it.each(feedNames)('takes a plain record of %s itself, in any order of its fields', (feed) => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.entries(recordOf[feed]()), { minLength: 5 }), (entries) => {
        const whole = { ...Object.fromEntries(entries), ...recordOf[feed]() }
        const bytes = Buffer.from(JSON.stringify(whole))
        const mine = scanned(feed, bytes, 0, bytes.length)
        expect(mine).toBeDefined()
        expect(mine).toEqual(judged(feed, bytes, 0, bytes.length))
      }),
    )
  })

  it('gives the tokens of node:crypto', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (text) => {
        const key = randomBytes(32)
        const mine = new ShortHmac(key)
        mine.digest(text, 0, text.length)
        const theirs = createHmac('sha256', key).update(text).digest()
        expect([mine.hi, mine.lo, mine.third, mine.fourth]).toEqual(
          [0, 4, 8, 12].map((at) => theirs.readUInt32BE(at)),
        )
      }),
    )
  })
})

describe('recent bytes', () => {
  it('give back what was set, or nothing, in bounded space', () => {
    const key = fc.uint8Array({ maxLength: 3, max: 3 })
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.uint8Array({ maxLength: 8 })), { maxLength: 200 }), (entries) => {
        const recent = new RecentBytes(256)
        const model = new Map<string, string>()
        for (const [name, value] of entries) {
          const found = recent.find(name, 0, name.length)
          if (found) {
            expect(Buffer.from(recent.bytes.subarray(recent.start, recent.end)).toString('hex')).toBe(
              model.get(name.join()),
            )
            continue
          }
          recent.set(name, 0, name.length, value, 0, value.length)
          model.set(name.join(), Buffer.from(value).toString('hex'))
          expect(recent.find(name, 0, name.length)).toBe(true)
        }
      }),
    )
  })
})
