import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/border-shuttle.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { day, hour, monday, type TestEvent } from '../../support/events.ts'
import { rowsOf, type Cameras } from '../laws/random-sightings.ts'

const cameras: Cameras = {
  BKK: { lat: 13.99, lon: 100.62, zone: 'interior' },
  TAK: { lat: 16.87, lon: 99.13, zone: 'transit' },
  HILL: { lat: 16.76, lon: 98.87, zone: 'transit' },
  GATE: { lat: 16.72, lon: 98.59, zone: 'border' },
  RIVER: { lat: 16.69, lon: 98.52, zone: 'border' },
}
/** Reads of a night: hours after local midnight of a Monday, at cameras. */
type Read = readonly [site: string, localHour: number, more?: Partial<TestEvent>]
const reads = (rows: readonly Read[], more: Partial<TestEvent> = {}): TestEvent[] =>
  rows.map(([site, h, its]) => ({
    feed: 'sightings',
    id: `${site}${h}${its?.id ?? ''}`,
    at: monday + (h - 7) * hour,
    site,
    vehicle: 7n,
    confidence: 0.95,
    vehicleClass: 'van',
    ...more,
    ...its,
  }))
/** From Tak at 22:00 local time, at the river half past midnight, back in Tak; every `d` days. */
const trip = (d: number): Read[] => [['TAK', 22 + 24 * d], ['GATE', 23.5 + 24 * d], ['RIVER', 23.7 + 24 * d], ['RIVER', 24.7 + 24 * d], ['GATE', 24.9 + 24 * d], ['TAK', 26.5 + 24 * d]] // prettier-ignore
const trips = (...days: number[]): Read[] => days.flatMap(trip)
/** The same with another stay at the river, hours, begun at another local hour. */
const visit = (d: number, stay: number, from = 23.5, inner = 'TAK'): Read[] => [[inner, from - 1.5 + 24 * d], ['RIVER', from + 24 * d], ['RIVER', from + stay + 24 * d], [inner, from + stay + 1.5 + 24 * d]] // prettier-ignore
const found = (events: readonly TestEvent[]) => findingsOf(detector, {}, events, [], rowsOf(cameras))

describe('border shuttle', () => {
  it.each<[string, TestEvent[], [trips: number, fromDay: number, toDay: number][]]>([
    ['three nights in two weeks are one', reads(trips(0, 3, 6)), [[3, 0, 6]]],
    ['two are none', reads(trips(0, 3)), []],
    ['the window counts whole', reads(trips(0, 7, 14)), [[3, 0, 14]]],
    ['beyond it they are none', reads(trips(0, 7, 15)), []],
    ['a long chain is one', reads(trips(0, 6, 12, 18, 24)), [[5, 0, 24]]],
    ['by day it is trade', reads([0, 3, 6].flatMap((d) => visit(d, 1, 13))), []],
    ['who came by day and leaves at night counts', reads([0, 3, 6].flatMap((d) => visit(d, 2, 21))), [[3, 0, 6]]],
    ['who leaves at ten does not yet', reads([0, 3, 6].flatMap((d) => visit(d, 0.9, 21))), []],
    ['who sleeps there lives there', reads([0, 3, 6].flatMap((d) => visit(d, 9))), []],
    ['three hours are a stay', reads([0, 3, 6].flatMap((d) => visit(d, 3))), []],
    ['a little less is a turn-round', reads([0, 3, 6].flatMap((d) => visit(d, 2.9))), [[3, 0, 6]]],
    ['who drives about the district all night is no shuttle', reads([0, 3, 6].flatMap((d) => [['TAK', 20 + 24 * d], ['GATE', 22 + 24 * d], ['RIVER', 24.5 + 24 * d], ['GATE', 27 + 24 * d], ['RIVER', 29.5 + 24 * d], ['TAK', 31 + 24 * d]] as Read[])), []],
    ['the next village is no interior', reads([0, 3, 6].flatMap((d) => visit(d, 1, 23.5, 'HILL'))), []],
    ['and does not part a visit', reads([0, 3, 6].flatMap((d): Read[] => [['TAK', 22 + 24 * d], ['RIVER', 23.5 + 24 * d], ['HILL', 24 + 24 * d], ['RIVER', 24.5 + 24 * d], ['TAK', 26 + 24 * d]])), [[3, 0, 6]]],
    ['one read near the border is enough', reads([0, 3, 6].flatMap((d): Read[] => [['BKK', 18 + 24 * d], ['GATE', 24 + 24 * d], ['BKK', 30 + 24 * d]])), [[3, 0, 6]]],
    ['without a way back it is a way there', reads([0, 3, 6].flatMap((d): Read[] => [['BKK', 18 + 24 * d], ['GATE', 24 + 24 * d]])), []],
    ['a way back a day later is none', reads([0, 3, 6].flatMap((d): Read[] => [['BKK', 18 + 24 * d], ['GATE', 24 + 24 * d], ['BKK', 37 + 24 * d]])), []],
    ['twice a night counts twice', reads([...visit(0, 1, 22.5), ...visit(0, 1, 27).slice(1), ...visit(1, 1)]), [[3, 0, 1]]],
    ['a bus keeps to its line', reads(trips(0, 3, 6), { vehicleClass: 'bus' }), []],
    ['a lorry too', reads(trips(0, 3, 6), { vehicleClass: 'truck' }), []],
    ['a class that nobody read is not left out', reads(trips(0, 3, 6), { vehicleClass: 'unknown' }), [[3, 0, 6]]],
    ['a van that a camera took for a bus once stays one', reads(trips(0, 3, 6)).map((e, i) => (i % 6 === 2 ? { ...e, vehicleClass: 'bus' } : e)), [[3, 0, 6]]],
    ['reads that are not sure are none', reads(trips(0, 3, 6), { confidence: 0.6 }), []],
    ['several messages of a passage change nothing', [...reads(trips(0, 3)), ...reads(trips(0, 3)).map((e) => ({ ...e, id: `${e.id}u`, at: e.at + 2_000 }))], []],
    ['without the interior read of one trip it is two trips', reads(trips(0, 3, 6)).slice(1), []],
    ['other plates are others', [...reads(trips(0, 3)), ...reads(trips(6), { vehicle: 8n })], []],
  ])('%s', async (_, events, expected) => {
    const dayOf = (at: number): number => Math.floor((at - monday) / day + 7 / 24 - 0.7)
    expect((await found(events)).map((f) => [f.evidence.trips, dayOf(f.start), dayOf(f.end)])).toEqual(expected)
  }) // prettier-ignore

  it('takes the zone of a camera from its district', async () => {
    const rows = rowsOf({ TAK: cameras['TAK'] as Cameras[string] })
    const gate = { ...rowsOf({ RIVER: { lat: 16.69, lon: 98.52, zone: '' } })[0], province: 'Tak', district: 'Mae Sot' } as (typeof rows)[number] // prettier-ignore
    const district = { ...gate, id: 'Tak/Mae Sot', zone: 'border', highRisk: true } as (typeof rows)[number]
    const events = reads([0, 3, 6].flatMap((d) => visit(d, 1)))
    const options = { tables: { districts: [district] } }
    expect(await findingsOf(detector, {}, events, [], [...rows, gate], options)).toHaveLength(1)
  })

  it('names what decided, in both languages', async () => {
    const [finding] = await found(reads(trips(0, 3, 6)))
    expect(finding?.alert.severity).toBe('medium')
    expect(finding?.evidence).toMatchObject({ most: 3, shortestMs: hour, awayKm: 60, vehicleClass: 'van' })
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'One vehicle drove to the border at night and back 3 times (at most 3 in 14 d): between TAK and GATE and RIVER, at least 60 km apart, shortest turn-round 1 h, from 5 Jan 2026, 22:00 to 12 Jan 2026, 02:30.',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('3 รอบ')
    expect(unlessOf(detector, finding, 'en')).toContain('with 2 round trips or fewer in 14 d')
    expect((await found(reads(trips(0, 2, 4, 6, 8))))[0]?.alert.severity).toBe('high')
  })
})
