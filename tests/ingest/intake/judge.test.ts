import { describe, expect, it } from 'vitest'
import type { FeedName } from '../../../ingest/feeds/layout.ts'
import { layouts, feedNames } from '../../../ingest/feeds/layout.ts'
import { reasonNames } from '../../../ingest/intake/reasons.ts'
import { cell, crossing, judged, noon, pseudonyms, recordOf, registration, sighting } from '../support.ts'

const minute = 60_000
const iso = (at: number): string => new Date(at).toISOString()

/** feed, what is special, the record, then reason and field. */
const refused: readonly (readonly [FeedName, string, unknown, string, string])[] = [
  ['crossings', 'a line that is not JSON', Buffer.from('{"id": "c-1",'), 'malformed', ''],
  ['crossings', 'bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'malformed', ''],
  ['crossings', 'more than 16 KiB', crossing({ id: 'x'.repeat(16 * 1024) }), 'oversized', ''],
  ['crossings', 'an array', [1], 'not-an-object', ''],
  ['crossings', 'null', null, 'not-an-object', ''],
  ['crossings', 'a number', 5, 'not-an-object', ''],
  ['crossings', 'an unknown field', crossing({ colour: 'red' }), 'unknown-field', 'colour'],
  ['crossings', 'a field in another spelling', crossing({ document_number: 'X' }), 'unknown-field', 'document_number'],
  ['crossings', 'an unknown field that looks like data', crossing({ 'AB 123': 1 }), 'unknown-field', ''],
  ['crossings', '__proto__ as a field', Buffer.from('{"__proto__":{"id":"x"},"id":"c-1"}'), 'unknown-field', ''],
  ['crossings', 'no id', crossing({ id: undefined }), 'missing-field', 'id'],
  ['crossings', 'no site', crossing({ site: undefined }), 'missing-field', 'site'],
  ['crossings', 'a number in the place of a text', crossing({ site: 5 }), 'wrong-type', 'site'],
  ['crossings', 'a text in the place of a number', crossing({ birthYear: '1980' }), 'wrong-type', 'birthYear'],
  ['crossings', 'null in the place of a word', crossing({ mode: null }), 'not-allowed', 'mode'],
  ['crossings', 'a word that is not in the list', crossing({ direction: 'up' }), 'not-allowed', 'direction'],
  ['crossings', 'an id with spaces', crossing({ id: 'c 1' }), 'out-of-shape', 'id'],
  ['crossings', 'a nationality in small letters', crossing({ nationality: 'gbr' }), 'out-of-shape', 'nationality'],
  ['crossings', 'a document number of fillers', crossing({ documentNumber: '<<<' }), 'out-of-shape', 'documentNumber'],
  ['crossings', 'a birth year of the Thai calendar', crossing({ birthYear: 2530 }), 'out-of-range', 'birthYear'],
  ['crossings', 'a revision below 0', crossing({ revision: -1 }), 'out-of-range', 'revision'],
  ['crossings', 'half a revision', crossing({ revision: 0.5 }), 'wrong-type', 'revision'],
  ['crossings', 'a time without offset', crossing({ at: '2026-01-31T06:30:00' }), 'bad-instant', 'at'],
  ['crossings', 'a time without seconds', crossing({ at: '2026-01-31T06:30Z' }), 'bad-instant', 'at'],
  ['crossings', '30 February', crossing({ at: '2026-02-30T06:30:00Z' }), 'bad-instant', 'at'],
  ['crossings', '29 February of a common year', crossing({ at: '2025-02-29T06:30:00Z' }), 'bad-instant', 'at'],
  ['crossings', 'hour 25', crossing({ at: '2026-01-31T25:30:00Z' }), 'bad-instant', 'at'],
  ['crossings', 'hour 24', crossing({ at: '2026-01-31T24:00:00Z' }), 'bad-instant', 'at'],
  ['crossings', 'a leap second', crossing({ at: '2016-12-31T23:59:60Z' }), 'bad-instant', 'at'],
  ['crossings', 'more than 5 minutes ahead', crossing({ at: iso(noon + 5 * minute + 1) }), 'from-future', 'at'],
  ['crossings', 'the year 26', crossing({ at: '0026-01-31T06:30:00Z' }), 'too-old', 'at'],
  ['crossings', 'a year of the Thai calendar', crossing({ at: '2569-01-31T06:30:00+07:00' }), 'from-future', 'at'],
  ['crossings', 'a cancellation without revision', { id: 'c-1', cancelled: true }, 'cancelled-without-revision', 'revision'],
  ['crossings', 'a cancellation of revision 0', crossing({ revision: 0, cancelled: true }), 'cancelled-without-revision', 'revision'],
  ['crossings', 'a cancellation with a wrong field', { id: 'c-1', revision: 1, cancelled: true, site: 5 }, 'wrong-type', 'site'],
  ['crossings', 'a cancellation without id', { revision: 1, cancelled: true }, 'missing-field', 'id'],
  ['crossings', 'cancelled as text', crossing({ cancelled: 'true' }), 'wrong-type', 'cancelled'],
  ['sightings', 'a confidence above 1', sighting({ confidence: 1.01 }), 'out-of-range', 'confidence'],
  ['sightings', 'a plate of spaces', sighting({ plate: '  ' }), 'out-of-shape', 'plate'],
  ['sightings', 'a plate of 25 characters', sighting({ plate: 'ก'.repeat(25) }), 'out-of-shape', 'plate'],
  ['sightings', 'no confidence', sighting({ confidence: undefined }), 'missing-field', 'confidence'],
  ['registrations', 'a check-in ahead', registration({ checkInAt: iso(noon + 6 * minute), checkOutAt: undefined }), 'from-future', 'checkInAt'],
  ['registrations', 'a check-out before the check-in', registration({ checkOutAt: '2026-01-31T06:59:59Z' }), 'ends-before-start', 'checkOutAt'],
  ['registrations', 'a check-out that is no time', registration({ checkOutAt: '2026-02-30T12:00:00Z' }), 'bad-instant', 'checkOutAt'],
  ['registrations', 'a check-out as placeholder', registration({ checkOutAt: '9999-12-31T00:00:00Z' }), 'out-of-range', 'checkOutAt'],
  ['registrations', 'a number without nationality', registration({ nationality: undefined }), 'missing-field', 'nationality'],
  ['registrations', 'a number without document type', registration({ documentType: undefined }), 'missing-field', 'documentType'],
  ['registrations', 'a phone without digits', registration({ phone: '+-()' }), 'out-of-shape', 'phone'],
  ['registrations', 'a party of none', registration({ partySize: 0 }), 'out-of-range', 'partySize'],
] // prettier-ignore

/** feed, what is special, the record, a column and what it holds. */
const taken: readonly (readonly [FeedName, string, unknown, string, unknown])[] = [
  ['crossings', 'just within 5 minutes ahead', crossing({ at: iso(noon + 5 * minute) }), 'at', noon + 5 * minute],
  ['crossings', 'a time with offset', crossing(), 'at', Date.UTC(2026, 0, 30, 23, 30)],
  ['crossings', 'a time with a fraction', crossing({ at: '2026-01-31T06:30:00.25Z' }), 'at', Date.UTC(2026, 0, 31, 6, 30, 0, 250)],
  ['crossings', 'no outcome', crossing(), 'outcome', 'admitted'],
  ['crossings', 'no plate', crossing(), 'vehicle', 0n],
  ['crossings', 'white space in a province', crossing({ declaredProvince: ' Chiang \t Mai ' }), 'declared_province', 'Chiang Mai'],
  ['crossings', 'a bare cancellation: no time', { id: 'c-1', revision: 1, cancelled: true }, 'at', 0],
  ['crossings', 'a bare cancellation: no site', { id: 'c-1', revision: 1, cancelled: true }, 'site', ''],
  ['crossings', 'a bare cancellation: cancelled', { id: 'c-1', revision: 1, cancelled: true }, 'cancelled', 1],
  ['crossings', 'its id with the source', crossing(), 'event_id', 'test:c-1'],
  ['sightings', 'no class', sighting(), 'vehicle_class', 'unknown'],
  ['sightings', 'a plate with three unread characters names no vehicle', sighting({ plate: '1กข ???4' }), 'vehicle', 0n],
  ['sightings', 'a plate with few read characters names no vehicle', sighting({ plate: 'กข 1?' }), 'vehicle', 0n],
  ['registrations', 'a check-out at the check-in', registration({ checkOutAt: '2026-01-31T07:00:00Z' }), 'check_out_at', Date.UTC(2026, 0, 31, 7)],
  ['registrations', 'a check-out far ahead', registration({ checkOutAt: '2026-12-31T07:00:00Z' }), 'check_out_at', Date.UTC(2026, 11, 31, 7)],
  ['registrations', 'no check-out', registration({ checkOutAt: undefined }), 'check_out_at', null],
  ['registrations', 'no party size', registration({ partySize: undefined }), 'party_size', 1],
  ['registrations', 'a record without a person', { id: 'r-1', premises: 'HT-001', checkInAt: '2026-01-31T07:00:00Z' }, 'traveller', 0n],
] // prettier-ignore

describe('a record is rejected', () => {
  it.each(refused)('of %s: %s', (feed, _what, record, reason, field) => {
    const verdict = judged(feed, record)
    expect(verdict).toMatchObject({ reason, field })
    expect((verdict as { fix: string }).fix).toMatch(/\w.*\.$/)
  })

  it('for every reason that a record alone can give', () => {
    const seen = new Set(refused.map(([, , , reason]) => reason))
    // The last one needs what was sent before: see intake.test.ts.
    expect(reasonNames.filter((reason) => !seen.has(reason))).toEqual(['id-reused'])
  })

  it('without any of its values in the words about it', () => {
    for (const [feed, , record] of refused) {
      const words = JSON.stringify(judged(feed, record))
      for (const field of ['documentNumber', 'plate', 'phone', 'site', 'premises', 'colour'])
        if (typeof record === 'object' && record !== null && field in record) {
          const value = String((record as Record<string, unknown>)[field])
          if (value.length > 3) expect(words).not.toContain(value)
        }
    }
  })

  it('with the name that was meant, when only the spelling is off', () => {
    expect(judged('crossings', crossing({ document_number: 'X' }))).toMatchObject({
      fix: 'Send it as documentNumber.',
    })
  })
})

describe('a record is taken', () => {
  it.each(taken)('of %s: %s', (feed, _what, record, column, value) => {
    expect(cell(feed, judged(feed, record), column)).toEqual(value)
  })

  it.each(feedNames)('as a row of %s with a cell for each column', (feed) => {
    const row = judged(feed, recordOf[feed]())
    expect('cells' in row && row.cells.length).toBe(layouts[feed].length)
  })
})

describe('a plate that was not read whole', () => {
  const lowBits = (plate: string, more: object = {}): bigint =>
    (token(sighting({ plate, ...more }), 'vehicle', 'sightings') as bigint) & 0xffffn

  it('has a token that says so, and never that of a whole one', () => {
    for (const plate of ['1กข 12?4', '?กข 1234', '1กข 12??', 'AB-12?4']) expect(lowBits(plate)).toBe(0xffffn)
    for (let n = 0; n < 2_000; n++) expect(lowBits(`1กข ${n}`)).not.toBe(0xffffn)
  })

  it('is one and the same for equal readings alone', () => {
    const tokens = ['1กข 12?4', '1กข-12?4', '1กข 1?34', '1กข 1234'].map((plate) =>
      token(sighting({ plate }), 'vehicle', 'sightings'),
    )
    expect(tokens[0]).toBe(tokens[1])
    expect(new Set(tokens).size).toBe(3)
  })
})

const token = (record: unknown, column = 'traveller', feed: FeedName = 'crossings'): unknown =>
  cell(feed, judged(feed, record), column)

const phone = (text: string): unknown => token(registration({ phone: text }), 'phone', 'registrations')

describe('a person or vehicle', () => {
  it('has one token whatever the separators and case of the number, in both feeds', () => {
    const one = token(crossing())
    expect(token(crossing({ documentNumber: 'ab-123456<<' }))).toBe(one)
    expect(token(registration(), 'traveller', 'registrations')).toBe(one)
  })

  it.each([
    ['number', { documentNumber: 'AB123457' }],
    ['nationality', { nationality: 'GBD' }],
    ['document type', { documentType: 'crew' }],
  ])('has another token with another %s', (_what, fields) => {
    expect(token(crossing(fields))).not.toBe(token(crossing()))
  })

  it('has one phone token whatever the way it is written', () => {
    expect(phone('0812345678')).toBe(phone('+66 81 234 5678'))
    expect(phone('0066(81)2345678')).toBe(phone('+66 81 234 5678'))
    expect(phone('+66 81 234 5679')).not.toBe(phone('+66 81 234 5678'))
  })

  it('has one vehicle token and one sealed plate for one plate', () => {
    const plain = sighting()
    for (const column of ['vehicle', 'plate_sealed'])
      expect(token(sighting({ plate: ' 1กข  1234 ' }), column, 'sightings')).toBe(
        token(plain, column, 'sightings'),
      )
    expect(token(sighting({ plate: '1กข-1234', plateProvince: 'TAK' }), 'vehicle', 'sightings')).toBe(
      token(plain, 'vehicle', 'sightings'),
    )
    expect(token(crossing({ plate: '1กข 1234', plateProvince: 'Tak' }), 'vehicle')).toBe(
      token(plain, 'vehicle', 'sightings'),
    )
  })

  it('is another vehicle in another province, in none, or in another country', () => {
    const tokens = [
      {},
      { plateProvince: 'Ranong' },
      { plateProvince: undefined },
      { plateCountry: 'MMR' },
    ].map((fields) => token(sighting(fields), 'vehicle', 'sightings'))
    expect(new Set(tokens).size).toBe(4)
  })

  it('shows its plate to whoever has the key', () => {
    const sealed = String(token(sighting({ plate: 'ab 12' }), 'plate_sealed', 'sightings'))
    expect(pseudonyms.openPlate(sealed)).toBe('AB 12')
    expect(sealed).not.toContain('AB')
  })
})
