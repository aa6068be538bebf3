import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketStarts } from '../../../dashboard/web/src/filter/bucket-starts.ts'
import { rangeOf } from '../../../dashboard/web/src/filter/range.ts'
import { addDays, localDay, startOfDay } from '../../../dashboard/web/src/format/zone.ts'
import { timeAxis } from '../../../dashboard/web/src/charts/time-axis.ts'
import { createFormats } from '../../../dashboard/web/src/format/format.ts'

const bangkok = 'Asia/Bangkok'
const now = Date.parse('2026-11-23T16:30:00Z') // 23:30 in Bangkok
const iso = (at: number): string => new Date(at).toISOString()
const none = { from: null, to: null, grain: 'auto' } as const

describe('span of the chart', () => {
  it.each([
    ['24h', '2026-11-22T17:00:00.000Z', '2026-11-23T17:00:00.000Z', 'hour'],
    ['7d', '2026-11-16T17:00:00.000Z', '2026-11-23T17:00:00.000Z', 'hour'],
    ['30d', '2026-10-24T17:00:00.000Z', '2026-11-23T17:00:00.000Z', 'day'],
    ['5y', '2021-11-22T17:00:00.000Z', '2026-11-23T17:00:00.000Z', 'week'],
  ] as const)('of %s ends with the running bucket, in local days', (span, from, to, grain) => {
    const range = rangeOf({ ...none, span }, now, bangkok)
    expect({ from: iso(range.from), to: iso(range.to), grain: range.grain }).toEqual({ from, to, grain })
  })

  it('of chosen dates holds both days in full', () => {
    const range = rangeOf(
      { span: 'custom', from: '2026-01-01', to: '2026-01-31', grain: 'auto' },
      now,
      bangkok,
    )
    expect([iso(range.from), iso(range.to)]).toEqual(['2025-12-31T17:00:00.000Z', '2026-01-31T17:00:00.000Z'])
  })

  it('of five years counts back from a leap day to the last of February', () => {
    const range = rangeOf({ ...none, span: '5y' }, Date.parse('2028-02-29T05:00:00Z'), bangkok)
    expect(localDay(range.from, bangkok)).toBe('2023-02-28')
  })
})

describe('buckets', () => {
  const zones = fc.constantFrom(bangkok, 'UTC', 'Asia/Hong_Kong', 'Europe/Lisbon', 'America/New_York')
  const at = fc.integer({ min: Date.parse('2015-01-01T00:00:00Z'), max: Date.parse('2030-01-01T00:00:00Z') })

  it('cover the range without holes, from local midnights', () => {
    fc.assert(
      fc.property(
        zones,
        at,
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom('day', 'week', 'month'),
        (zone, from, days, grain) => {
          const to = from + days * 86_400_000
          const { starts, end } = bucketStarts({ from, to, grain }, zone)
          expect(starts[0]).toBeLessThanOrEqual(from)
          expect(end).toBeGreaterThanOrEqual(to)
          expect(starts).toEqual(starts.toSorted((a, b) => a - b))
          for (const start of starts) {
            const local = localDay(start, zone)
            expect(startOfDay(local, zone)).toBe(start)
            if (grain === 'week') expect(new Date(`${local}T00:00:00Z`).getUTCDay()).toBe(1)
            if (grain === 'month') expect(local.slice(8)).toBe('01')
          }
        },
      ),
    )
  })

  it('of a day last 23 or 25 hours where clocks change', () => {
    const from = startOfDay('2026-03-29', 'Europe/Lisbon')
    expect(startOfDay(addDays('2026-03-29', 1), 'Europe/Lisbon') - from).toBe(23 * 3_600_000)
  })

  it('have ticks with a label each, at most as many as fit', () => {
    fc.assert(
      fc.property(
        zones,
        at,
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 2, max: 14 }),
        (zone, from, days, most) => {
          const formats = createFormats('en', zone)
          const { values, labels } = timeAxis(from, from + days * 86_400_000, formats, most)
          expect(values.length).toBeLessThanOrEqual(most + 2)
          for (const value of values) expect(labels[String(value)]).toBeTruthy()
        },
      ),
    )
  })
})
