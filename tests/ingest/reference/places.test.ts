import { describe, expect, it } from 'vitest'
import type { ReferenceRow, TableName } from '../../../ingest/feeds/log-subjects.ts'
import {
  closedByOrder,
  distanceKm,
  flowOf,
  highRisk,
  holidayOf,
  isOpen,
  localDayOf,
  permittedDays,
  placeAt,
  zoneOf,
} from '../../../ingest/reference/places.ts'
import { applyChange, createReference, type Reference } from '../../../ingest/reference/reference.ts'

type Fields = Readonly<Record<string, string | number | boolean | null>>

function referenceOf(tables: Partial<Record<TableName, readonly (Fields & { id: string })[]>>): Reference {
  const reference = createReference()
  for (const [table, rows] of Object.entries(tables))
    applyChange(reference, {
      table: table as TableName,
      rows: rows.map((row): ReferenceRow => ({
        validFrom: '2020-01-01',
        validTo: null,
        source: 'test',
        owner: 'test',
        ...row,
      })),
      loggedAt: 0,
    })
  return reference
}

const local = (text: string): number => Date.parse(`${text}+07:00`)
const noon = local('2026-06-15T12:00:00')

describe('where a place is', () => {
  const post = { province: 'Tak', district: 'Mae Sot', lat: 16.7, lon: 98.5, kind: 'checkpoint' }
  const reference = referenceOf({
    sites: [
      { id: 'POST', ...post, zone: 'border', class: 'permanent' },
      { id: 'BARE', ...post, zone: '' },
      { id: 'NOWHERE', ...post, lat: null },
      { id: 'MOVED', ...post, validTo: '2026-01-01' },
      { id: 'MOVED', ...post, province: 'Bangkok', district: 'Bang Rak', validFrom: '2026-01-01' },
    ],
    premises: [{ id: 'INN', province: 'Tak', district: 'Mueang', lat: 16.88, lon: 99.12, zone: 'transit' }],
    districts: [
      { id: 'Tak/Mae Sot', zone: 'border', highRisk: true, validFrom: '2024-01-01' },
      { id: 'Tak/Mueang', zone: 'transit', highRisk: false },
    ],
  })

  it('is told for sites and premises, by the row of the time', () => {
    expect(placeAt(reference, 'POST', noon)).toEqual({
      lat: 16.7,
      lon: 98.5,
      province: 'Tak',
      district: 'Mae Sot',
      zone: 'border',
      kind: 'checkpoint',
      class: 'permanent',
    })
    expect(placeAt(reference, 'INN', noon)).toMatchObject({ kind: 'premises', class: '', zone: 'transit' })
    expect(placeAt(reference, 'MOVED', local('2025-12-31T23:59:59'))?.province).toBe('Tak')
    expect(placeAt(reference, 'MOVED', local('2026-01-01T00:00:00'))?.province).toBe('Bangkok')
    expect(placeAt(reference, 'NOWHERE', noon)).toBeUndefined()
    expect(placeAt(reference, 'UNKNOWN', noon)).toBeUndefined()
  })

  it('has the zone of its district where it has none of its own', () => {
    expect(['POST', 'BARE', 'INN', 'UNKNOWN'].map((id) => zoneOf(reference, id, noon))).toEqual([
      'border',
      'border',
      'transit',
      '',
    ])
  })

  it('is of high risk as its district is, from the day that says so', () => {
    expect(['POST', 'INN', 'UNKNOWN'].map((id) => highRisk(reference, id, noon))).toEqual([
      true,
      false,
      false,
    ])
    expect(highRisk(reference, 'POST', local('2023-12-31T12:00:00'))).toBe(false)
  })

  it('lies as far from another as the globe says', () => {
    const [bangkok, maeSot] = [
      { lat: 13.6811, lon: 100.747 },
      { lat: 16.69, lon: 98.509 },
    ]
    expect(distanceKm(bangkok, maeSot)).toBeCloseTo(411.5, 0)
    expect(distanceKm(bangkok, bangkok)).toBe(0)
    expect(distanceKm({ lat: 0, lon: 0 }, { lat: 0, lon: 180 })).toBeCloseTo(Math.PI * 6371, 6)
  })
})

describe('how long one may stay', () => {
  const reference = referenceOf({
    stays: [
      { id: 'FRA:passport', days: 30, validTo: '2024-07-15' },
      { id: 'FRA:passport', days: 60, validFrom: '2024-07-15' },
      { id: '*:passport', days: 15 },
      { id: '*:border-pass', days: 1 },
    ],
    passRules: [{ id: 'MMR:border-pass', days: 14, districts: 'Tak' }],
  })

  it.each([
    ['the row of the day of entry', 'FRA', 'passport', '2024-07-14T23:59:59', 30],
    ['the new row from midnight in Thailand', 'FRA', 'passport', '2024-07-15T00:00:00', 60],
    ['the row for everybody else', 'XXA', 'passport', '2026-06-15T12:00:00', 15],
    ['the rule of the pass', 'MMR', 'border-pass', '2026-06-15T12:00:00', 14],
    ['the row for passes of other neighbours', 'LAO', 'border-pass', '2026-06-15T12:00:00', 1],
    ['nothing where no rule is known', 'FRA', 'crew', '2026-06-15T12:00:00', undefined],
    ['nothing before the first rule', 'FRA', 'passport', '2019-12-31T12:00:00', undefined],
  ])('%s', (_, nationality, documentType, at, days) => {
    expect(permittedDays(reference, nationality, documentType, local(at))).toBe(days)
  })
})

describe('when a site is open', () => {
  const reference = referenceOf({
    hours: [
      { id: 'DAY', hours: '06:00-22:00', reason: 'usual' },
      { id: 'NIGHT', hours: '22:00-02:00', reason: 'usual' },
      { id: 'LATE', hours: '08:00-24:00', reason: 'usual' },
      { id: 'ALWAYS', hours: '24h', reason: 'usual' },
      { id: 'SHUT', hours: '06:00-22:00', reason: 'usual', validTo: '2026-06-15' },
      { id: 'SHUT', hours: 'closed', reason: 'ordered', validFrom: '2026-06-15', validTo: '2026-07-01' },
      { id: 'SHUT', hours: '06:00-22:00', reason: 'usual', validFrom: '2026-07-01' },
    ],
  })

  it.each<[string, string, boolean, boolean]>([
    ['DAY', '05:59:59', false, false],
    ['DAY', '06:00:00', true, false],
    ['DAY', '22:00:00', false, false],
    ['NIGHT', '23:00:00', true, false],
    ['NIGHT', '01:59:59', true, false],
    ['NIGHT', '02:00:00', false, false],
    ['LATE', '23:59:59', true, false],
    ['ALWAYS', '03:00:00', true, false],
    ['SHUT', '12:00:00', false, true],
    ['UNKNOWN', '03:00:00', true, false],
  ])('%s at %s', (site, time, open, ordered) => {
    const at = local(`2026-06-15T${time}`)
    expect([isOpen(reference, site, at), closedByOrder(reference, site, at)]).toEqual([open, ordered])
  })

  it('an order ends', () => {
    expect(isOpen(reference, 'SHUT', local('2026-07-01T12:00:00'))).toBe(true)
    expect(closedByOrder(reference, 'SHUT', local('2026-07-01T03:00:00'))).toBe(false)
  })
})

describe('days and flows', () => {
  const reference = referenceOf({
    holidays: [
      { id: '2026-04-13', name: 'Songkran', nameTh: 'สงกรานต์' },
      { id: '2026-05-15', name: 'cancelled', nameTh: '', validTo: '2026-01-01' },
    ],
    cameras: [{ id: 'CAM', route: 'R01', order: 1, heading: 'both', flowDay: 400, flowNight: 90 }],
  })

  it('a holiday is one if its row holds on that day', () => {
    expect(holidayOf(reference, '2026-04-13')?.['name']).toBe('Songkran')
    expect(holidayOf(reference, '2026-04-14')).toBeUndefined()
    expect(holidayOf(reference, '2026-05-15')).toBeUndefined()
  })

  it('a local day begins at midnight in Thailand', () => {
    expect(localDayOf(local('2026-04-13T00:00:00'))).toBe('2026-04-13')
    expect(localDayOf(local('2026-04-13T00:00:00') - 1)).toBe('2026-04-12')
  })

  it('a camera has a flow by day and one by night', () => {
    const flow = (time: string): number | undefined => flowOf(reference, 'CAM', local(`2026-06-15T${time}`))
    expect(['05:59:59', '06:00:00', '21:59:59', '22:00:00'].map(flow)).toEqual([90, 400, 400, 90])
    expect(flowOf(reference, 'OTHER', noon)).toBeUndefined()
  })
})
