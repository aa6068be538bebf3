import { array, assert, asyncProperty, integer, tuple } from 'fast-check'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PremisesPeaks, Presence } from '../../../dashboard/api/shapes.ts'
import type { Row } from '../../../sql/store.ts'
import { alertRow, revisionOf, startDashboard, type Dashboard } from './support.ts'

const day = 86_400_000
const noon = Date.parse('2026-01-10T05:00:00Z')
let dashboard: Dashboard
let key = 0n

/** A stay of `people` from day `from` to day `to`, noon to noon in Bangkok; `to` absent: no check-out. */
function stay(site: string, people: number, from: number, to?: number): Row {
  key++
  return {
    event_key: key,
    version: 1n,
    event_id: `test:${key}`,
    source: 'test',
    site,
    at: new Date(noon + from * day),
    ingested_at: new Date(noon),
    check_out_at: to === undefined ? null : new Date(noon + to * day),
    party_size: people,
  }
}

beforeAll(async () => {
  dashboard = await startDashboard()
  await dashboard.store.insertRows(
    'registrations',
    [
      stay('HT-1', 20, 0, 2),
      stay('HT-1', 15, 1, 3),
      // Comes as the first leaves: never together.
      stay('HT-1', 19, 2, 4),
      // One night is assumed.
      stay('HT-2', 4, 0),
      stay('HT-2', 3, 1, 2),
    ],
    'stays',
  )
  const premises = {
    id: 'HT-1',
    name: 'Lotus Hotel',
    nameTh: 'โรงแรมบัว',
    capacity: 25,
    validFrom: '2020-01-01',
    validTo: null,
    source: 't',
    owner: 't',
  }
  await dashboard.store.insertRows(
    'reference',
    [
      {
        table_name: 'premises',
        id: 'HT-1',
        valid_from: '2020-01-01',
        valid_to: null,
        source: 't',
        owner: 't',
        row: JSON.stringify(premises),
        logged_at: new Date(0),
        log_seq: 1,
      },
    ],
    'reference',
  )
  const crowded = { rule: 'overcrowded-lodgings', site: 'HT-1' }
  await dashboard.store.insertRows(
    'alert_revisions',
    [
      alertRow(revisionOf({ ...crowded, alertId: '00000000000000c1' })),
      alertRow(revisionOf({ ...crowded, alertId: '00000000000000c2', status: 'withdrawn' })),
      alertRow(revisionOf({ alertId: '00000000000000c3', site: 'HT-1' })),
    ],
    'alerts',
  )
})
afterAll(() => dashboard.stop())

test('peaks of all premises: most people present, the local day it began, open alerts', async () => {
  const answer = (await dashboard.get('/api/premises/peaks')).json() as PremisesPeaks
  expect(Compile(PremisesPeaks).Errors(answer)).toEqual([])
  expect(answer.premises).toEqual([
    {
      id: 'HT-1',
      name: { en: 'Lotus Hotel', th: 'โรงแรมบัว' },
      capacity: 25,
      peak: 35,
      peakAt: noon + day,
      peakFrom: '2026-01-11',
      registrations: 3,
      findings: 1,
      openAlerts: 2,
    },
    expect.objectContaining({
      id: 'HT-2',
      capacity: 30,
      peak: 4,
      peakFrom: '2026-01-10',
      findings: 0,
      openAlerts: 0,
    }),
  ])
})

test('presence of one premises: its steps, and the peak of the span that is asked for', async () => {
  const whole = (await dashboard.get('/api/premises/HT-1/presence')).json() as Presence
  expect(Compile(Presence).Errors(whole)).toEqual([])
  expect(whole.steps.map(({ at, present }) => [(at - noon) / day, present])).toEqual([
    [0, 20],
    [1, 35],
    [2, 34],
    [3, 19],
    [4, 0],
  ])
  const part = (
    await dashboard.get('/api/premises/HT-1/presence?from=2026-01-12T18:00:00Z&to=2026-01-14')
  ).json() as Presence
  expect(part).toMatchObject({ peak: 34, peakFrom: '2026-01-13' })
})

test('a premises that nobody knows is a 404', async () => {
  expect((await dashboard.get('/api/premises/HT-404/presence')).json()).toMatchObject({
    code: 'NOT_FOUND',
    field: 'id',
  })
})

test('the peak of SQL equals a count made minute by minute, for any stays', async () => {
  let run = 0
  const stays = array(
    tuple(integer({ min: 1, max: 9 }), integer({ min: 0, max: 9 }), integer({ min: 1, max: 5 })),
    { minLength: 1, maxLength: 20 },
  )
  await assert(
    asyncProperty(stays, async (list) => {
      const site = `P-${run++}`
      await dashboard.store.insertRows(
        'registrations',
        list.map(([people, from, nights]) => stay(site, people, from, from + nights)),
        site,
      )
      const presentOn = (d: number): number =>
        list.reduce((sum, [people, from, nights]) => sum + (from <= d && d < from + nights ? people : 0), 0)
      const days = Array.from({ length: 15 }, (_, d) => d)
      const peak = Math.max(...days.map(presentOn))
      const { premises } = (await dashboard.get('/api/premises/peaks')).json() as PremisesPeaks
      expect(premises.find(({ id }) => id === site)).toMatchObject({
        peak,
        peakAt: noon + days.findIndex((d) => presentOn(d) === peak) * day,
      })
    }),
    { numRuns: 15 },
  )
})
