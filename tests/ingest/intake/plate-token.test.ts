import { expect, it } from 'vitest'
import { isPartial } from '../../../ingest/feeds/partial-token.ts'
import { plateToken } from '../../../ingest/intake/plate-token.ts'

it.each<[string, string, bigint, bigint]>([
  ['a whole plate keeps its hash', '1กข1234', 0xabcd_1234n, 0xabcd_1234n],
  ['but not the mark of the others', '1กข1234', 0xabcd_ffffn, 0xabcd_fffen],
  ['one unread character', '1กข12?4', 0xabcd_1234n, 0xabcd_ffffn],
  ['two', '1กข1??4', 0xabcd_1234n, 0xabcd_ffffn],
  ['three say too little', '1กข???4', 0xabcd_1234n, 0n],
  ['three read ones too', 'กข1?', 0xabcd_1234n, 0n],
])('%s', (_, marks, hash, token) => {
  expect(plateToken(marks, () => hash)).toBe(token)
  expect(isPartial(Number(token & 0xffff_ffffn))).toBe(marks.includes('?') && token !== 0n)
})
