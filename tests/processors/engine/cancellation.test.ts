import { describe, expect, it } from 'vitest'
import repeatedCrossings from '../../../processors/detectors/repeated-crossings.ts'
import { createEngine, type Message } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import { batchesOf, day, hour, monday, type TestEvent } from '../../support/events.ts'

/** A cancellation needs no time of its own: what it takes back must stay taken back, whatever the clock says and whoever comes first. */
const four: readonly TestEvent[] = [0, 1, 2, 3].map((i) => ({
  feed: 'crossings',
  id: String(i),
  at: monday + i * hour,
  direction: i % 2 === 0 ? 'entry' : 'exit',
  traveller: 7n,
}))
const cancelled: TestEvent = {
  feed: 'crossings',
  id: '3',
  revision: 1,
  cancelled: true,
  at: 0,
  ingestedAt: monday + day,
}
const tick = (at: number): Message => ({ kind: 'tick', tick: { at } })
const batch = (...events: readonly TestEvent[]): Message[] =>
  batchesOf(events).map((one) => ({ kind: 'batch', batch: one }))

describe('a cancellation without a time', () => {
  it.each<[string, Message[]]>([
    [
      'before its record',
      [tick(monday + day), ...batch(cancelled), tick(monday + 2 * day), ...batch(...four)],
    ],
    [
      'before a copy of its record',
      [...batch(...four), ...batch(cancelled), tick(monday + 2 * day), ...batch(...four)],
    ],
  ])('%s takes it back for good', (_, messages) => {
    const engine = createEngine({
      slice: { index: 1, count: 1 },
      rules: [createRule(repeatedCrossings)],
      timeZone: 'Asia/Bangkok',
    })
    for (const [i, message] of messages.entries()) engine.take(message, i + 1)
    engine.take(tick(monday + 3 * day), messages.length + 1)
    expect(engine.open()).toEqual([])
  })
})
