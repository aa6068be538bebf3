import { describe, expect, it } from 'vitest'
import type { CountedVolume, ReferenceRow, TableName } from '../../../ingest/feeds/log-subjects.ts'
import detector from '../../../processors/detectors/volume-anomaly.ts'
import { findingsOf, sentenceOf } from '../../support/detect.ts'
import { day, hour, minute, monday } from '../../support/events.ts'

/** Local midnight of the first Monday. */
const midnight = monday - 7 * hour
const ordinary = (h: number): number => (h % 24 >= 6 && h % 24 < 22 ? 100 : 10)

/** Totals by the hour for `days` days, as usual but for the hours that `special` gives another count (null: no report). */
function hourly(days: number, special: Readonly<Record<number, number | null>> = {}): CountedVolume[] {
  return Array.from({ length: days * 24 }, (_, h) => h)
    .filter((h) => special[h] !== null)
    .map((h) => ({
      feed: 'sightings' as const,
      site: 'CAM',
      kind: '',
      at: midnight + h * hour,
      spanMs: hour,
      count: special[h] ?? ordinary(h),
    }))
}
/** Totals by the day. */
function byDay(counts: readonly number[], kind = 'entry'): CountedVolume[] {
  return counts.map((count, n) => ({
    feed: 'crossings',
    site: 'PORT',
    kind,
    at: midnight + n * day,
    spanMs: day,
    count,
  }))
}
const row = (id: string, more: object): ReferenceRow => ({
  id,
  validFrom: '2020-01-01',
  validTo: null,
  source: 'test',
  owner: 'test',
  ...more,
})
type Tables = Partial<Record<TableName, readonly ReferenceRow[]>>
const found = (volumes: readonly CountedVolume[], now: number, params = {}, tables: Tables = {}) =>
  findingsOf(detector, params, [], [], [], { volumes, now, tables })
const shape = (all: Awaited<ReturnType<typeof found>>, unit: number): unknown[] =>
  all.map(({ start, end, evidence }) => [
    evidence.grain,
    evidence.direction,
    (start - midnight) / unit,
    (end - midnight) / unit,
  ])
const eight = 56 * 24
const flat = (n: number, count = 1000): number[] => Array.from({ length: n }, () => count)

describe('unusual hours', () => {
  it.each<[string, Record<number, number | null>, unknown[]]>([
    ['nothing is unusual where all weeks are alike', {}, []],
    ['two hours with twice as many', { [eight + 10]: 250, [eight + 11]: 250 }, [['hour', 'more', eight + 10, eight + 12]]],
    ['one hour with many times as many', { [eight + 10]: 320 }, [['hour', 'more', eight + 10, eight + 11]]],
    ['a coach in one hour of the night is a coach', { [eight + 2]: 60 }, []],
    ['two coaches are not', { [eight + 2]: 110 }, [['hour', 'more', eight + 2, eight + 3]]],
    ['one hour alone is chance', { [eight + 10]: 250 }, []],
    ['one usual hour between is bridged', { [eight + 10]: 250, [eight + 12]: 250 }, [['hour', 'more', eight + 10, eight + 13]]],
    ['two are not', { [eight + 10]: 250, [eight + 13]: 250 }, []],
    ['half as many more is within the range', { [eight + 10]: 149, [eight + 11]: 149 }, []],
    ['few of few say nothing', { [eight + 2]: 39, [eight + 3]: 39 }, []],
    ['two hours with hardly any', { [eight + 10]: 5, [eight + 11]: 0 }, [['hour', 'fewer', eight + 10, eight + 12]]],
    ['an hour without a report is a gap', { [eight + 10]: null, [eight + 11]: null }, []],
    ['what is usual in some weeks is not unusual', { [eight - 168 + 10]: 260, [eight - 168 + 11]: 260, [eight + 10]: 250, [eight + 11]: 250 }, []],
    ['more and fewer are told apart', { [eight + 8]: 0, [eight + 9]: 0, [eight + 10]: 400, [eight + 11]: 400 }, [['hour', 'fewer', eight + 8, eight + 10], ['hour', 'more', eight + 10, eight + 12]]],
  ])('%s', async (_, special, expected) => {
    const all = await found(hourly(58, special), midnight + 58 * day)
    expect(shape(all.filter(({ start }) => start >= midnight + eight * hour), hour)).toEqual(expected)
  }) // prettier-ignore

  it('are not said before the hour is complete, and fewer only when nothing can be late', async () => {
    const more = hourly(57, { [eight + 10]: 250, [eight + 11]: 250 })
    const at = (h: number) => midnight + (eight + h) * hour
    expect(await found(more, at(12) + 14 * minute)).toEqual([])
    expect(await found(more, at(12) + 15 * minute)).toHaveLength(1)
    const fewer = hourly(57, { [eight + 10]: 0, [eight + 11]: 0 })
    expect(await found(fewer, at(18) - minute)).toEqual([])
    expect(await found(fewer, at(18))).toHaveLength(1)
  })

  it('need four weeks to compare with', async () => {
    const at = (weeks: number) => weeks * 168 + 10
    const twice = (weeks: number) => hourly(weeks * 7 + 1, { [at(weeks)]: 250, [at(weeks) + 1]: 250 })
    expect(await found(twice(3), midnight + 22 * day)).toEqual([])
    expect(await found(twice(4), midnight + 29 * day)).toHaveLength(1)
  })

  it('are none on a holiday or beside one, nor are holidays what others are compared with', async () => {
    const special = { [eight + 10]: 250, [eight + 11]: 250 }
    const date = (n: number): string => new Date(monday + n * day).toISOString().slice(0, 10)
    const on = (...days: number[]): Tables => ({
      holidays: days.map((n) => row(date(n), { name: 'x', nameTh: 'x' })),
    })
    const now = midnight + 58 * day
    expect(await found(hourly(58, special), now, {}, on(56))).toEqual([])
    expect(await found(hourly(58, special), now, {}, on(57))).toEqual([])
    expect(await found(hourly(58, special), now, {}, on(58))).toHaveLength(1)
    expect(await found(hourly(58, special), now, {}, on(0, 7, 14, 21, 28))).toEqual([])
  })

  it('are none while it is closed', async () => {
    const closed = row('CAM', { hours: '12:00-11:00', reason: 'usual' })
    const special = { [eight + 10]: 250, [eight + 11]: 250 }
    const now = midnight + 58 * day
    expect(await found(hourly(58, special), now, {}, { hours: [closed] })).toEqual([])
    const elsewhere = { hours: [row('CAM', { hours: '10:00-09:00', reason: 'usual' })] }
    expect(await found(hourly(58, special), now, {}, elsewhere)).toHaveLength(1)
  })
})

describe('unusual days', () => {
  it.each<[string, number[], unknown[]]>([
    ['all alike', flat(60), []],
    ['twice as many', [...flat(56), 2000, 1000], [['day', 'more', 56, 57]]],
    ['none at all, though reported', [...flat(56), 0, 1000], [['day', 'fewer', 56, 57]]],
    ['two days in a row are one', [...flat(56), 2000, 2500, 1000], [['day', 'more', 56, 58]]],
    ['days apart are two', [...flat(56), 2000, 1000, 2500, 1000], [['day', 'more', 56, 57], ['day', 'more', 58, 59]]],
    ['too few to matter', [...flat(56, 100), 390, 100], []],
    ['an opening', [...flat(56, 0), 900, 0], [['day', 'more', 56, 57]]],
    ['a pier that was full once before', [...flat(40, 0), 800, ...flat(15, 0), 900, 0], [['day', 'more', 40, 41]]],
  ])('%s', async (_, counts, expected) => {
    expect(shape(await found(byDay(counts), midnight + counts.length * day + 7 * hour), day)).toEqual(expected)
  }) // prettier-ignore

  it('are not said again where the hours say it', async () => {
    const special = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [eight + 6 + n, 260]))
    const all = await found(hourly(58, special), midnight + 58 * day)
    expect(shape(all, hour)).toEqual([['hour', 'more', eight + 6, eight + 22]])
    // Spread over the day so thinly that no hour is unusual, the day is.
    const thin = Object.fromEntries(Array.from({ length: 24 }, (_, n) => [eight + n, ordinary(n) + 49]))
    const day57 = await found(hourly(58, thin), midnight + 58 * day, { hourAtLeast: 60 })
    expect(shape(day57, day)).toEqual([['day', 'more', 56, 57]])
  })

  it('are compared by the hours that were reported', async () => {
    const gap = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [eight + 6 + n, null]))
    expect(await found(hourly(58, gap), midnight + 58 * day)).toEqual([])
  })
})

it('says what was counted where, in both languages', async () => {
  const entries = byDay([...flat(56), 4000, 1000])
  const exits = byDay([...flat(56), 1600, 1000], 'exit')
  const [finding] = await found([...entries, ...exits], midnight + 58 * day)
  expect(finding?.evidence).toMatchObject({ kind: 'entry', count: 4000, usual: 1000, spread: 0, periods: 1 })
  expect(finding?.alert).toMatchObject({ severity: 'high', class: 'monitor', site: 'PORT', events: [] })
  expect(sentenceOf(detector, finding, 'en')).toBe(
    'PORT: 4,000 entries in the day from 2 Mar 2026, 00:00, where 1,000 are usual.',
  )
  expect(sentenceOf(detector, finding, 'th')).toContain('ขาเข้า 4,000')
})
