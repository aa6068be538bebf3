import { expect, test } from 'vitest'
import { committedWorlds, readCommitted, worseThan } from './committed.ts'
import { runDirect } from './direct.ts'

test('no detector of people or vehicles has become worse on the committed world', async () => {
  expect(worseThan(readCommitted(), await runDirect(committedWorlds.people))).toEqual([])
}, 900_000)
