import { describe, expect, test } from 'vitest'
import { readReference } from '../../ingest/reference/read-csv.ts'
import { nameOfSubject, type Scheme, type Subject } from '../../ingest/world/labels.ts'
import { kinds } from '../../ingest/world/schemes/all.ts'
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
  const labels = schemes(11, from, to)
  // Those whose every record lies in the span.
  const whole = labels.filter(({ startAt, endAt }) => startAt >= from && endAt < to - 4 * 3_600_000)

  test('name every traveller who crosses four times in a day, and only those', () => {
    const found = shuttlers(sent)
    const marked = whole.filter(({ rule }) => rule === 'repeated-crossings')
    expect(marked.filter(({ truth }) => truth === 'stands').length).toBeGreaterThan(8)
    expect(marked.filter(({ truth }) => truth !== 'stands').length).toBeGreaterThan(2)
    for (const { id, truth, subjects } of marked)
      expect(found.has(nameOfSubject(subjects[0] as Subject)), id).toBe(truth === 'stands')
    const known = new Set(
      schemes(11, from - 2 * day, to)
        .filter(({ rule, truth }) => rule === 'repeated-crossings' && truth === 'stands')
        .flatMap(({ subjects }) => subjects.map(nameOfSubject)),
    )
    expect([...found].filter((document) => !known.has(document))).toEqual([])
  })

  test('name every house that overflows, once each, and only those', () => {
    const of = (list: readonly Scheme[]) =>
      list.filter(({ rule, variant }) => rule === 'overcrowded-lodgings' && variant !== 'room')
    const found = overflows(sent, capacity)
    const during = ({ subjects, startAt, endAt }: Scheme) =>
      found.filter(
        ([premises, a, b]) => premises === nameOfSubject(subjects[0] as Subject) && a < endAt && b > startAt,
      )
    expect(of(whole).filter(({ truth }) => truth === 'stands').length).toBeGreaterThan(4)
    for (const label of of(whole))
      expect(during(label), label.id).toHaveLength(label.truth === 'stands' ? 1 : 0)
    const known = of(schemes(11, from - 3 * day, to + day)).filter(({ truth }) => truth === 'stands')
    expect(found.filter((one) => !known.some((label) => during(label).includes(one)))).toEqual([])
  })

  test('say when the deciding record was sent', () => {
    const houses = whole.filter(({ rule, variant }) => rule === 'overcrowded-lodgings' && variant === 'house')
    for (const { id, decidedAt, events } of houses) {
      const ids = new Set(events.map((event) => event.slice(event.indexOf(':') + 1)))
      const until = (at: number) =>
        overflows(sent.filter(({ sendAt, record }) => sendAt <= at && ids.has(record.id)), capacity)
      expect(until(decidedAt - 1), id).toHaveLength(0)
      expect(until(decidedAt).length, id).toBeGreaterThan(0)
    }
  }) // prettier-ignore

  test('there are some of every kind, with something that looks like it and is not', () => {
    const month = schemes(11, from, from + 28 * day)
    for (const { rule } of kinds) {
      const own = month.filter((label) => label.rule === rule)
      expect(own.filter(({ truth }) => truth === 'stands').length, rule).toBeGreaterThanOrEqual(5)
      expect(own.filter(({ truth }) => truth !== 'stands').length, rule).toBeGreaterThanOrEqual(2)
    }
  })

  test('name records that are sent, about the subjects they name, and no two documents twice', () => {
    const byId = new Map(sent.map(({ source, record }) => [`${source}:${record.id}`, record]))
    for (const { id, rule, decidedBy, events, subjects } of whole.filter(
      ({ rule }) => !['silence', 'release-surge'].includes(rule),
    )) {
      expect(events.length, id).toBeGreaterThan(0)
      for (const event of events) expect(byId.has(event), `${id} ${event}`).toBe(true)
      if (decidedBy !== '') expect(events, id).toContain(decidedBy)
      const words = new Set(
        events.flatMap((event) => Object.values(byId.get(event) as object).map((value) => String(value))),
      )
      if (!['watchlist', 'watchlist-plate'].includes(rule))
        for (const subject of subjects)
          expect(words.has(nameOfSubject(subject)), `${id} ${nameOfSubject(subject)}`).toBe(true)
    }
    const documents = labels.flatMap(({ subjects }) =>
      subjects.flatMap((subject) => ('documentNumber' in subject ? [subject.documentNumber] : [])),
    )
    expect(new Set(documents).size).toBe(documents.length)
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
      expect(shuttlers(until(liveStart + 20_000)).has(nameOfSubject(shuttle?.subjects[0] as Subject))).toBe(
        false,
      )
      expect(shuttlers(until(liveStart + 20_001)).has(nameOfSubject(shuttle?.subjects[0] as Subject))).toBe(
        true,
      )
      const full = (at: number) =>
        overflows(until(at), capacity).filter(
          ([premises]) => premises === nameOfSubject(house?.subjects[0] as Subject),
        )
      expect(full(liveStart + 32_000)).toHaveLength(0)
      expect(full(liveStart + 32_001)).toHaveLength(1)
    },
  )

  test('goes on every few minutes, with another document and a house that is empty again', () => {
    const liveStart = starts[2] as number
    const labels = schemes(11, liveStart, liveStart + 120 * minute, { liveStart, scale: 0.1 }).filter(
      ({ id }) => id.includes('-L'),
    )
    expect(labels.length).toBeGreaterThanOrEqual(38)
    const documents = labels
      .filter(({ rule }) => rule === 'repeated-crossings')
      .flatMap(({ subjects }) => subjects.map(nameOfSubject))
    expect(new Set(documents).size).toBe(documents.length)
    const houses = labels.filter(({ rule }) => rule === 'overcrowded-lodgings')
    for (const one of houses)
      expect(
        houses.filter(
          (other) =>
            nameOfSubject(other.subjects[0] as Subject) === nameOfSubject(one.subjects[0] as Subject) &&
            other.startAt < one.endAt &&
            one.startAt < other.endAt,
        ),
      ).toEqual([one])
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
