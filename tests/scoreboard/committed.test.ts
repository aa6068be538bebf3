import { describe, expect, test } from 'vitest'
import { loadDetectors } from '../../processors/registry.ts'
import { isWorse, readCommitted } from './committed.ts'

const figures = (found: number, planted: number, right = found, alerts = right) => ({
  planted,
  alerts,
  precision: alerts === 0 ? null : right / alerts,
  recall: planted === 0 ? null : found / planted,
})

describe('a detector is worse', () => {
  const before = figures(12, 12)
  test.each([
    ['when all is as it was', figures(12, 12), false],
    ['when one pattern is missed', figures(11, 12), false],
    ['when two are', figures(10, 12), true],
    ['when one alert more is wrong', figures(12, 12, 12, 13), false],
    ['when two are wrong', figures(12, 12, 12, 14), true],
    ['when a changed world has fewer patterns', figures(8, 8), false],
    ['when it finds nothing', figures(0, 12), true],
    ['when there is nothing to find', figures(0, 0), true],
  ])('%s: %j, %s', (_, now, expected) => {
    expect(isWorse(now, before)).toBe(expected)
  })

  test('of many patterns when more than the margin is missed', () => {
    expect(isWorse(figures(95, 100), figures(100, 100))).toBe(false)
    expect(isWorse(figures(93, 100), figures(100, 100))).toBe(true)
  })
})

test('every detector has committed figures, of patterns that it found', async () => {
  const committed = readCommitted()
  const ids = (await loadDetectors()).map(({ id }) => id)
  expect(Object.keys(committed).toSorted()).toEqual(ids.toSorted())
  for (const id of ids) {
    expect(committed[id]?.planted, id).toBeGreaterThanOrEqual(3)
    expect(committed[id]?.recall, id).toBeGreaterThanOrEqual(0.8)
  }
})
