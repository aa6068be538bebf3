import { describe, expect, it } from 'vitest'
import type { CountedVolume, ReferenceRow } from '../../../ingest/feeds/log-subjects.ts'
import detector from '../../../processors/detectors/silence.ts'
import { findingsOf, sentenceOf } from '../../support/detect.ts'
import { day, hour, monday, type TestEvent } from '../../support/events.ts'

/** A record every `stepHours` from hour `from` to before hour `to`, without those that `but` names; `each` at a time. */
function reports(
  [from, to]: readonly [number, number],
  {
    each = 1,
    stepHours = 1,
    but = () => false,
  }: { each?: number; stepHours?: number; but?: (h: number) => boolean } = {},
): TestEvent[] {
  const events: TestEvent[] = []
  for (let h = from; h < to; h += stepHours)
    for (let n = 0; n < each && !but(h); n++)
      events.push({ feed: 'sightings', id: `${h}-${n}`, at: monday + h * hour + n * 1000, site: 'CAM' })
  return events
}
/** A total of each day from `from` to before `to`. */
const totals = (from: number, to: number, count = 100): CountedVolume[] =>
  Array.from({ length: to - from }, (_, n) => ({
    feed: 'crossings' as const,
    site: 'PORT',
    kind: 'entry',
    at: monday + (from + n) * day,
    spanMs: day,
    count,
  }))
const hours = (text: string, reason: string, from: number, to: number): ReferenceRow => ({
  id: 'CAM',
  hours: text,
  reason,
  validFrom: new Date(monday + from * hour).toISOString(),
  validTo: new Date(monday + to * hour).toISOString(),
  source: 'test',
  owner: 'test',
})

/** Findings about the site, hours since monday: silent from, until, and whether it came back. */
async function silences(
  events: readonly TestEvent[],
  nowHour: number,
  more: { params?: object; rows?: ReferenceRow[]; volumes?: CountedVolume[]; key?: string } = {},
): Promise<[from: number, end: number, back: boolean][]> {
  const found = await findingsOf(detector, { ...more.params }, events, [], [], {
    now: monday + nowHour * hour,
    tables: { hours: more.rows ?? [] },
    volumes: more.volumes ?? [],
  })
  return found
    .filter(({ alert }) => alert.key === (more.key ?? 'CAM'))
    .map(({ start, end, evidence }) => [
      (start - monday) / hour,
      (end - monday) / hour,
      evidence.backAt !== null,
    ])
}

const weeks = 168 * 4

describe('silence', () => {
  it.each<[string, TestEvent[], number, object, [number, number, boolean][]]>([
    ['of who still reports is none', reports([0, weeks], { each: 10 }), weeks, {}, []],
    ['begins when 20 were due, two hours at 10', reports([0, weeks], { each: 10 }), weeks + 2, {}, [[weeks, weeks + 2, false]]],
    ['not a moment before', reports([0, weeks], { each: 10 }), weeks + 1.99, {}, []],
    ['never in less than two hours', reports([0, weeks], { each: 100 }), weeks + 1.9, {}, []],
    ['of a small post takes longer', reports([0, weeks]), weeks + 19.9, {}, []],
    ['and is found all the same', reports([0, weeks]), weeks + 20, {}, [[weeks, weeks + 20, false]]],
    ['that is over tells until when', reports([0, weeks + 100], { each: 10, but: (h) => h >= weeks && h < weeks + 50 }), weeks + 100, {}, [[weeks, weeks + 50, true]]],
    ['longer than two weeks is final', reports([0, weeks + 400], { each: 10, but: (h) => h >= weeks && h < weeks + 340 }), weeks + 400, {}, [[weeks, weeks + 2, false]]],
    ['by night is as usual', reports([0, weeks + 24], { each: 10, but: (h) => h % 24 >= 12 }), weeks + 23, {}, []],
    ['by day is not', reports([0, weeks], { each: 10, but: (h) => h % 24 >= 12 }), weeks + 3, {}, [[weeks - 12, weeks + 2, false]]],
    ['of who has just begun says nothing', reports([0, 167], { each: 10 }), 200, {}, []],
    ['in two weeks enough is known', reports([0, 336], { each: 10 }), 400, {}, [[336, 338, false]]],
    ['one backlog makes nothing usual', reports([0, weeks], { each: 1 }).concat(reports([weeks - 160, weeks - 159], { each: 90 }).map((e) => ({ ...e, id: `b${e.id}` }))), weeks + 12, {}, []],
  ])('%s', async (_, events, now, params, expected) => {
    expect(await silences(events, now, { params })).toEqual(expected)
  }) // prettier-ignore

  it('ordered is no fault, and what is closed is not waited for', async () => {
    const events = reports([0, weeks], { each: 10 })
    const closed = hours('closed', 'ordered', weeks - 2, weeks + 50)
    expect(await silences(events, weeks + 40, { rows: [closed] })).toEqual([])
    expect(await silences(events, weeks + 53, { rows: [closed] })).toEqual([[weeks, weeks + 52, false]])
  })

  it('of a source is told apart from that of its sites', async () => {
    const events = reports([0, weeks], { each: 10 })
    const others = reports([0, weeks + 30], { each: 1 }).map((e) => ({ ...e, id: `o${e.id}`, site: 'OTHER' }))
    expect(await silences([...events, ...others], weeks + 30)).toEqual([[weeks, weeks + 2, false]])
    expect(await silences([...events, ...others], weeks + 30, { key: 'source:test' })).toEqual([])
    const both = await findingsOf(detector, {}, events, [], [], { now: monday + (weeks + 30) * hour })
    expect(both.map(({ alert, site }) => [alert.key, site]).sort()).toEqual([
      ['CAM', 'CAM'],
      ['source:test', ''],
    ])
  })

  it('of totals is found when two days are missing; a total of none is a report', async () => {
    const count = (volumes: CountedVolume[], dayNow: number) =>
      silences([], dayNow * 24, { volumes, key: 'PORT' })
    expect(await count(totals(0, 30), 31.9)).toEqual([])
    expect(await count(totals(0, 30), 32)).toEqual([[720, 768, false]])
    expect(await count([...totals(0, 30), ...totals(30, 40, 0)], 41.9)).toEqual([])
    expect(await count([...totals(0, 30), ...totals(33, 40)], 40)).toEqual([[720, 792, true]])
    expect(await count([...totals(0, 30), ...totals(31, 40)], 40)).toEqual([])
  })

  it('says what was due, in both languages', async () => {
    const now = monday + (weeks + 5) * hour
    const found = await findingsOf(detector, {}, reports([0, weeks], { each: 10 }), [], [], { now })
    const site = found.find(({ alert }) => alert.key === 'CAM')
    expect(site?.alert).toMatchObject({ severity: 'high', class: 'operations' })
    expect(sentenceOf(detector, site, 'en')).toBe(
      'CAM has reported nothing since 2 Feb 2026, 07:00 (20 events would usually have come before this was raised).',
    )
    expect(sentenceOf(detector, site, 'th')).toContain('ไม่รายงานตั้งแต่')
    const source = found.find(({ alert }) => alert.key === 'source:test')
    expect(sentenceOf(detector, source, 'en')).toMatch(/^The source has reported nothing/)
    const [totalled] = await findingsOf(detector, {}, [], [], [], {
      now: monday + 40 * day,
      volumes: [...totals(0, 30), ...totals(33, 40)],
    })
    expect(totalled?.alert.severity).toBe('low')
    expect(sentenceOf(detector, totalled, 'en')).toBe(
      'PORT reported nothing from 4 Feb 2026, 07:00 to 7 Feb 2026, 07:00 (totals for 48 h were due before this was raised).',
    )
  })
})
