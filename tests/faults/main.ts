import { parseArgs } from 'node:util'
import { runFaults } from './rounds.ts'

/** npm run faults -- --rounds 200 --seed 1 [--only <part of a kind's name>] */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string' },
    only: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  process.stderr.write('Give --rounds and --seed as whole numbers, rounds above 0.\n')
  process.exit(2)
}
const say = (line: string): void => void process.stdout.write(`${line}\n`)
say(`seed ${seed}, ${rounds} rounds`)
const result = await runFaults({ rounds, seed, say, only: values.only })
for (const [kind, times] of Object.entries(result.hits)) say(`${kind}: ${times}×`)
for (const one of result.wrong) say(`wrong: ${one}`)
say(`${result.accepted} records accepted; longest time to lag 0: ${Math.round(result.longestMs)} ms`)
const { lost, duplicate, missing, extra } = result
say(
  `faults: ${result.rounds} rounds, ${lost} lost, ${duplicate} duplicate, ${missing} missing alerts, ${extra} extra alerts`,
)
process.exit(lost + duplicate + missing + extra + result.wrong.length > 0 ? 1 : 0)
