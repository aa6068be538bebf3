import { expect, test } from 'vitest'
import { committedWorld, margin, readCommitted } from './committed.ts'
import { runDirect } from './direct.ts'
import { faults, score } from './score.ts'

test('no detector has become worse on the committed world than the margin allows', async () => {
  const committed = readCommitted()
  const result = await runDirect(committedWorld)
  const worse = score(result).flatMap(({ id, precision, recall, planted }) => {
    const before = committed[id]
    // A new detector: `npm run scoreboard -- --commit` writes its first figures.
    if (before === undefined) return [`${id} has no committed figures`]
    const fell = (now: number | null, then: number | null) => then !== null && (now ?? 0) < then - margin
    if (!fell(precision, before.precision) && !fell(recall, before.recall) && planted > 0) return []
    const { missed, wrong } = faults(result, id)
    const words = [...missed.map((one) => `missed ${one.id} (${one.variant})`), ...wrong.map((one) => `wrong: ${one.sentence.en}`)] // prettier-ignore
    return [
      `${id}: precision ${precision}, recall ${recall}, ${planted} planted; ${words.slice(0, 5).join('; ')}`,
    ]
  })
  expect(worse).toEqual([])
}, 900_000)
