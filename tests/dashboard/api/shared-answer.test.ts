import { expect, test } from 'vitest'
import { sharedAnswer } from '../../../dashboard/api/shared-answer.ts'

test('many who ask at a time cost one question', async () => {
  let asked = 0
  const answer = sharedAnswer(async () => ++asked, 60_000)
  expect(await Promise.all([answer(), answer(), answer()])).toEqual([1, 1, 1])
})

test('an answer that failed is asked for again', async () => {
  let asked = 0
  const answer = sharedAnswer(async () => {
    asked++
    if (asked === 1) throw new Error('away')
    return asked
  }, 60_000)
  await expect(answer()).rejects.toThrow('away')
  expect(await answer()).toBe(2)
})
