import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  groupsOf,
  idAt,
  inParts,
  linesOf,
  shownRows,
  type IndexColumns,
} from '../../../dashboard/web/src/state/queue-lines.ts'

interface Row {
  readonly severity?: number
  readonly state?: number
  readonly suppressed?: number
  readonly group?: string
}
function indexOf(rows: readonly Row[]): IndexColumns {
  return {
    length: rows.length,
    position: '1',
    ids: BigUint64Array.from(rows, (_, i) => BigInt(i + 1)),
    severity: Uint8Array.from(rows, ({ severity }) => severity ?? 1),
    state: Uint8Array.from(rows, ({ state }) => state ?? 0),
    suppressed: Uint8Array.from(rows, ({ suppressed }) => suppressed ?? 0),
    raisedAt: Float64Array.from(rows, (_, i) => i),
    groupOf: (row) => rows[row]?.group ?? '',
  }
}
const none: ReadonlySet<string> = new Set()

describe('lines of the queue', () => {
  const index = indexOf([
    { suppressed: 1, group: 'a' },
    { group: 'b', severity: 3 },
    { group: 'a', state: 2 },
    { group: 'c' },
  ])

  it.each([
    ['hide', [1, 2, 3]],
    ['only', [0]],
    ['show', [0, 1, 2, 3]],
  ] as const)('%s what is snoozed', (snoozed, rows) => {
    expect(shownRows(index, snoozed)).toEqual(rows)
    const lines = linesOf(index, { snoozed, grouped: false, open: none })
    expect([lines.length, lines.suppressed]).toEqual([rows.length, 1])
  })

  it('are groups, those with high alerts first, and the alerts of open ones', () => {
    const lines = linesOf(index, { snoozed: 'show', grouped: true, open: new Set(['a']) })
    const shown = Array.from({ length: lines.length }, (_, i) => lines.at(i)).map((line) =>
      line?.kind === 'group' ? line.group.key : line?.row,
    )
    expect(shown).toEqual(['b', 'a', 0, 2, 'c'])
    expect(groupsOf(index, [0, 2])[0]).toMatchObject({ high: 0, unseen: 1, oldestAt: 0 })
  })

  it('lose no alert and show none twice, whatever is open', () => {
    const row = fc.record({
      severity: fc.integer({ min: 1, max: 3 }),
      suppressed: fc.integer({ min: 0, max: 1 }),
      group: fc.constantFrom('a', 'b', 'c', 'd'),
    })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.subarray(['a', 'b', 'c', 'd']), (rows, open) => {
        const index = indexOf(rows)
        const lines = linesOf(index, { snoozed: 'hide', grouped: true, open: new Set(open) })
        let counted = 0
        const seen = new Set<number>()
        for (let i = 0; i < lines.length; i++) {
          const line = lines.at(i)
          if (line?.kind === 'group') counted += line.group.rows.length
          else if (line !== undefined) seen.add(line.row)
        }
        expect(counted).toBe(rows.filter(({ suppressed }) => suppressed === 0).length)
        expect([...seen].sort()).toEqual(
          rows
            .flatMap(({ group, suppressed }, i) => (suppressed === 0 && open.includes(group) ? [i] : []))
            .sort(),
        )
      }),
    )
  })

  it('name an alert by 16 digits', () => {
    expect(idAt({ ids: BigUint64Array.of(0xfedcba9876543210n, 1n) }, 0)).toBe('fedcba9876543210')
    expect(idAt({ ids: BigUint64Array.of(1n) }, 0)).toBe('0000000000000001')
  })

  it('go into actions of at most 500', () => {
    const ids = Array.from({ length: 1201 }, (_, i) => String(i))
    expect(inParts(ids).map(({ length }) => length)).toEqual([500, 500, 201])
    expect(inParts(ids).flat()).toEqual(ids)
    expect(inParts([])).toEqual([])
  })
})
