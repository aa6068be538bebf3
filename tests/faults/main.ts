import { parseArgs } from 'node:util'
import { runOutage, type Victim } from './outage.ts'
import { runFaults } from './rounds.ts'

/**
 * npm run faults -- --rounds 200 --seed 1 [--only <part of a kind's name>]
 * npm run faults -- --outage 10m --of nats|clickhouse [--slow 200ms]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string' },
    only: { type: 'string' },
    outage: { type: 'string' },
    of: { type: 'string', default: 'nats' },
    slow: { type: 'string' },
  },
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const rounds = Number(values.rounds)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const outageMs = spanOf(values.outage)
const slowMs = spanOf(values.slow)
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed))
  refuse('Give --rounds and --seed as whole numbers, rounds above 0.')
if (values.of !== 'nats' && values.of !== 'clickhouse') refuse('Give --of nats or --of clickhouse.')
process.exit(outageMs === undefined ? await inRounds() : await oneOutage(outageMs))

async function inRounds(): Promise<number> {
  say(`seed ${seed}, ${rounds} rounds`)
  const result = await runFaults({ rounds, seed, say, only: values.only })
  for (const [kind, times] of Object.entries(result.hits)) say(`${kind}: ${times}×`)
  for (const one of result.wrong) say(`wrong: ${one}`)
  say(`${result.accepted} records accepted; longest time to lag 0: ${Math.round(result.longestMs)} ms`)
  const { lost, duplicate, missing, extra } = result
  say(
    `faults: ${result.rounds} rounds, ${lost} lost, ${duplicate} duplicate, ${missing} missing alerts, ${extra} extra alerts`,
  )
  return lost + duplicate + missing + extra + result.wrong.length > 0 ? 1 : 0
}

async function oneOutage(ms: number): Promise<number> {
  const of = values.of as Victim
  say(`seed ${seed}, ${of} ${slowMs === undefined ? 'away' : `slow by ${slowMs} ms`} for ${ms / 1000} s`)
  const { verdict, wrong } = await runOutage({
    of,
    ms,
    seed,
    say,
    ...(slowMs === undefined ? {} : { slowMs }),
  })
  for (const one of wrong) say(`wrong: ${one}`)
  const { lost, duplicate, missing, extra } = verdict
  say(
    `outage: ${lost} lost, ${duplicate} duplicate, ${missing} missing alerts, ${extra} extra alerts, ${wrong.length} wrong`,
  )
  return lost + duplicate + missing + extra + wrong.length > 0 ? 1 : 0
}

/** `10m`, `30s` or `200ms` in ms; undefined when absent. */
function spanOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, amount, unit] = /^(\d+)(ms|s|m)$/.exec(text) ?? []
  if (amount === undefined || unit === undefined) refuse(`"${text}" is no span: give 10m, 30s or 200ms.`)
  return Number(amount) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm']
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(2)
}
