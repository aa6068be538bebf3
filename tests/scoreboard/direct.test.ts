import { expect, test } from 'vitest'
import type { AlertRevision } from '../../processors/alert.ts'
import { runDirect } from './direct.ts'
import { runWorld } from './run.ts'

const tiny = { seed: 2, scale: 0.02, warmDays: 0, days: 3, stepMs: 600_000 }

/** By alert and revision: the sequence of the log is another, since a batch has another size. */
const plain = (revisions: readonly AlertRevision[]): string[] =>
  revisions.map((one) => JSON.stringify({ ...one, logSeq: 0 })).toSorted()

test('a world through the servers, its processors killed on the way, gives the revisions that it gives without them', async () => {
  const direct = await runDirect(tiny)
  const real = await runWorld({ ...tiny, kills: 1, slices: 2 })
  expect(real.kills).toBe(1)
  expect(direct.revisions.length).toBeGreaterThan(20)
  expect(plain(real.revisions)).toEqual(plain(direct.revisions))
}, 300_000)
