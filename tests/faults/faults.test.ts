import { expect, it } from 'vitest'
import { runFaults } from './rounds.ts'

const rounds = Number(process.env['FAULT_ROUNDS'] ?? 20)
const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000)

it(
  'killed, stopped, restarted and cut off at random, the system holds exactly what it accepted',
  { timeout: 300_000 + rounds * 120_000 },
  async () => {
    console.info(`faults: ${rounds} rounds, FAULT_SEED=${seed}`)
    const lines: string[] = []
    // How long it takes to catch up is for npm run faults to judge, on a machine of its own.
    const result = await runFaults({
      rounds,
      seed,
      say: (line) => void lines.push(line),
      catchUpMs: 600_000,
    })
    const { lost, duplicate, missing, extra, wrong } = result
    expect({ lost, duplicate, missing, extra, wrong }, lines.join('\n')).toEqual({
      lost: 0,
      duplicate: 0,
      missing: 0,
      extra: 0,
      wrong: [],
    })
    expect(result.rounds).toBe(rounds)
    expect(result.accepted).toBeGreaterThan(rounds * 10)
    if (rounds >= 20) expect(Object.values(result.hits).every((times) => times > 0)).toBe(true)
  },
)
