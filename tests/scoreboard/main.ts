import { parseArgs } from 'node:util'
import { applyChange, createReference } from '../../ingest/reference/reference.ts'
import { readReference, shippedTables } from '../../ingest/reference/read-csv.ts'
import type { TestEvent } from '../support/events.ts'
import { committedWorlds, writeCommitted } from './committed.ts'
import { compareWithOracle, eventOf } from './oracle.ts'
import { runDirect } from './direct.ts'
import { runWorld, type RunOptions, type RunResult } from './run.ts'
import { faults, score } from './score.ts'
import { table } from './table.ts'
import { parts, shapes, type Part } from './worlds.ts'

/**
 * `npm run scoreboard -- --seed 1 --json`: a labelled world through the real pipeline, and what every detector made of it. Progress
 * goes to standard error; with `--json` standard output is exactly one object. Ends with 2 when an argument is not known.
 */
const usage = `npm run scoreboard -- [--seed 101] [--part people|sites] [--json] [--faults <detector>] [--direct]
       [--scale 0.05] [--warm-days 29] [--days 16] [--step-s 60] [--commit]
       [--oracle] [--events 1000000] [--kills 3] [--slices 2]
  --seed      which world                        --part      only detectors of people and vehicles, or of sites
  --scale     how big: 1 is about 37,000 records a day; what is not given is as in worlds.ts
  --warm-days days before the first alert counts --days      days in which alerts count
  --step-s    world time between two ticks       --faults    say what a detector missed and what it found by mistake
  --direct    without servers, in one process: the same revisions sooner, no CPU shares
  --commit    write tests/scoreboard/committed.json, which the test holds later figures against
  --oracle    compare what stands in the end with a batch run over all records; 1 when they differ
  --events    about so many, instead of --scale  --kills     kill -9 of the processors on the way   --slices  how many`

const say = (text: string): void => void process.stderr.write(text)

async function main(): Promise<number> {
  let values
  try {
    ;({ values } = parseArgs({
      options: {
        seed: { type: 'string', default: '101' },
        part: { type: 'string' },
        scale: { type: 'string' },
        'warm-days': { type: 'string' },
        days: { type: 'string' },
        'step-s': { type: 'string' },
        json: { type: 'boolean', default: false },
        events: { type: 'string' },
        kills: { type: 'string', default: '0' },
        slices: { type: 'string', default: '1' },
        oracle: { type: 'boolean', default: false },
        direct: { type: 'boolean', default: false },
        commit: { type: 'boolean', default: false },
        faults: { type: 'string', multiple: true, default: [] },
      },
    }))
  } catch (error) {
    say(`${(error as Error).message}\n\n${usage}\n`)
    return 2
  }
  const number = (
    name: 'seed' | 'scale' | 'warm-days' | 'days' | 'step-s' | 'events' | 'kills' | 'slices',
    other = NaN,
  ): number => {
    const value = values[name] === undefined ? other : Number(values[name])
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`--${name} is a number of 0 or more.`)
    return value
  }
  if (values.commit) {
    const figures = []
    for (const part of parts) figures.push(...score(await runDirect(committedWorlds[part])))
    writeCommitted(figures)
    return 0
  }
  const asked = parts.find((part) => part === values.part)
  if (values.part !== undefined && asked === undefined) throw new RangeError('--part is people or sites.')

  /** One world, with the detectors of a part, or all. */
  const run = (part: Part | undefined, onRecord?: RunOptions['onRecord']): Promise<RunResult> => {
    const shape = shapes[part ?? 'people']
    const [warmDays, days] = [number('warm-days', shape.warmDays), number('days', shape.days)]
    let shown = -1
    const options: RunOptions = {
      seed: number('seed'),
      scale:
        values.events === undefined
          ? number('scale', shape.scale)
          : number('events') / (recordsADay * (warmDays + days)),
      kills: number('kills'),
      slices: number('slices'),
      warmDays,
      days,
      stepMs: number('step-s', shape.stepMs / 1000) * 1000,
      from: shape.from,
      ...(part === undefined ? {} : { part }),
      ...(onRecord === undefined ? {} : { onRecord }),
      onProgress: (done) => {
        if (Math.floor(done * 20) === shown) return
        shown = Math.floor(done * 20)
        say(`\rsent ${shown * 5} %`)
      },
    }
    return values.direct ? withoutServers(options) : runWorld(options)
  }
  const tell = ({ events, seconds, cpuMs }: RunResult): void =>
    say(
      `\r${events.toLocaleString('en')} events in ${Math.round(seconds)} s; the processor took ${(cpuMs / 1000).toFixed(1)} s of CPU.\n`,
    )

  if (values.oracle) {
    const events: TestEvent[] = []
    const result = await run(asked, (one, at) => {
      const event = eventOf(one, at)
      if (event !== undefined) events.push(event)
    })
    tell(result)
    return againstOracle(result, events)
  }
  const figures = []
  let events = 0
  for (const part of asked === undefined ? parts : [asked]) {
    const result = await run(part)
    tell(result)
    for (const id of values.faults) if (result.detectors.some((one) => one.id === id)) tellFaults(result, id)
    figures.push(...score(result))
    events += result.events
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ seed: number('seed'), events, detectors: figures })}\n`
      : table(figures),
  )
  return 0
}

async function withoutServers(options: RunOptions): Promise<RunResult> {
  const started = performance.now()
  const result = await runDirect(options)
  const { user, system } = process.cpuUsage()
  const seconds = (performance.now() - started) / 1000
  return { ...result, seconds, kills: 0, cpuMs: (user + system) / 1000 }
}

/** Records of a day at scale 1. */
const recordsADay = 37_000

async function againstOracle(result: RunResult, events: readonly TestEvent[]): Promise<number> {
  const reference = createReference()
  const tables = readReference()
  for (const table of shippedTables) applyChange(reference, { table, rows: tables[table], loggedAt: 0 })
  for (const change of result.changes) applyChange(reference, change)
  let wrong = 0
  await compareWithOracle(
    events,
    result.revisions,
    { reference, now: result.to },
    ({ rule, standing, missing, extra }) => {
      wrong += missing.length + extra.length
      say(`${rule}: ${standing} stand, ${missing.length} missing, ${extra.length} too many\n`)
      for (const one of missing.slice(0, 3)) say(`  missing ${one.slice(0, 600)}\n`)
      for (const one of extra.slice(0, 3)) say(`  too many ${one.slice(0, 600)}\n`)
    },
  )
  say(
    `${events.length.toLocaleString('en')} records, ${result.kills} kills: ${wrong === 0 ? 'what stands equals the batch run.' : `${wrong} differences.`}\n`,
  )
  return wrong === 0 ? 0 : 1
}

function tellFaults(result: RunResult, id: string): void {
  const { missed, wrong } = faults(result, id)
  for (const { id: name, variant, startAt } of missed)
    say(`${id} missed ${name} (${variant}) of ${new Date(startAt).toISOString()}\n`)
  for (const alert of wrong)
    say(
      `${id} wrong ${alert.status} ${alert.key} ${alert.sentence.en} ${JSON.stringify(alert.evidence)} ${alert.events.join(' ')}\n`,
    )
}

process.exitCode = await main()
