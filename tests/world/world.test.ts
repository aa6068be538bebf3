import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { Crossing } from '../../ingest/feeds/crossings.ts'
import { Registration } from '../../ingest/feeds/registrations.ts'
import { Sighting } from '../../ingest/feeds/sightings.ts'
import { readReference } from '../../ingest/reference/read-csv.ts'
import { createPlaces, isOpen } from '../../ingest/world/places.ts'
import { misreadShare } from '../../ingest/world/plate-reading.ts'
import { createWorld, generate, type Outgoing } from '../../ingest/world/world.ts'

const hour = 3_600_000
const day = 24 * hour
/** Most that a clock of the world is off, ms. */
const skew = 120_000
const from = Date.parse('2026-03-02T00:00:00+07:00')
const schemas = {
  crossings: Compile(Crossing),
  sightings: Compile(Sighting),
  registrations: Compile(Registration),
}
const instant = ({ feed, record }: Outgoing): number =>
  Date.parse(String(record[feed === 'registrations' ? 'checkInAt' : 'at']))

describe('the synthetic world', () => {
  const week = generate(7, from, from + 7 * day, { scale: 0.2 })

  test('gives the same bytes for a span, whole or in pieces asked for in any order', () => {
    const liveStart = from + 5 * hour
    const options = { scale: 0.05, liveStart, floorPerSecond: 0.1 }
    const whole = generate(7, from, from + day, options)
    const world = createWorld(7, options)
    const cuts = [from + day / 2, from, from + 5 * hour + 20_000, from + 5 * hour, from + 6 * hour]
    const pieces = [...cuts, from + day].sort((a, b) => a - b)
    const parts = pieces.slice(0, -1).map((start, i) => ({ start, end: pieces[i + 1] as number }))
    const answers = new Map(parts.toReversed().map(({ start, end }) => [start, world.between(start, end)]))
    expect(JSON.stringify(parts.flatMap(({ start }) => answers.get(start)))).toBe(JSON.stringify(whole))
  })

  test('differs with the seed', () => {
    const options = { scale: 0.05 }
    const [one, two] = [generate(1, from, from + hour, options), generate(2, from, from + hour, options)]
    expect(JSON.stringify(one)).not.toBe(JSON.stringify(two))
  })

  test('sends in order, and nothing before it has happened but for clocks that are two minutes off', () => {
    for (const [i, one] of week.entries()) {
      expect(one.sendAt).toBeGreaterThanOrEqual(week[i - 1]?.sendAt ?? 0)
      if (one.record.id.endsWith('-e') || one.record['cancelled'] === true) continue
      expect(instant(one), one.record.id).toBeLessThanOrEqual(one.sendAt + skew)
    }
  })

  test('is taken by the schemas of the feeds, but for about one record in 700', () => {
    const refused = week.filter(
      ({ feed, record }) => record['cancelled'] !== true && !schemas[feed].Check(record),
    )
    expect(refused.every(({ record }) => record.id.endsWith('-e'))).toBe(true)
    expect(refused.length / week.length).toBeGreaterThan(0.0005)
    expect(refused.length / week.length).toBeLessThan(0.003)
  })

  test('makes about 35,000 records a day at scale 1', () => {
    const perDay = week.length / 7 / 0.2
    expect(perDay).toBeGreaterThan(28_000)
    expect(perDay).toBeLessThan(40_000)
  })

  test('has cameras that misread about 9.5 % of plates', () => {
    const reads = week.filter(({ feed, record }) => feed === 'sightings' && record['cancelled'] !== true)
    const unread = reads.filter(({ record }) => String(record['plate']).includes('?'))
    expect(unread.length / reads.length).toBeGreaterThan(misreadShare * 0.8)
    expect(unread.length / reads.length).toBeLessThan(misreadShare * 1.1)
  })

  test('lets nobody through a checkpoint outside its hours', () => {
    const places = createPlaces(readReference())
    const gates = new Map(places.borders.values.map((gate) => [gate.id, gate]))
    const outside = week.filter((one) => {
      const gate = one.feed === 'crossings' ? gates.get(String(one.record['site'])) : undefined
      if (gate === undefined || one.record.id.endsWith('-e')) return false
      // A party is let through together: the last of it up to a minute after closing time. And clocks are off.
      return ![-skew, 0, skew + 60_000].some((off) => isOpen(gate, instant(one) - off))
    })
    expect(outside.map(({ record }) => record.id)).toEqual([])
  })

  test('is quieter at night than by day', () => {
    const perHour = Array.from({ length: 24 }, () => 0)
    for (const { sendAt } of week) perHour[Math.floor(((sendAt - from) % day) / hour)]!++
    const [night, noon] = [perHour.slice(1, 5), perHour.slice(14, 18)].map((list) =>
      list.reduce((a, b) => a + b),
    )
    expect((night as number) * 2).toBeLessThan(noon as number)
  })

  test('sends some records twice, corrects some and takes some back', () => {
    const seen = new Map<string, number>()
    for (const { feed, record } of week) {
      const name = `${feed}:${record.id}:${String(record['revision'] ?? 0)}`
      seen.set(name, (seen.get(name) ?? 0) + 1)
    }
    expect([...seen.values()].filter((times) => times > 1).length).toBeGreaterThan(50)
    expect(week.filter(({ record }) => record['revision'] === 1).length).toBeGreaterThan(50)
    expect(week.filter(({ record }) => record['cancelled'] === true).length).toBeGreaterThan(10)
  })
})
