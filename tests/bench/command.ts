import { cpus, availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import chdbPackage from 'chdb/package.json' with { type: 'json' }
import { installedNatsServer } from '../../platform/setup/find-nats-server.mjs'

/** What a benchmark is told. `say` writes progress to standard error. */
export interface BenchOptions {
  /** Length of one measurement where time decides, s. */
  readonly seconds: number
  /** Measurements; the median counts. */
  readonly runs: number
  /** Distinct keys of the input. */
  readonly keys: number
  /** Events that `engine` measures, after those that fill its histories; 0: as many as keys. */
  readonly records: number
  /** Events in the store of `dashboard`. */
  readonly rows: number
  readonly say: (text: string) => void
}

/** Figures by name, without the benchmark's own name before them. */
export type Figures = Record<string, number>
export type Bench = (options: BenchOptions) => Promise<Figures>

const names = ['engine', 'ingest', 'archive', 'recover', 'latency', 'pipeline', 'dashboard'] as const

/**
 * Runs the benchmarks that `first` and the arguments name, one after the other, and prints a table, or with `--json` one
 * object and nothing else on standard output. Ends the process with 2 when an argument is not known.
 */
export async function runCommand(first: string): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      runs: { type: 'string', default: '3' },
      keys: { type: 'string', default: '1000000' },
      records: { type: 'string', default: '0' },
      rows: { type: 'string', default: '50000000' },
    },
  })
  const wanted = [first, ...positionals].flatMap((name) => (name === 'all' ? names : [name]))
  const figures: Figures = {}
  for (const name of new Set(wanted)) {
    if (!(names as readonly string[]).includes(name)) {
      process.stderr.write(`There is no benchmark ${name}; there are ${names.join(', ')} and all.\n`)
      process.exitCode = 2
      return
    }
    const { bench } = (await import(`./${name}.ts`)) as { bench: Bench }
    const found = await bench({
      seconds: Number(values.seconds ?? (name === 'pipeline' ? 60 : 10)),
      runs: Math.max(1, Number(values.runs)),
      keys: Number(values.keys),
      records: Number(values.records),
      rows: Number(values.rows),
      say: (text) => void process.stderr.write(`${name}: ${text}\n`),
    })
    for (const [figure, value] of Object.entries(found))
      figures[`${name}.${figure}`] = Number(value.toPrecision(6))
  }
  const result = { machine: machine(), figures }
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  else
    process.stdout.write(
      [...Object.entries(result.machine), ...Object.entries(figures)]
        .map(([name, value]) => `${name.padEnd(36)} ${String(value)}\n`)
        .join(''),
    )
}

/** What the figures were measured on. `load` is the load average of the last minute, the benchmark's own included. */
function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.versions.node,
    nats: installedNatsServer()?.version ?? 'unknown',
    chdb: chdbPackage.version,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  }
}

/** Runs `once` as often as asked for and takes the median of each figure. */
export async function medians(
  { runs, say }: BenchOptions,
  once: (run: number) => Promise<Figures>,
): Promise<Figures> {
  const all: Figures[] = []
  for (let run = 1; run <= runs; run++) {
    const figures = await once(run)
    say(`run ${run} of ${runs}: ${JSON.stringify(figures)}`)
    all.push(figures)
  }
  const median = (name: string): number => {
    const sorted = all.map((figures) => figures[name] ?? NaN).sort((a, b) => a - b)
    return sorted[Math.floor((sorted.length - 1) / 2)] as number
  }
  return Object.fromEntries(Object.keys(all[0] as Figures).map((name) => [name, median(name)]))
}

/** The value below which a share of the sorted values lies. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
