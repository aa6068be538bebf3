import { expect, it } from 'vitest'
import { worthSaying } from '../../platform/role-log.ts'

it.each([
  ['{"level":30,"msg":"batch stored","rows":5}', undefined],
  ['{"level":40,"msg":"store is slow","ms":900,"time":1,"role":"archive","pid":7}', 'store is slow (ms 900)'],
  [
    '{"level":50,"msg":"cannot go on","errorName":"TypeError","frames":["at x"]}',
    'cannot go on (errorName TypeError)',
  ],
  ['{"level":60,"msg":"over"}', 'over'],
  ['{"level":40,"msg":', undefined],
  ['    at main (file.ts:1:1)', undefined],
  ['{"level":"40","msg":"no number"}', undefined],
])('of the line %s a person sees %s', (line, sentence) => {
  expect(worthSaying(line)).toBe(sentence)
})
