import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/cloned-plate.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { rowsOf, type Cameras } from '../laws/random-sightings.ts'

/** BKK to CNX 583 km, to AYA 70 km; X is in no table. */
const cameras: Cameras = {
  BKK: { lat: 13.75, lon: 100.5, zone: 'interior' },
  AYA: { lat: 14.36, lon: 100.57, zone: 'interior' },
  CNX: { lat: 18.79, lon: 98.98, zone: 'interior' },
}
type Read = readonly [site: string, afterMinutes: number, more?: Partial<TestEvent>]
const reads = (...rows: Read[]): TestEvent[] =>
  rows.map(([site, minutes, more], i) => ({
    feed: 'sightings',
    id: String(i),
    at: monday + minutes * minute,
    site,
    vehicle: 7n,
    confidence: 0.97,
    plateProvince: 'Tak',
    plateCountry: 'THA',
    ...more,
  }))
const white = { make: 'Toyota', colour: 'white' }
const black = { make: 'Isuzu', colour: 'black' }
const found = (events: readonly TestEvent[], params = {}) =>
  findingsOf(detector, params, events, [], rowsOf(cameras))

describe('cloned plate', () => {
  it.each<[string, TestEvent[], [impossible: number, makes: string[], colours: string[]][]]>([
    ['600 km in an hour take two vehicles', reads(['BKK', 0], ['CNX', 60]), [[1, [], []]]],
    ['in four hours one', reads(['BKK', 0], ['CNX', 240]), []],
    ['at one instant too', reads(['BKK', 0], ['CNX', 0]), [[1, [], []]]],
    ['a fast drive is a fast drive', reads(['BKK', 0], ['AYA', 26]), []],
    ['a clock that is off by minutes is no second car', reads(['BKK', 0], ['AYA', 17]), []],
    ['one read that is not sure says nothing', reads(['BKK', 0], ['CNX', 60, { confidence: 0.85 }]), []],
    ['one of 0.897 is as good as 0.9', reads(['BKK', 0], ['CNX', 60, { confidence: 0.897 }]), [[1, [], []]]],
    ['a plate without its province is up to 77 vehicles', reads(['BKK', 0, { plateProvince: '' }], ['CNX', 60, { plateProvince: '' }]), []],
    ['one from abroad has its country', reads(['BKK', 0, { plateProvince: '', plateCountry: 'MYS' }], ['CNX', 60, { plateProvince: '', plateCountry: 'MYS' }]), [[1, [], []]]],
    ['a camera nobody knows the place of says nothing', reads(['BKK', 0], ['X', 60]), []],
    ['reads a day apart are not compared', reads(['BKK', 0], ['CNX', 1440]), []],
    ['other plates are others', reads(['BKK', 0], ['CNX', 60, { vehicle: 8n }]), []],
    ['there and back and there again are one finding', reads(['BKK', 0], ['CNX', 60], ['BKK', 120], ['CNX', 600]), [[2, [], []]]],
    ['days apart they are two', reads(['BKK', 0], ['CNX', 60], ['CNX', 4000], ['BKK', 4060]), [[1, [], []], [1, [], []]]],
    ['messages of one passage are one read', reads(['BKK', 0], ['BKK', 0.1], ['CNX', 60], ['CNX', 60.1]), [[1, [], []]]],
    ['another make and another colour are another vehicle', reads(['BKK', 0, white], ['BKK', 180, black]), [[0, ['Toyota', 'Isuzu'], ['white', 'black']]]],
    ['another make alone may be a mistake', reads(['BKK', 0, white], ['BKK', 180, white], ['BKK', 360, { ...white, make: 'Isuzu' }]), []],
    ['twice it is none', reads(['BKK', 0, white], ['BKK', 180, white], ['BKK', 360, { ...white, make: 'Isuzu' }], ['BKK', 540, { ...white, make: 'Isuzu' }]), [[0, ['Toyota', 'Isuzu'], []]]],
    ['in one passage it is one mistake', reads(['BKK', 0, white], ['BKK', 180, white], ['BKK', 360, { ...white, make: 'Isuzu' }], ['BKK', 360.5, { ...white, make: 'Isuzu' }]), []],
    ['silver for white is the light', reads(['BKK', 0, white], ['BKK', 60, { colour: 'silver' }], ['BKK', 180, white], ['BKK', 360, { colour: 'silver' }]), []],
    ['black for white is not', reads(['BKK', 0, { colour: 'white' }], ['BKK', 60, { colour: 'Black' }], ['BKK', 180, { colour: 'white' }], ['BKK', 360, { colour: 'black' }]), [[0, [], ['white', 'Black']]]],
    ['a colour that is in no list is not judged', reads(['BKK', 0, { colour: 'white' }], ['BKK', 60, { colour: 'teal' }], ['BKK', 180, { colour: 'white' }], ['BKK', 360, { colour: 'teal' }]), []],
    ['looks that nobody read say nothing', reads(['BKK', 0, white], ['BKK', 60], ['BKK', 120, { make: 'unknown' }]), []],
    ['repainted weeks later', reads(['BKK', 0, white], ['BKK', 9000, black]), []],
    ['a correction of the site takes it back', [...reads(['BKK', 0], ['CNX', 60]), ...reads(['BKK', 0], ['AYA', 60, { revision: 1 }]).slice(1)], []],
  ])('%s', async (_, events, expected) => {
    expect((await found(events)).map(({ evidence: e }) => [e.impossible, e.makes, e.colours])).toEqual(expected)
  }) // prettier-ignore

  it('is graver the more there is', async () => {
    const graveness = async (...rows: Read[]) => (await found(reads(...rows)))[0]?.alert.severity
    expect(await graveness(['BKK', 0], ['CNX', 60])).toBe('low')
    expect(await graveness(['BKK', 0, white], ['BKK', 60, black])).toBe('medium')
    expect(await graveness(['BKK', 0], ['CNX', 60], ['BKK', 120])).toBe('medium')
    expect(await graveness(['BKK', 0, white], ['CNX', 60, black])).toBe('high')
    expect(await graveness(['BKK', 0], ['CNX', 60], ['BKK', 120], ['CNX', 180])).toBe('high')
  })

  it('names what decided, in both languages', async () => {
    const [finding] = await found(reads(['BKK', 0, white], ['CNX', 60, black]))
    expect(finding?.evidence).toMatchObject({ km: 583, gapMs: hour, reads: 2, between: ['BKK', 'CNX'] })
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'One plate was read as no one vehicle can be (2 reads at BKK and CNX from 5 Jan 2026, 07:00): BKK and CNX, 583 km apart, within 1 h (at least 529 km/h; 1 such pair); makes Toyota and Isuzu; colours white and black.',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('583 กม.')
    expect(unlessOf(detector, finding, 'en')).toBe('with more than 3 h 6 min between the two reads')
    expect(unlessOf(detector, finding, 'th')).toContain('นานกว่า')
  })
})
