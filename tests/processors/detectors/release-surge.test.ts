import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/release-surge.ts'
import { findingsOf, sentenceOf } from '../../support/detect.ts'
import { day, hour, minute, monday, type TestEvent } from '../../support/events.ts'

/** People who fly in and come in again by land `daysLater`, one a minute; `left`: they had left by a checkpoint. */
function people(
  count: number,
  { from = 0, daysLater = 10, left = false, site = 'BRIDGE', more = {} as Partial<TestEvent> } = {},
): TestEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const traveller = BigInt(1 + n + from * 1_000)
    const at = monday + daysLater * day + n * minute
    const event = (what: string, rest: Partial<TestEvent>): TestEvent => ({
      feed: 'crossings',
      id: `${from}-${n}-${what}`,
      at,
      traveller,
      ...rest,
    })
    return [
      event('in', { at: monday + n * minute, site: 'AIRPORT', mode: 'air' }),
      ...(left ? [event('out', { at: at - 2 * day, site, direction: 'exit' })] : []),
      event('back', { site, ...more }),
    ]
  }).flat()
}
const found = (events: readonly TestEvent[], params = {}) =>
  findingsOf(
    detector,
    params,
    [...events].sort((a, b) => a.at - b.at),
    [],
    [],
    { now: monday + 60 * day },
  )

describe('people released across the border', () => {
  it.each<[string, TestEvent[], number[]]>([
    ['ten who never left are found', people(10), [10]],
    ['nine are not', people(9), []],
    ['a group that had left is as usual', people(30, { left: true }), []],
    ['who came in over a month ago says nothing', people(30, { daysLater: 31 }), []],
    ['who was refused did not come in', people(30, { more: { outcome: 'refused' } }), []],
    ['at two checkpoints they are two groups', [...people(6), ...people(6, { from: 1, site: 'FERRY' })], []],
    ['a second group the next week is another', [...people(12), ...people(12, { from: 1, daysLater: 17 })], [12, 12]],
    ['where four miss their exit every day, ten do too by chance', Array.from({ length: 29 }, (_, n) => people(n === 28 ? 10 : 4, { from: n + 1, daysLater: 2 + n })).flat(), []],
    ['and twelve do not', Array.from({ length: 29 }, (_, n) => people(n === 28 ? 12 : 4, { from: n + 1, daysLater: 2 + n })).flat(), [12]],
    ['records that are taken back are none', people(12).concat(people(12).filter(({ id }) => id.endsWith('back')).map((e) => ({ ...e, revision: 1, cancelled: true }))), []],
  ])('%s', async (_, events, expected) => {
    expect((await found(events)).map(({ evidence }) => evidence.entries)).toEqual(expected)
  }) // prettier-ignore

  it('are a matter of welfare, said with where and when, in both languages', async () => {
    const [finding] = await found(people(20))
    expect(finding?.alert).toMatchObject({ class: 'welfare', severity: 'high', site: 'BRIDGE' })
    expect(finding?.events).toHaveLength(20)
    expect(finding?.evidence).toMatchObject({ most: 20, usual: 0, lastAt: monday + 10 * day + 19 * minute })
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'BRIDGE: 20 people came in who had not left by a checkpoint, from 15 Jan 2026, 07:00 to 15 Jan 2026, 07:19 (usually 0). Possible victims: receive and screen them.',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('20 คน')
    expect(await found(people(20), { windowMs: hour, atLeast: 21 })).toEqual([])
  })
})
