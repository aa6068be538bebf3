import { describe, expect, it } from 'vitest'
import { sharedByChance, surprise } from '../../../dashboard/api/co-travel.ts'

const passages = (vehicle: string, site: string, hour: number, count: number) => ({
  vehicle,
  site,
  hour,
  count,
})
const tenMinutes = { withinMs: 600_000, days: 10 }

describe('shared by chance', () => {
  it.each<[string, number, number, number]>([
    ['one passage of each in an hour of ten days', 1, 1, 1 / 30],
    ['twice as many of one', 2, 1, 2 / 30],
    ['every day at that hour', 10, 10, 100 / 30],
  ])('%s', (_, own, other, expected) => {
    expect(
      sharedByChance([passages('a', 'S', 8, own)], [passages('b', 'S', 8, other)], tenMinutes),
    ).toBeCloseTo(expected)
  })

  it('is nothing where they keep to other hours or sites', () => {
    const own = [passages('a', 'S', 8, 5), passages('a', 'T', 9, 5)]
    expect(sharedByChance(own, [passages('b', 'S', 9, 5), passages('b', 'T', 8, 5)], tenMinutes)).toBe(0)
  })
})

describe('surprise', () => {
  it.each([
    [1, 1, 0.199],
    [3, 0.1, 3.81],
    [10, 1, 6.95],
    [5, 20, 0],
    [0, 1, 0],
    [4, 0, 30],
  ])('of %i shared where %d are expected is %d', (shared, expected, score) => {
    expect(surprise(shared, expected)).toBeCloseTo(score, 1)
  })

  it('grows with what is shared and falls with what is expected', () => {
    const scores = [2, 3, 5, 9, 40].map((shared) => surprise(shared, 2))
    expect(scores).toEqual(scores.toSorted((a, b) => a - b))
    expect(surprise(6, 1)).toBeGreaterThan(surprise(6, 3))
  })
})
