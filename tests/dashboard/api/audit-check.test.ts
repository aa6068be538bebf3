import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { beginning, hashOf } from '../../../dashboard/api/audit-chain.ts'
import { checkChain } from '../../../dashboard/api/audit-check.ts'
import { AuditChain } from '../../../dashboard/api/audit-shapes.ts'
import type { Reader } from '../../../dashboard/api/reader.ts'
import type { AuditMessage } from '../../../sql/audit-message.ts'

/** A whole chain of `length` entries. */
function chainOf(length: number): AuditMessage[] {
  let previous = beginning
  return Array.from({ length }, (_, i) => {
    const entry = {
      number: i + 1,
      at: 1_000 * (i + 1),
      actor: 'analyst-aaaa',
      role: 'analyst',
      act: 'entity',
      keyspace: 'vehicle',
      key: 'k',
      alertId: '',
      purpose: 'investigation',
      caseNumber: 'INV-7/2026',
      detail: '',
      previous,
    } as const
    previous = hashOf(entry)
    return { ...entry, hash: previous }
  })
}

/** A store that holds these entries and gives them part by part. */
function check(held: readonly AuditMessage[], newest: number): Promise<AuditChain> {
  const rows = (_query: unknown, { after, limit }: { after: number; limit: number }) =>
    Promise.resolve(
      held
        .filter(({ number }) => number > after)
        .slice(0, limit)
        .map(({ at, alertId, caseNumber, ...rest }) => ({
          ...rest,
          at_ms: at,
          alert_id: alertId,
          case_number: caseNumber,
        })),
    )
  return checkChain({
    reader: { rows } as unknown as Reader,
    audit: { newest: () => Promise.resolve(newest) },
    wall: () => 9_000,
  })
}

describe('the check of the whole chain', () => {
  const whole = chainOf(4_500)

  test('holds every entry against the one before, over all parts that it is read in', async () => {
    const found = await check(whole, 4_500)
    expect([...Compile(AuditChain).Errors(found)]).toEqual([])
    expect(found).toEqual({
      first: 1,
      last: 4_500,
      checked: 4_500,
      brokenAt: null,
      brokenWhen: null,
      missing: 0,
      checkedAt: 9_000,
    })
  })

  test('of a journal without entries finds nothing wrong', async () => {
    expect(await check([], 0)).toMatchObject({ first: 0, last: 0, checked: 0, brokenAt: null, missing: 0 })
  })

  test('takes the oldest at its word where those before it are past their time', async () => {
    expect(await check(whole.slice(3_000), 4_500)).toMatchObject({
      first: 3_001,
      checked: 1_500,
      brokenAt: null,
    })
  })

  test.each([
    ['within a part', 1_234],
    ['at the first of a part', 2_001],
    ['at the last of a part', 4_000],
  ])('says where it was changed: %s', async (_, number) => {
    const changed = whole.with(number - 1, {
      ...(whole[number - 1] as AuditMessage),
      caseNumber: 'INV-8/2026',
    })
    expect(await check(changed, 4_500)).toMatchObject({
      brokenAt: number,
      brokenWhen: number * 1_000,
      checked: number - 1,
    })
  })

  test('says where an entry was left out, at the seam of two parts too', async () => {
    for (const number of [17, 2_000, 2_001])
      expect(await check(whole.toSpliced(number - 1, 1), 4_500)).toMatchObject({ brokenAt: number + 1 })
  })

  test('misses what was cut off at the end, by the log', async () => {
    expect(await check(whole.slice(0, -3), 4_500)).toMatchObject({ brokenAt: null, last: 4_497, missing: 3 })
  })
})
