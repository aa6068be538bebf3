import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Numbers } from '../../../processors/engine/columns.ts'
import { Field, Rows, TimeField } from '../../../processors/engine/rows.ts'

const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31)

/** Rows of 16 words: two times in words 0 to 2, a number in the last. */
function table() {
  const rows = new Rows(4)
  return {
    rows,
    at: new TimeField(rows, 0, 2, 0),
    until: new TimeField(rows, 1, 2, 1),
    last: new Field(rows, 15),
  }
}

describe('rows', () => {
  it('hold what is put in, across chunks and a restart', () => {
    const one = table()
    const length = 300_000
    for (let row = 0; row < length; row++) {
      one.rows.reserve(row + 1)
      one.at.set(row, row * 1_000_003)
      one.until.set(row, row % 3 === 0 ? NaN : row * 2_000_003)
      one.last.set(row, row * 7)
    }
    const image: Numbers[] = one.rows.image(length)
    const again = table()
    const arrays = image.values()
    again.rows.restore(length, arrays)
    expect(arrays.next().done).toBe(true)
    const wrong = Array.from({ length }, (_, row) => row).filter(
      (row) =>
        again.at.get(row) !== row * 1_000_003 ||
        !Object.is(again.until.get(row), row % 3 === 0 ? NaN : row * 2_000_003) ||
        again.last.get(row) !== row * 7,
    )
    expect(wrong).toEqual([])
    expect(again.rows.capacity).toBeGreaterThanOrEqual(length)
    expect(again.rows.bytes).toBe(again.rows.capacity * 64)
  })

  it('keep two times of a row apart, and take the nearest that they can hold', () => {
    const longest = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
    const time = fc.oneof(fc.integer({ min: 0, max: longest }), fc.constant(NaN))
    fc.assert(
      fc.property(time, time, fc.nat({ max: 200 }), (at, until, row) => {
        const one = table()
        one.rows.reserve(row + 1)
        for (let time = 0; time < 2; time++) {
          one.at.set(row, at)
          one.until.set(row, until)
        }
        expect([one.at.get(row), one.until.get(row)]).toEqual([at, until])
        one.until.set(row, -5)
        expect([one.at.get(row), one.until.get(row)]).toEqual([at, 0])
        one.at.set(row, Number.MAX_SAFE_INTEGER)
        expect(one.at.get(row)).toBeGreaterThan(longest)
      }),
      { seed },
    )
  })
})
