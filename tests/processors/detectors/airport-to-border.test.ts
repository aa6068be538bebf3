import { describe, expect, it } from 'vitest'
import type { AlertRevision } from '../../../processors/alert.ts'
import detector from '../../../processors/detectors/airport-to-border.ts'
import { createEngine } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { batchesOf, eventKeyOf, hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { testDistricts, testPremises, testSites, testStays } from '../../support/places.ts'
import { hex64 } from '../../../platform/hash.ts'

const van = 0x5_0000_0001n
const at = (h: number): number => monday + h * hour
const lands = (h: number, more: Partial<TestEvent> = {}): TestEvent => ({
  feed: 'crossings', id: `land${h}`, at: at(h), traveller: 7n, site: 'BKK', direction: 'entry', mode: 'air', declaredProvince: 'Bangkok', ...more,
}) // prettier-ignore
const check = (h: number, site = 'HUAIHINFON', more: Partial<TestEvent> = {}): TestEvent => ({
  feed: 'crossings', id: `check${h}`, at: at(h), traveller: 7n, site, direction: 'check', mode: 'land', ...more,
}) // prettier-ignore
const leaves = (h: number, site: string, more: Partial<TestEvent> = {}): TestEvent =>
  check(h, site, { id: `exit${h}`, direction: 'exit', ...more })
const sees = (h: number, site: string, more: Partial<TestEvent> = {}): TestEvent => ({
  feed: 'sightings', id: `see${h}`, at: at(h), site, vehicle: van, confidence: 0.95, vehicleClass: 'van', ...more,
}) // prettier-ignore
const sleeps = (h: number, site: string, more: Partial<TestEvent> = {}): TestEvent => ({
  feed: 'registrations', id: `stay${h}`, at: at(h), until: at(h + 30), traveller: 7n, site, ...more,
}) // prettier-ignore
const tables = { districts: testDistricts, stays: testStays }
const find = (events: readonly TestEvent[], nowHour = 20) =>
  findingsOf(detector, {}, events, testPremises, testSites, { tables, now: at(nowHour) })

describe('from the airport to the border', () => {
  it.each<[string, TestEvent[], [by: string, seen: number, afterHours: number][]]>([
    ['to Bangkok as declared is the way of tourists', [lands(0), sleeps(2, 'INN-BKK')], []],
    ['a check before Mae Sot within hours', [lands(0), check(7)], [['check', 1, 7]]],
    ['a domestic flight to Mae Sot', [lands(0), check(6, 'MAQ', { mode: 'air' })], [['flight', 1, 6]]],
    ['the car that met them is seen there', [lands(0, { vehicle: van }), sees(6, 'CAM-TAK'), sees(7, 'CAM-MAESOT')], [['vehicle', 1, 7]]],
    ['a car that a check on the way tells of', [lands(0), check(3, 'PAKCHONG', { vehicle: van }), sees(8, 'CAM-MAESOT')], [['vehicle', 1, 8]]],
    ['by then the car had other guests', [lands(0), sees(2, 'CAM-MAESOT'), check(3, 'PAKCHONG', { vehicle: van })], []],
    ['a plate that may be misread is none', [lands(0, { vehicle: van }), sees(7, 'CAM-MAESOT', { confidence: 0.6 })], []],
    ['a coach goes on without those who left it', [lands(0, { vehicle: van }), sees(7, 'CAM-MAESOT', { vehicleClass: 'bus' })], []],
    ['another car is another', [lands(0, { vehicle: van }), sees(7, 'CAM-MAESOT', { vehicle: 9n })], []],
    ['check and car are one finding', [lands(0, { vehicle: van }), check(7), sees(7.5, 'CAM-MAESOT')], [['check,vehicle', 2, 7]]],
    ['who said so may go there', [lands(0, { declaredProvince: 'Tak' }), check(7)], []],
    ['who said nothing has no clear itinerary', [lands(0, { declaredProvince: '' }), check(7)], [['check', 1, 7]]],
    ['a lodging that files there tells where they are', [lands(0), check(7), sleeps(8, 'INN-MAESOT')], []],
    ['one in the province too', [lands(0), check(7), sleeps(8, 'INN-TAK')], []],
    ['one elsewhere does not', [lands(0), check(7), sleeps(2, 'INN-BKK')], [['check', 1, 7]]],
    ['who lives there comes home', [lands(0), check(7), sleeps(-200, 'INN-MAESOT', { until: at(400) })], []],
    ['eighteen hours count', [lands(0), check(18)], [['check', 1, 18]]],
    ['a day later they may have made other plans', [lands(0), check(18 + 1 / 60)], []],
    ['a check inland is on the way anywhere', [lands(0), check(3, 'PAKCHONG')], []],
    ['a border that is not high-risk neither', [lands(0), check(12, 'SADAO')], []],
    ['who came by land is another matter', [lands(0, { mode: 'land', site: 'NONGKHAI' }), check(7)], []],
    ['transit passengers who leave by the bridge', [lands(0), check(7), leaves(8, 'MAESOT')], []],
    ['and by another plane', [lands(0), leaves(5, 'BKK', { mode: 'air' }), check(12)], []],
    ['crew go where duty takes them', [lands(0, { documentType: 'crew' }), check(7, 'HUAIHINFON', { documentType: 'crew' })], []],
    ['citizens declare no destination', [lands(0, { nationality: 'HOM', declaredProvince: '' }), check(7)], []],
    ['who was refused has not arrived', [lands(0, { outcome: 'refused' }), check(7)], []],
    ['who was referred to another desk has', [lands(0, { outcome: 'referred' }), check(7)], [['check', 1, 7]]],
    ['one of a family counts like one alone', [lands(0), lands(0, { id: 'x', traveller: 8n }), check(7)], [['check', 1, 7]]],
    ['a check of somebody else is no sign', [lands(0), check(7, 'HUAIHINFON', { traveller: 8n })], []],
    ['a correction of the destination takes it back', [lands(0), check(7), lands(0, { revision: 1, declaredProvince: 'Tak' })], []],
    ['a check that was taken back too', [lands(0), check(7), check(7, 'HUAIHINFON', { revision: 1, cancelled: true })], []],
    ['a correction of the plate moves it', [lands(0, { vehicle: van }), sees(7, 'CAM-MAESOT'), sees(7, 'CAM-MAESOT', { revision: 1, vehicle: 9n })], []],
    ['two arrivals, the second as declared', [lands(0), leaves(10, 'BKK'), lands(20, { declaredProvince: 'Tak' }), check(27)], []],
  ])('%s', async (_, events, expected) => {
    const found = await find(events)
    expect(found.map(({ evidence: e }) => [e.by.join(), e.seen, e.afterMs / hour])).toEqual(expected)
  }) // prettier-ignore

  it.each<[string, TestEvent[], now: number, confirmed: boolean]>([
    ['before 36 hours nothing is sure', [lands(0), check(7)], 35.9, false],
    ['no registration, no exit, last seen at the border', [lands(0), check(7)], 36, true],
    ['a registration elsewhere means that they are somewhere', [lands(0), check(7), sleeps(20, 'INN-CNX')], 36, false],
    ['seen inland since', [lands(0), check(7), check(20, 'PAKCHONG')], 36, false],
    ['the car too', [lands(0, { vehicle: van }), check(7), sees(20, 'CAM-TAK')], 36, false],
    ['an exit after that does not undo it', [lands(0), check(7), leaves(60, 'BKK')], 80, true],
  ])('is confirmed: %s', async (_, events, now, confirmed) => {
    const [finding] = await find(events, now)
    expect(finding?.evidence.confirmed).toBe(confirmed)
    expect(finding?.alert.severity).toBe(confirmed ? 'high' : 'medium')
  }) // prettier-ignore

  /** An engine that is given records one after the other and answers with the revisions of each. */
  function steps(): (record: TestEvent | number) => AlertRevision[] {
    const slice = { index: 1, count: 1 }
    const engine = createEngine({ slice, rules: [createRule(detector)], timeZone: 'Asia/Bangkok' })
    let seq = 0
    for (const [table, rows] of Object.entries({ sites: testSites, premises: testPremises, ...tables }))
      engine.take({ kind: 'reference', change: { table: table as 'sites', rows, loggedAt: monday } }, ++seq)
    return (record) =>
      typeof record === 'number'
        ? engine.take({ kind: 'tick', tick: { at: record } }, ++seq)
        : batchesOf([record]).flatMap((batch) => engine.take({ kind: 'batch', batch }, ++seq))
  }

  it('fires with the record that decides, be it of the car alone, and goes on as one alert', () => {
    const step = steps()
    expect(step(lands(0, { vehicle: van }))).toEqual([])
    step(at(6))
    expect(step(sees(6, 'CAM-TAK'))).toEqual([])
    const [raised] = step(sees(7, 'CAM-MAESOT'))
    expect(raised).toMatchObject({ revision: 1, status: 'open', class: 'welfare', severity: 'medium' })
    expect(raised?.events).toEqual([`land0`, 'see7'].map((id) => hex64(eventKeyOf({ feed: 'crossings', id, at: 0 })))) // prettier-ignore
    expect(step(at(36) - minute)).toEqual([])
    const [confirmed] = step(at(36))
    expect(confirmed).toMatchObject({ alertId: raised?.alertId, revision: 2, severity: 'high' })
    const [withdrawn] = step(sleeps(9, 'INN-MAESOT'))
    expect(withdrawn).toMatchObject({ alertId: raised?.alertId, revision: 3, status: 'withdrawn' })
  })

  it('remembers a lodging from before the landing whatever comes long after', () => {
    const step = steps()
    const before = [sleeps(7, 'INN-MAESOT', { until: null }), lands(30), check(32)]
    expect(before.flatMap(step), 'registered where they were seen').toEqual([])
    expect([at(89), sleeps(90, 'INN-BKK', { until: null })].flatMap(step)).toEqual([])
  })

  it('names what decided, in both languages, and what would have made it not fire', async () => {
    const [finding] = await find([lands(0), check(7)], 36)
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'Landed at BKK on 5 Jan 2026, 07:00 (declared Bangkok); 7 h later seen in a high-risk district (check); last in Mae Sot, Tak, at HUAIHINFON on 5 Jan 2026, 14:00; no registration and no exit by 6 Jan 2026, 19:00.',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('แจ้งปลายทาง กรุงเทพมหานคร')
    expect(unlessOf(detector, finding, 'en')).toBe(
      'with Tak declared, a lodging registered there, an exit, or more than 18 h after landing',
    )
  })
})
