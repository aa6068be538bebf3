import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feedNames } from '../../../ingest/feeds/layout.ts'
import { findRecords } from '../../../ingest/intake/decode.ts'
import { parseInstant } from '../../../ingest/intake/instants.ts'
import { judge } from '../../../ingest/intake/judge.ts'
import { Ledger } from '../../../ingest/intake/ledger.ts'
import { noon, pseudonyms, recordOf } from '../support.ts'

const context = { source: 'test', now: noon, pseudonyms }
const pad = (value: number, length = 2): string => String(value).padStart(length, '0')

describe('instants', () => {
  it('mean what Date says they mean', () => {
    const instant = fc.record({
      ms: fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2199, 11, 31) }),
      offset: fc.integer({ min: -14 * 60, max: 14 * 60 }),
      digits: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(instant, ({ ms, offset, digits }) => {
        const local = new Date(ms + offset * 60_000).toISOString()
        const fraction = digits === 0 ? '' : local.slice(19, 20 + digits)
        const sign = offset < 0 ? '-' : '+'
        const zone = `${sign}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`
        for (const text of [local.slice(0, 19) + fraction + zone, local.slice(0, 19) + fraction + 'Z'])
          expect(parseInstant(text)).toBe(Date.parse(text))
      }),
    )
  })

  it('that are no day, or no text of this form, are NaN', () => {
    const parts = fc.tuple(
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      fc.integer({ min: 0, max: 26 }),
    )
    fc.assert(
      fc.property(parts, ([month, day, hour]) => {
        const date = new Date(Date.UTC(2026, month - 1, day))
        const exists = month >= 1 && month <= 12 && day >= 1 && date.getUTCDate() === day && hour <= 23
        expect(Number.isNaN(parseInstant(`2026-${pad(month)}-${pad(day)}T${pad(hour)}:00:00Z`))).toBe(!exists)
      }),
    )
    fc.assert(
      fc.property(
        fc.string(),
        (text) => Number.isNaN(parseInstant(text)) || Number.isFinite(Date.parse(text)),
      ),
    )
  })
})

describe('the judge', () => {
  it('gives one version for one record, whatever the order of keys and the white space', () => {
    const shuffled = fc.constantFrom(...feedNames).chain((feed) =>
      fc.tuple(
        fc.constant(feed),
        fc.shuffledSubarray(Object.entries(recordOf[feed]()), {
          minLength: Object.keys(recordOf[feed]()).length,
        }),
        fc.constantFrom(0, 1, 4, '\t'),
        fc.boolean(),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([feed, entries, indent, escaped]) => {
        const text = JSON.stringify(Object.fromEntries(entries), null, indent)
        const bytes = Buffer.from(escaped ? text.replace(/[\u0080-\uffff]/g, escapeSequence) : text)
        const plain = Buffer.from(JSON.stringify(recordOf[feed]()))
        const one = judge(feed, bytes, 0, bytes.length, context)
        expect(one).toEqual(judge(feed, plain, 0, plain.length, context))
        expect('fingerprint' in one && one.fingerprint).toBeGreaterThan(0)
      }),
    )
  })

  it('gives another version when any field says something else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...feedNames), fc.integer({ min: 1900, max: 2000 }), (feed, year) => {
        const versionOf = (fields: object): unknown => {
          const bytes = Buffer.from(JSON.stringify(recordOf[feed](fields as never)))
          const row = judge(feed, bytes, 0, bytes.length, context)
          return 'fingerprint' in row && row.fingerprint
        }
        const other = feed === 'sightings' ? { make: `make ${year}` } : { birthYear: year }
        expect(versionOf(other)).not.toBe(versionOf({}))
      }),
    )
  })

  it('answers every sequence of bytes, and every JSON value, without throwing', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
      fc
        .dictionary(
          fc.constantFrom(...Object.keys(recordOf.crossings()), 'cancelled', 'revision', '__proto__'),
          fc.jsonValue(),
        )
        .map((value) => Buffer.from(JSON.stringify(value))),
    )
    fc.assert(
      fc.property(fc.constantFrom(...feedNames), bytes, (feed, buffer) => {
        for (const format of ['json', 'ndjson'] as const) {
          const records = findRecords(buffer, format, 100)
          if (typeof records === 'string') continue
          for (let i = 0; i < records.count; i++) {
            const [start, end] = [records.bounds[i * 2], records.bounds[i * 2 + 1]] as [number, number]
            const verdict = judge(feed, buffer, start, end, context)
            expect('reason' in verdict || 'cells' in verdict).toBe(true)
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})

const texts = (body: string, format: 'json' | 'ndjson'): unknown => {
  const bytes = Buffer.from(body)
  const records = findRecords(bytes, format, 100)
  if (typeof records === 'string') return records
  return Array.from({ length: records.count }, (_, i) =>
    JSON.parse(bytes.toString('utf8', records.bounds[i * 2], records.bounds[i * 2 + 1])),
  )
}

describe('the records of a body', () => {
  const values = fc.array(
    fc.oneof(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), fc.string(), fc.integer()),
    { minLength: 1, maxLength: 8 },
  )
  it('are the elements of an array, however it is laid out', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0, 2), (list, indent) => {
        expect(texts(JSON.stringify(list, null, indent), 'json')).toEqual(JSON.parse(JSON.stringify(list)))
      }),
    )
  })

  it('are the lines, whatever ends them', () => {
    fc.assert(
      fc.property(values, fc.constantFrom('\n', '\r\n', '\n\n'), (list, end) => {
        const body = list.map((value) => JSON.stringify(value)).join(end)
        expect(texts(body, 'ndjson')).toEqual(JSON.parse(JSON.stringify(list)))
      }),
    )
  })

  it.each([
    ['', 'empty-body'],
    [' \n ', 'empty-body'],
    ['[', 'broken-array'],
    ['[1', 'broken-array'],
    ['[1,]', 'broken-array'],
    ['[,1]', 'broken-array'],
    ['[1]]', 'broken-array'],
    ['[1] 2', 'broken-array'],
    ['["a]', 'broken-array'],
    ['["a\\"]', 'broken-array'],
    ['[}', 'broken-array'],
    [`[${'1,'.repeat(100)}1]`, 'too-many-records'],
    ['1\n'.repeat(101), 'too-many-records'],
    ['[]', []],
    ['[[1,2],{"a":[3]}]', [[1, 2], { a: [3] }]],
    ['{"a":\n1}', [{ a: 1 }]],
    ['{"a":1}\n{"a":2}', [{ a: 1 }, { a: 2 }]],
    ['\ufeff{"a":1}', [{ a: 1 }]],
  ])('of %j are %j', (body, expected) => {
    expect(texts(body, body.startsWith('1') ? 'ndjson' : 'json')).toEqual(expected)
  })
})

describe('the ledger', () => {
  const claims = fc.array(
    fc.record({
      key: fc.integer({ min: 1, max: 40 }),
      revision: fc.integer({ min: 0, max: 2 }),
      fingerprint: fc.integer({ min: 1, max: 2 }),
      act: fc.constantFrom('claim', 'claim', 'forget', 'learn'),
    }),
    { maxLength: 300 },
  )

  it('answers as a plain map does, as long as it holds everything', () => {
    fc.assert(
      fc.property(claims, (list) => {
        const ledger = new Ledger({ entries: 64 })
        const model = new Map<number, readonly [number, number]>()
        for (const { key, revision, fingerprint, act } of list) {
          const known = model.get(key)
          const isNewer =
            known === undefined || revision > known[0] || (revision === known[0] && fingerprint > known[1])
          if (act === 'learn') {
            ledger.learn(key * 7, key, revision, fingerprint)
            if (isNewer) model.set(key, [revision, fingerprint])
          } else if (act === 'forget') {
            ledger.forget(key * 7, key, revision, fingerprint)
            if (known?.[0] === revision && known[1] === fingerprint) model.delete(key)
          } else {
            const expected =
              known === undefined
                ? 'first'
                : revision < known[0]
                  ? 'older'
                  : revision > known[0]
                    ? 'correction'
                    : fingerprint === known[1]
                      ? 'same'
                      : 'reused'
            expect(ledger.claim(key * 7, key, revision, fingerprint)).toBe(expected)
            if (expected === 'first' || expected === 'correction') model.set(key, [revision, fingerprint])
          }
        }
      }),
    )
  })

  it('keeps the last events in bounded space', () => {
    const ledger = new Ledger({ entries: 1_000 })
    for (let i = 0; i < 10_000; i++) expect(ledger.claim(i * 31, i, 0, 1)).toBe('first')
    for (let i = 9_000; i < 10_000; i++) expect(ledger.claim(i * 31, i, 0, 1)).toBe('same')
    expect(ledger.size).toBeLessThanOrEqual(2_000)
    expect(ledger.claim(31, 1, 0, 1)).toBe('first')
  })
})

function escapeSequence(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
