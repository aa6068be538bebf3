import { afterAll, beforeAll, expect, test } from 'vitest'
import { summarise } from '../../../dashboard/api/daily.ts'
import { Compile } from 'typebox/compile'
import { Daily } from '../../../dashboard/api/shapes.ts'
import { alertRow, revisionOf, startDashboard, insertVolumes, volumeRow, type Dashboard } from './support.ts'

/** Tuesday 10 March 2026 in Bangkok is 2026-03-09T17:00Z to 2026-03-10T17:00Z. */
const now = Date.parse('2026-03-11T03:00:00Z')
let dashboard: Dashboard
let daily: Daily

const raised = (id: string, iso: string, rest: object = {}) =>
  alertRow(
    revisionOf({ alertId: id.padStart(16, '0'), raisedAt: Date.parse(iso), endAt: Date.parse(iso), ...rest }),
  )

beforeAll(async () => {
  dashboard = await startDashboard({ now: () => now })
  await insertVolumes(
    dashboard.store,
    [
      // The day: 30 entries and 10 exits at CP-1, 90 entries at CP-2.
      volumeRow({ site: 'CP-1', hour: '2026-03-09T17:00:00Z', kind: 'entry', count: 30 }),
      volumeRow({ site: 'CP-1', hour: '2026-03-10T16:00:00Z', kind: 'exit', count: 10 }),
      volumeRow({ site: 'CP-2', hour: '2026-03-10T01:00:00Z', kind: 'entry', count: 90 }),
      // One hour before the day and one after it.
      volumeRow({ site: 'CP-1', hour: '2026-03-09T16:00:00Z', kind: 'entry', count: 1000 }),
      volumeRow({ site: 'CP-1', hour: '2026-03-10T17:00:00Z', kind: 'entry', count: 1000 }),
      // Tuesdays before: 3 March 100, 24 February 60 (CP-1) and 20 (CP-2), 17 February nothing, 10 February: no system yet.
      volumeRow({ site: 'CP-1', hour: '2026-03-03T01:00:00Z', kind: 'entry', count: 100 }),
      volumeRow({ site: 'CP-1', hour: '2026-02-24T01:00:00Z', kind: 'entry', count: 60 }),
      volumeRow({ site: 'CP-2', hour: '2026-02-24T01:00:00Z', kind: 'entry', count: 20 }),
      volumeRow({ site: 'CP-3', hour: '2026-02-12T01:00:00Z', kind: 'entry', count: 20 }),
      volumeRow({ feed: 'registrations', site: 'HT-1', hour: '2026-03-10T08:00:00Z', count: 4, people: 11 }),
      // Lodgings with a wrong clock.
      volumeRow({ feed: 'registrations', site: 'HT-2', hour: '2026-03-08T08:00:00Z', count: 90 }),
      volumeRow({ feed: 'registrations', site: 'HT-2', hour: '2026-03-09T08:00:00Z', count: 90 }),
      volumeRow({ feed: 'registrations', site: 'HT-3', hour: '2026-02-23T08:00:00Z', count: 1 }),
      // Another agency counts lodgings by the day, for years longer.
      ...['2026-03-02T17:00:00Z', '2026-03-09T17:00:00Z'].map((hour) =>
        volumeRow({
          feed: 'registrations',
          site: 'HT-9',
          hour,
          count: 500,
          people: 500,
          origin: 'counted',
          span_hours: 24,
        }),
      ),
    ],
    'volumes',
  )
  await dashboard.store.insertRows(
    'alert_revisions',
    [
      raised('1', '2026-03-10T02:00:00Z', { severity: 'low', endAt: Date.parse('2026-03-14T00:00:00Z') }),
      // A backlog that came two days later tells of this day.
      raised('2', '2026-03-12T03:00:00Z', { severity: 'high', endAt: Date.parse('2026-03-10T03:00:00Z') }),
      raised('3', '2026-03-10T04:00:00Z', {
        rule: 'overcrowded-lodgings',
        class: 'inspect',
        keyspace: 'premises',
        key: 'HT-1',
        site: 'HT-1',
      }),
      // Withdrawn since, raised on another day, raised a week before.
      raised('4', '2026-03-10T05:00:00Z', { status: 'withdrawn', reason: 'evidence-changed' }),
      raised('5', '2026-03-10T17:00:00Z'),
      raised('6', '2026-03-03T05:00:00Z'),
    ],
    'alerts',
  )
  daily = (await dashboard.get('/api/daily', 'leader')).json() as Daily
})
afterAll(() => dashboard.stop())

test('yesterday is the day when none is asked for, and the answer has the shape that the page expects', () => {
  expect(daily).toMatchObject({
    date: '2026-03-10',
    timeZone: 'Asia/Bangkok',
    from: Date.parse('2026-03-09T17:00Z'),
    to: Date.parse('2026-03-10T17:00Z'),
    complete: true,
  })
  expect(Compile(Daily).Errors(daily)).toEqual([])
})

test('totals stand beside the same weekday of the last four weeks; days before the first record are no zeros', () => {
  expect(daily.totals.filter(({ feed }) => feed === 'crossings')).toEqual([
    {
      feed: 'crossings',
      kind: '',
      people: 130,
      count: 130,
      sameWeekday: [
        { date: '2026-03-03', count: 100 },
        { date: '2026-02-24', count: 80 },
        { date: '2026-02-17', count: 0 },
        { date: '2026-02-10', count: null },
      ],
      usual: 60,
      ratio: 130 / 60,
    },
    expect.objectContaining({ kind: 'entry', count: 120, usual: 60, ratio: 2 }),
    expect.objectContaining({ kind: 'exit', count: 10, usual: 0, ratio: null }),
  ])
  expect(daily.totals.find(({ feed }) => feed === 'registrations')).toMatchObject({
    count: 504,
    people: 511,
    usual: null,
    ratio: null,
  })
  expect(daily.totals.find(({ feed }) => feed === 'sightings')).toMatchObject({ count: 0, usual: null })
})

test('busiest sites by count, most changed by factor either way', () => {
  expect(daily.busiestSites.map(({ site, count }) => [site, count])).toEqual([
    ['HT-9', 500],
    ['CP-2', 90],
    ['CP-1', 40],
    ['HT-1', 4],
  ])
  // CP-2: 90 against (0 + 20 + 0) / 3; CP-1: 40 against (100 + 60 + 0) / 3.
  expect(daily.mostChangedSites.map(({ site, ratio }) => [site, ratio])).toEqual([
    ['CP-2', 90 / (20 / 3)],
    ['CP-1', 40 / (160 / 3)],
  ])
})

test('standing alerts of the day by rule, and as sentences, most severe first, without a key', () => {
  expect(daily.alertsByRule.map(({ rule, count, usual }) => [rule, count, usual])).toEqual([
    ['repeated-crossings', 2, 1 / 3],
    ['overcrowded-lodgings', 1, 0],
  ])
  expect(daily.alertsTotal).toBe(3)
  expect(daily.alerts.map(({ alertId }) => Number(alertId))).toEqual([3, 2, 1])
  expect(daily.alerts[0]?.sentence.th).toContain('ข้าม')
  expect(JSON.stringify(daily)).not.toContain('00000000000000ff')
})

test('the profile has every hour of the local day beside its mean', () => {
  const hours = daily.hourly.filter(({ feed }) => feed === 'crossings')
  expect(hours).toHaveLength(24)
  expect(hours.filter(({ count }) => count > 0).map(({ hour, count }) => [hour, count])).toEqual([
    [0, 30],
    [8, 90],
    [23, 10],
  ])
  expect(hours[8]).toMatchObject({ time: Date.parse('2026-03-10T01:00Z'), usual: 60 })
  expect(hours[3]?.usual).toBe(0)
})

test('what was counted by the day is part of the day, and of no hour', () => {
  const hours = daily.hourly.filter(({ feed, count }) => feed === 'registrations' && count > 0)
  expect(hours.map(({ hour, count }) => [hour, count])).toEqual([[15, 4]])
})

test('a feed is comparable from its first day of many records, whatever has a wrong clock and however long others have counted', () => {
  const totals = daily.totals.find(({ feed }) => feed === 'registrations')
  expect(totals?.sameWeekday.map(({ count }) => count)).toEqual([null, null, null, null])
})

test('a day that still lasts says so', async () => {
  const today = (await dashboard.get('/api/daily?date=2026-03-11', 'leader')).json() as Daily
  expect(today).toMatchObject({ date: '2026-03-11', complete: false })
})

test('a day that is none is a 400', async () => {
  expect((await dashboard.get('/api/daily?date=2026-02-30')).json()).toMatchObject({
    code: 'INPUT',
    field: 'date',
  })
})

test('the day on which a feed began is no day to compare with, and its hours only from then on', () => {
  const day = (date: string) => ({
    date,
    from: Date.parse(`${date}T00:00Z`),
    to: Date.parse(`${date}T00:00Z`) + 24 * 3_600_000,
  })
  const row = (n: number, time: string, count: number) => ({
    day: n,
    feed: 'sightings',
    kind: '',
    time: Date.parse(time),
    of_day: 0,
    count,
    people: 0,
  })
  const { totals, hourly } = summarise(
    {
      hours: [row(1, '2026-03-10T09:00Z', 40), row(2, '2026-03-03T15:00Z', 7)],
      sites: [],
      alerts: [],
      firsts: [{ feed: 'sightings', first_at: Date.parse('2026-03-03T15:00Z') }],
    },
    [day('2026-03-10'), day('2026-03-03')],
    { nameOf: (id) => ({ en: id, th: id }), titleOf: (id) => ({ en: id, th: id }) },
  )
  expect(totals.find(({ feed }) => feed === 'sightings')).toMatchObject({
    count: 40,
    sameWeekday: [{ date: '2026-03-03', count: null }],
    usual: null,
  })
  const usual = hourly.filter(({ feed }) => feed === 'sightings').map((hour) => hour.usual)
  expect(usual.slice(13, 17)).toEqual([null, null, 7, 0])
})
