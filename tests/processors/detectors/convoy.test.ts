import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/convoy.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { day, hour, minute, monday, type TestEvent } from '../../support/events.ts'
import { rowsOf, type Cameras } from '../laws/random-sightings.ts'
import { lodging } from '../laws/random-stays.ts'

/** A road to the north, a camera every 56 km. */
const cameras: Cameras = Object.fromEntries(
  ['C0', 'C1', 'C2', 'C3', 'C4', 'C5'].map((id, i) => [id, { lat: 14 + i / 2, lon: 100, zone: 'interior' }]),
)
interface Drive {
  /** Cameras from and to; default the whole road. */
  readonly along?: readonly [from: number, to: number]
  /** How much later than the first vehicle the second is, minutes, at each camera in turn. */
  readonly gaps?: readonly number[]
  readonly more?: Partial<TestEvent>
  /** Of the second vehicle alone. */
  readonly other?: Partial<TestEvent>
}
/** Two vehicles on the road, the first camera at `h` hours of local time on day `d`. */
function drive(d: number, h: number, { along = [0, 5], gaps = [4], more, other }: Drive = {}): TestEvent[] {
  const events: TestEvent[] = []
  for (let c = along[0]; c <= along[1]; c++)
    for (const late of [0, 1]) {
      const gap = late * (gaps[(c - along[0]) % gaps.length] as number)
      const at = monday + d * day + (h - 7) * hour + ((c - along[0]) * 40 + gap) * minute
      events.push({ feed: 'sightings', id: `${d}-${h}-${c}-${late}`, at, site: `C${c}`, vehicle: late === 0 ? 7n : 8n, confidence: 0.95, vehicleClass: 'car', ...more, ...(late === 1 ? other : {}) })
    }
  return events
} // prettier-ignore
const quiet = Object.keys(cameras).map((id) => lodging(id, { flowDay: 200, flowNight: 45 }))
const found = (events: readonly TestEvent[], flows = quiet) =>
  findingsOf(detector, {}, events, [], rowsOf(cameras), { tables: { cameras: flows } })
const busy = Object.keys(cameras).map((id) => lodging(id, { flowDay: 4_000, flowNight: 900 }))

describe('convoy', () => {
  it.each<[string, TestEvent[], [trips: number, fromDay: number, toDay: number][]]>([
    ['two trips together are one finding', [...drive(0, 1), ...drive(3, 14)], [[2, 0, 3]]],
    ['one trip is the way of the road', drive(0, 1), []],
    ['two weeks count', [...drive(0, 1), ...drive(14, 1)], [[2, 0, 14]]],
    ['more do not', [...drive(0, 1), ...drive(15, 1)], []],
    ['a third trip belongs to them', [...drive(0, 1), ...drive(9, 14), ...drive(18, 3)], [[3, 0, 18]]],
    ['two cameras on a trip are too few', [...drive(0, 1, { along: [0, 1] }), ...drive(3, 14, { along: [0, 1] })], []],
    ['three within a hundred kilometres too', [...drive(0, 1), ...drive(3, 14, { along: [0, 1] })], []],
    ['three over more are enough', [...drive(0, 1, { along: [0, 2] }), ...drive(3, 14, { along: [3, 5] })], [[2, 0, 3]]],
    ['side by side is no lead car', [...drive(0, 1, { gaps: [0.3] }), ...drive(3, 14, { gaps: [0.3] })], []],
    ['half a minute is one', [...drive(0, 1, { gaps: [0.5] }), ...drive(3, 14, { gaps: [0.5] })], [[2, 0, 3]]],
    ["ten minutes are one", [...drive(0, 1, { gaps: [10] }), ...drive(3, 14, { gaps: [10, 10, 10, 11] })], [[2, 0, 3]]],
    ['eleven are none', [...drive(0, 1, { gaps: [11] }), ...drive(3, 14, { gaps: [11] })], []],
    ['who overtake each other are on the same road', [...drive(0, 1, { gaps: [4, -4] }), ...drive(3, 14, { gaps: [4, -4] })], []],
    ['now one ahead and now the other is no lead car', [...drive(0, 1, { gaps: [4] }), ...drive(3, 14, { gaps: [-4] })], []],
    ['nor with a trip in the other order among two', [...drive(0, 1), ...drive(3, 14), ...drive(6, 3, { gaps: [-4] })], []],
    ['one in four is an exception', [...drive(0, 1), ...drive(3, 14), ...drive(6, 3), ...drive(9, 20, { gaps: [-4] })], [[3, 0, 6]]],
    ['out and back in one day are two trips', [...drive(0, 6), ...drive(0, 15)], [[2, 0, 0]]],
    ['a long rest parts one trip, whose ends alone are too short', [...drive(0, 6, { along: [0, 1] }), ...drive(0, 12, { along: [2, 5] })], []],
    ['and is not counted in both', [...drive(0, 6, { along: [0, 1] }), ...drive(0, 12, { along: [2, 5] }), ...drive(3, 14)], [[2, 0, 3]]],
    ['a rest on the way parts nothing', [...drive(0, 6, { along: [0, 2] }), ...drive(0, 10, { along: [3, 5] })], []],
    ['coaches of one firm drive together by trade', [...drive(0, 1, { more: { vehicleClass: 'bus' } }), ...drive(3, 14, { more: { vehicleClass: 'bus' } })], []],
    ['lorries too', [...drive(0, 1, { more: { vehicleClass: 'truck' } }), ...drive(3, 14, { more: { vehicleClass: 'truck' } })], []],
    ['a car before a lorry does not', [...drive(0, 1, { other: { vehicleClass: 'truck' } }), ...drive(3, 14, { other: { vehicleClass: 'truck' } })], [[2, 0, 3]]],
    ['commuters have the same hours', [0, 1, 2, 3, 4].flatMap((d) => drive(d, 7)), []],
    ['two days running at the same hour are a habit', [...drive(0, 7), ...drive(1, 7.4)], []],
    ['at other hours they are not', [...drive(0, 7), ...drive(1, 7.6)], [[2, 0, 1]]],
    ['a habit and another trip are two', [...drive(0, 7), ...drive(1, 7), ...drive(4, 15)], [[3, 0, 4]]],
    ['at night that is no commute', [0, 1, 2, 3].flatMap((d) => drive(d, 1)), [[4, 0, 3]]],
    ['reads that are not sure are none', [...drive(0, 1, { other: { confidence: 0.7 } }), ...drive(3, 14)], []],
    ['several messages of a passage change nothing', [...drive(0, 1, { along: [0, 1] }), ...drive(0, 1, { along: [0, 1] }).map((e) => ({ ...e, id: `${e.id}u`, at: e.at + 2_000 })), ...drive(3, 14)], []],
  ])('%s', async (_, events, expected) => {
    const dayOf = (at: number): number => Math.floor((at - monday + 7 * hour) / day)
    expect((await found(events)).map((f) => [f.evidence.trips, dayOf(f.start), dayOf(f.end)])).toEqual(expected)
  }) // prettier-ignore

  it('counts the meetings of each trip once, out and back on one day', async () => {
    const [finding] = await found([...drive(0, 6), ...drive(0, 15)])
    expect(finding?.evidence).toMatchObject({ trips: 2, meetings: 12 })
  })

  it('asks for more where there is more traffic', async () => {
    const short = [...drive(0, 10, { along: [0, 2] }), ...drive(3, 14, { along: [0, 2] })]
    expect(await found(short)).toHaveLength(1)
    expect(await found(short, busy)).toHaveLength(0)
    expect(await found([...short, ...drive(6, 12, { along: [0, 2] })], busy)).toHaveLength(1)
  })

  it('belongs to the vehicle with the smaller token, whoever leads', async () => {
    const [ahead] = await found([...drive(0, 1), ...drive(3, 14)])
    const [behind] = await found([...drive(0, 1, { gaps: [-4] }), ...drive(3, 14, { gaps: [-4] })])
    for (const finding of [ahead, behind]) {
      expect(finding?.alert.key).toBe('0000000000000007')
      expect(finding?.evidence.companion).toBe('0000000000000008')
    }
    expect([ahead?.evidence.leads, behind?.evidence.leads]).toEqual([true, false])
  })

  it('finds each pair of three', async () => {
    const third = (events: TestEvent[]): TestEvent[] =>
      events
        .filter(({ vehicle }) => vehicle === 8n)
        .map((e) => ({ ...e, id: `${e.id}x`, vehicle: 9n, at: e.at + 3 * minute }))
    const [one, two] = [drive(0, 1), drive(3, 14)]
    expect(await found([...one, ...third(one), ...two, ...third(two)])).toHaveLength(3)
  })

  it('names what decided, in both languages', async () => {
    const [finding] = await found([...drive(0, 1, { along: [0, 2] }), ...drive(3, 14, { along: [0, 2] })])
    expect(finding?.evidence).toMatchObject({ meetings: 6, km: 111, gapMs: 4 * minute })
    expect(finding?.events).toHaveLength(12)
    expect(sentenceOf(detector, finding, 'en')).toBe(
      `Two vehicles drove together on 2 trips, 6 cameras in all, at least 111 km each; this one ahead, about 4 min apart, at C0, C1 and C2, from 5 Jan 2026, 01:00 to 8 Jan 2026, 15:24 (by chance ${finding?.evidence.chance} such vehicles are to be expected).`,
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('2 เที่ยว')
    expect(unlessOf(detector, finding, 'en')).toContain('with 1 trip or fewer together')
  })
})
