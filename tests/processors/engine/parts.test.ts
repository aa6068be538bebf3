import { expect, it } from 'vitest'
import repeatedCrossings from '../../../processors/detectors/repeated-crossings.ts'
import type { Detector } from '../../../processors/detector.ts'
import { createEngine, type Engine } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import { batchesOf, hour, monday, type TestEvent } from '../../support/events.ts'

const fresh = (): Engine =>
  createEngine({
    slice: { index: 1, count: 1 },
    rules: [createRule(repeatedCrossings as unknown as Detector)],
    timeZone: 'Asia/Bangkok',
  })

it('gives way many times in a large message, and finds the same', () => {
  const events = Array.from({ length: 4_000 }, (_, i): TestEvent => {
    const traveller = BigInt(1 + (i % 800))
    return {
      feed: 'crossings',
      id: String(i),
      at: monday + hour + Math.floor(i / 800) * hour,
      site: 'TH-MM-MAESAI1',
      direction: i % 1600 < 800 ? 'entry' : 'exit',
      documentType: 'passport',
      traveller,
    }
  })
  const batches = batchesOf(events)
  const whole = fresh()
  const expected = batches.flatMap((batch, i) => whole.take({ kind: 'batch', batch }, i + 1))
  expect(expected.length).toBe(800)
  const [engine, found] = [fresh(), [] as unknown[]]
  let turns = 0
  for (const [i, batch] of batches.entries()) {
    const parts = engine.takeInParts({ kind: 'batch', batch }, i + 1)
    let part = parts.next()
    for (; part.done !== true; part = parts.next()) turns++
    found.push(...part.value)
  }
  expect(found).toEqual(expected)
  // 4,000 rows and 800 keys.
  expect(turns).toBeGreaterThanOrEqual(4_000 / 250 - batches.length + 3)
})
