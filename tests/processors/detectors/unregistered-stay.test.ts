import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/unregistered-stay.ts'
import { createEngine } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import { findingsOf, sentenceOf, unlessOf } from '../../support/detect.ts'
import { batchesOf, hour, monday, type TestEvent } from '../../support/events.ts'
import { testStays } from '../../support/places.ts'

type Row = readonly [what: 'entry' | 'exit' | 'check' | 'stay', atHour: number, more?: Partial<TestEvent>]
const events = (rows: readonly Row[]): TestEvent[] =>
  rows.map(([what, h, more], i) => {
    const common = { id: `${i}`, at: monday + h * hour, traveller: 7n }
    return what === 'stay'
      ? { feed: 'registrations', site: 'INN', until: monday + (h + 20) * hour, ...common, ...more }
      : { feed: 'crossings', site: 'BKK', direction: what, declaredProvince: 'Bangkok', ...common, ...more }
  })
const find = (rows: readonly Row[], nowHour = 100) =>
  findingsOf(detector, {}, events(rows), [], [], {
    tables: { stays: testStays },
    now: monday + nowHour * hour,
  })

describe('unregistered stay', () => {
  it.each<[string, Row[], now: number, atHours: number[]]>([
    ['registered on arrival is none', [['entry', 0], ['stay', 2]], 100, []],
    ['nobody filed: not before the grace is over', [['entry', 0]], 35.9, []],
    ['nobody filed', [['entry', 0]], 36, [0]],
    ['a first night with friends counts as none filed', [['entry', 0], ['stay', 37]], 100, [0]],
    ['the last moment is in time', [['entry', 0], ['stay', 36]], 100, []],
    ['who left by then needs none', [['entry', 0], ['exit', 20]], 100, []],
    ['transit passengers leave within hours', [['entry', 0, { mode: 'air' }], ['exit', 7, { mode: 'air' }]], 100, []],
    ['who left after it needed one', [['entry', 0], ['exit', 50]], 100, [0]],
    ['the stay goes on after a day trip abroad', [['entry', 0], ['stay', 2, { until: monday + 90 * hour }], ['exit', 30], ['entry', 35]], 100, []],
    ['a stay that was over does not', [['entry', 0], ['stay', 2], ['exit', 30], ['entry', 35]], 100, [35]],
    ['without a check-out it holds for a night', [['entry', 0], ['stay', 2, { until: null }], ['exit', 20], ['entry', 25]], 100, []],
    ['a second entry without an exit says nothing about the first', [['entry', 0], ['entry', 20], ['stay', 30]], 100, []],
    ['who was refused did not enter', [['entry', 0, { outcome: 'refused' }]], 100, []],
    ['who was sent to a second desk is recorded there again', [['entry', 0, { outcome: 'referred' }], ['entry', 1], ['stay', 5]], 100, []],
    ['crew sleep aboard', [['entry', 0, { documentType: 'crew' }]], 100, []],
    ['citizens need no such registration', [['entry', 0, { nationality: 'HOM' }]], 100, []],
    ['holders of passes go home', [['entry', 0, { documentType: 'border-pass' }]], 100, []],
    ['a route check is no lodging', [['entry', 0], ['check', 10]], 100, [0]],
    ['a guest of a guide has a record too', [['entry', 0], ['stay', 3, { people: 1 }]], 100, []],
    ['another person is no help', [['entry', 0], ['stay', 3, { traveller: 8n }]], 100, [0]],
    ['a correction of the document is', [['entry', 0], ['stay', 3, { traveller: 8n }], ['stay', 3, { id: '1', revision: 1 }]], 100, []],
    ['a registration that was taken back is none', [['entry', 0], ['stay', 3], ['stay', 3, { id: '1', revision: 1, cancelled: true }]], 100, [0]],
    ['two stays are two', [['entry', 0], ['exit', 40], ['entry', 50]], 100, [0, 50]],
  ])('%s', async (_, rows, now, expected) => {
    const found = await find(rows, now)
    expect(found.map(({ start }) => (start - monday) / hour)).toEqual(expected)
  }) // prettier-ignore

  it('remembers a lodging from before the entry whatever comes long after', () => {
    const engine = createEngine({ slice: { index: 1, count: 1 }, rules: [createRule(detector)], timeZone: 'Asia/Bangkok' })
    const batches = batchesOf(events([['stay', 0, { until: monday + 12 * hour }], ['entry', 6], ['stay', 78, { until: null }]]))
    for (const [i, batch] of batches.entries()) {
      if (i === 2) engine.take({ kind: 'tick', tick: { at: monday + 100 * hour } }, 9)
      engine.take({ kind: 'batch', batch }, 10 + i)
    }
    expect(batches).toHaveLength(3)
    expect(engine.open()).toEqual([])
  }) // prettier-ignore

  it('is graver when a route check has seen them', async () => {
    expect((await find([['entry', 0]]))[0]?.alert.severity).toBe('low')
    expect((await find([['entry', 0], ['check', 10]]))[0]?.alert.severity).toBe('medium')
  }) // prettier-ignore

  it('names what decided, in both languages, and what would have made it not fire', async () => {
    const [finding] = await find([['entry', 0], ['check', 10]]) // prettier-ignore
    expect(sentenceOf(detector, finding, 'en')).toBe(
      'Entered at BKK on 5 Jan 2026, 07:00 (declared Bangkok); no lodging registered them and they did not leave by 6 Jan 2026, 19:00; seen at 1 route check.',
    )
    expect(sentenceOf(detector, finding, 'th')).toContain('ยังไม่มีการแจ้งที่พัก')
    expect(unlessOf(detector, finding, 'en')).toBe(
      'with a registration that holds, or an exit, by 6 Jan 2026, 19:00',
    )
  })
})
