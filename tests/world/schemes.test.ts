import { describe, expect, test } from 'vitest'
import { readReference } from '../../ingest/reference/read-csv.ts'
import { createWorld, generate, schemes } from '../../ingest/world/world.ts'
import { overflows, shuttlers } from './truth.ts'

const minute = 60_000
const day = 24 * 60 * minute
const from = Date.parse('2026-03-02T00:00:00+07:00')
const capacities = new Map(readReference().premises.map((row) => [row.id, row['capacity']]))
const capacity = (id: string): number => {
  const known = capacities.get(id)
  return typeof known === 'number' ? known : 30
}

describe('the labels of the world', () => {
  const to = from + 8 * day
  const sent = generate(11, from, to)
  // Those whose every record lies in the span.
  const labels = schemes(11, from, to).filter(
    ({ startAt, endAt }) => startAt >= from && endAt < to - 4 * 3_600_000,
  )

  test('name every traveller who crosses four times in a day, and only those', () => {
    const marked = labels.filter(({ rule }) => rule === 'repeated-crossings')
    const found = shuttlers(sent)
    const decided = schemes(11, from - 2 * day, to).filter(
      ({ rule, holds }) => rule === 'repeated-crossings' && holds,
    )
    expect(marked.filter(({ holds }) => holds).length).toBeGreaterThan(20)
    expect(marked.filter(({ holds, key }) => holds !== found.has(key)).map(({ id }) => id)).toEqual([])
    expect([...found].filter((document) => !decided.some(({ key }) => key === document))).toEqual([])
  })

  test('name every house that overflows, once each, and only those', () => {
    const marked = labels.filter(({ rule }) => rule === 'overcrowded-lodgings')
    const found = overflows(sent, capacity)
    expect(marked.length).toBeGreaterThan(15)
    for (const { id, key, startAt, endAt } of marked)
      expect(
        found.filter(([premises, a, b]) => premises === key && a < endAt && b > startAt),
        id,
      ).toHaveLength(1)
    const known = schemes(11, from - 3 * day, to + day)
    expect(
      found.filter(
        ([premises, a, b]) =>
          !known.some(({ key, startAt, endAt }) => key === premises && a < endAt && b > startAt),
      ),
    ).toEqual([])
  })

  test('say when the deciding record was sent', () => {
    for (const { id, rule, decidedAt, events } of labels.filter(
      ({ rule }) => rule === 'overcrowded-lodgings',
    )) {
      const until = (at: number) => {
        const ids = new Set(events.map((event) => event.slice(event.indexOf(':') + 1)))
        return overflows(sent.filter(({ sendAt, record }) => sendAt <= at && ids.has(record.id)), capacity)
      } // prettier-ignore
      expect(until(decidedAt - 1), `${id} ${rule}`).toHaveLength(0)
      expect(until(decidedAt).length, `${id} ${rule}`).toBeGreaterThan(0)
    }
  })
})

describe('the live phase', () => {
  const starts = ['02:10', '05:40', '09:15', '16:30', '23:50'].map((time) =>
    Date.parse(`2026-03-04T${time}:07+07:00`),
  )

  test.each(starts)(
    'started at %i decides a new shuttle at 20 s and a new full house at 32 s',
    (liveStart) => {
      const world = createWorld(11, { liveStart, scale: 0.1 })
      const before = world.between(liveStart - 2 * day, liveStart)
      const first = world.between(liveStart, liveStart + 60_000)
      const until = (at: number) => [...before, ...first.filter(({ sendAt }) => sendAt < at)]
      const labels = world.schemes(liveStart, liveStart + 60_000).filter(({ id }) => id.includes('-L'))
      expect(labels.map(({ rule, decidedAt }) => [rule, decidedAt - liveStart])).toEqual([
        ['repeated-crossings', 20_000],
        ['overcrowded-lodgings', 32_000],
      ])
      const [shuttle, house] = labels
      expect(shuttlers(until(liveStart + 20_000)).has(shuttle?.key ?? '')).toBe(false)
      expect(shuttlers(until(liveStart + 20_001)).has(shuttle?.key ?? '')).toBe(true)
      const full = (at: number) =>
        overflows(until(at), capacity).filter(([premises]) => premises === house?.key)
      expect(full(liveStart + 32_000)).toHaveLength(0)
      expect(full(liveStart + 32_001)).toHaveLength(1)
    },
  )

  test('goes on every few minutes, each time with another document and house', () => {
    const liveStart = starts[2] as number
    const labels = schemes(11, liveStart, liveStart + 120 * minute, { liveStart, scale: 0.1 }).filter(
      ({ id }) => id.includes('-L'),
    )
    expect(labels.length).toBeGreaterThanOrEqual(38)
    expect(new Set(labels.map(({ key }) => key)).size).toBe(labels.length)
  })

  test('has life in every second of its first minutes, at night too, and its natural rate later', () => {
    const liveStart = starts[0] as number
    const sent = generate(11, liveStart, liveStart + 2 * minute, { liveStart, scale: 0.1 })
    expect(sent.length).toBeGreaterThanOrEqual(2 * 120 - 3)
    for (let s = 1; s < 119; s++) {
      const second = sent.filter(({ sendAt }) => Math.floor((sendAt - liveStart) / 1000) === s)
      expect(second.length, `second ${s}`).toBeGreaterThanOrEqual(1)
    }
    const later = generate(11, liveStart + 20 * minute, liveStart + 22 * minute, { liveStart, scale: 0.1 })
    expect(later.length).toBeLessThan(sent.length / 4)
  })
})
