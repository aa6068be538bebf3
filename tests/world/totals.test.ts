import { expect, test } from 'vitest'
import { dayOf, startOf, weekdayOf } from '../../ingest/world/local-time.ts'
import { totalsBetween } from '../../ingest/world/totals.ts'

const day = 86_400_000
const from = Date.parse('2026-03-02T00:00:00+07:00')

test('totals of a day are sent once, half an hour after its end, whatever spans are asked for', () => {
  const whole = totalsBetween(3, from, from + 14 * day)
  expect(whole).toHaveLength(28)
  const pieces = Array.from({ length: 14 * 4 }, (_, i) =>
    totalsBetween(3, from + (i * day) / 4, from + ((i + 1) * day) / 4),
  ).flat()
  expect(pieces).toEqual(whole)
  expect(totalsBetween(3, from, from + 30 * 60_000)).toEqual([])
  expect(totalsBetween(3, from, from + 30 * 60_000 + 1).map(({ at }) => at)).toEqual([from - day, from - day])
})

test('a festival stands out against the same weekday of the weeks before', () => {
  const rows = totalsBetween(3, from, from + 70 * day).filter(({ kind }) => kind === 'entry')
  const festivals = rows.filter(({ at }) => dayOf(at) % 6 === 2)
  expect(festivals.length).toBeGreaterThan(9)
  for (const { at, count } of festivals.slice(5)) {
    const before = rows
      .filter((one) => one.at < at && weekdayOf(dayOf(one.at)) === weekdayOf(dayOf(at)))
      .map((one) => one.count)
      .toSorted((a, b) => a - b)
    expect(count, String(startOf(dayOf(at)))).toBeGreaterThan(2 * (before[before.length >> 1] as number))
  }
})
