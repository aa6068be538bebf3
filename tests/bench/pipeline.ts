import '../../platform/heap.ts'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../support/until.ts'
import { medians, runCommand, type Bench, type Figures } from './command.ts'
import { recordsPerKey, worldMessages, type InputMessage } from './input.ts'
import { openSite, type RoleName, type Site } from './site.ts'

const stages: readonly RoleName[] = ['ingest', 'processor', 'dashboard']
/** Messages that suppliers may be ahead of the worker. */
const aheadMessages = 400
/** Messages of the log, 4,000 rows each, that a stage may be behind it. The archive gathers for 3.2 s, and what a heartbeat says is up to a second old. */
const behindMessages = { processor: 30, archive: 120 }

/**
 * Suppliers' messages of 500 records → worker → log → processor and archive, each role a process. First each stage alone on
 * the same input, for its CPU time an event; then the whole for `seconds`. budget = cores / sum of the stages' CPU time. The worker
 * alone is measured on the second half of its input: the first has brought every key once, so that tokens are known as they are in the
 * whole run for most of its time. Making the load and sending it takes its part of the cores beside the stages. In the whole run suppliers wait for the
 * slowest stage, so that what is measured could go on for hours: else the worker would fill the log for a minute, and the others empty it afterwards.
 */
export const bench: Bench = (options) =>
  medians(options, async () => {
    const { keys, seconds, say } = options
    const alone = await stagesAlone(await worldMessages(keys, keys * recordsPerKey, say))
    const perEvent = stages.reduce((sum, stage) => sum + (alone[stage] as number), 0)
    const budget = (availableParallelism() * 1e6) / perEvent
    say(`alone, CPU µs an event: ${JSON.stringify(alone)}; budget ${Math.round(budget)} events/s`)
    // Made ahead, so that making it takes nothing from the stages; what fits into memory at most.
    const input = await worldMessages(keys, Math.min(seconds * budget, 12_000_000), say)
    const whole = await wholeWay(input, seconds)
    return {
      ...whole,
      budgetEventsPerSecond: budget,
      ratio: (whole['eventsPerSecond'] as number) / budget,
      workerCpuMicrosecondsPerEvent: alone['ingest'] as number,
      processorCpuMicrosecondsPerEvent: alone['processor'] as number,
      archiveCpuMicrosecondsPerEvent: alone['dashboard'] as number,
    }
  })

const recordsOf = (input: readonly InputMessage[]): number =>
  input.reduce((sum, { records }) => sum + records, 0)

/** CPU µs an event of each stage, its share of the NATS server included, what its start costs left out. */
async function stagesAlone(input: readonly InputMessage[]): Promise<Figures> {
  const started = await startCosts()
  const site = await openSite('events')
  try {
    const figures: Figures = {}
    const records = recordsOf(input)
    for (const stage of stages) {
      const natsBefore = site.cpuSeconds('nats')
      await site.start(stage)
      if (stage === 'ingest') {
        const half = Math.floor(input.length / 2)
        await feed(site, input.slice(0, half))
        await done(site, stage, half, 0)
        const before = site.cpuSeconds(stage) + site.cpuSeconds('nats')
        await feed(site, input.slice(half), { before: half })
        await done(site, stage, input.length, 0)
        const cpu = site.cpuSeconds(stage) + site.cpuSeconds('nats') - before
        figures[stage] = (Math.max(0.01, cpu) / recordsOf(input.slice(half))) * 1e6
      } else {
        await done(site, stage, input.length, await lastOfLog(site))
        const cpu = site.cpuSeconds(stage) - (started[stage] as number) + site.cpuSeconds('nats') - natsBefore
        figures[stage] = (Math.max(0.01, cpu) / records) * 1e6
      }
      await site.end(stage, 'SIGTERM')
    }
    return figures
  } finally {
    await site.close()
  }
}

/** CPU seconds of each role until it is ready on an empty server. */
async function startCosts(): Promise<Figures> {
  const site = await openSite('events')
  try {
    const figures: Figures = {}
    for (const stage of stages) {
      await site.start(stage)
      figures[stage] = site.cpuSeconds(stage)
    }
    return figures
  } finally {
    await site.close()
  }
}

async function wholeWay(input: readonly InputMessage[], seconds: number): Promise<Figures> {
  const site = await openSite('events')
  try {
    for (const stage of stages) await site.start(stage)
    const before = Object.fromEntries([...stages, 'nats' as const].map((one) => [one, site.cpuSeconds(one)]))
    const started = performance.now()
    const keepsUp = async (): Promise<boolean> => {
      const last = await lastOfLog(site)
      return (
        last - site.detail('processor', 'seq') <= behindMessages.processor &&
        last - site.detail('archive', 'position') <= behindMessages.archive
      )
    }
    const sent = await feed(site, input, { untilMs: started + seconds * 1000, keepsUp })
    await done(site, 'ingest', sent, 0)
    const last = await lastOfLog(site)
    await Promise.all(stages.map((stage) => done(site, stage, sent, last)))
    const tookMs = performance.now() - started
    const records = recordsOf(input.slice(0, sent))
    const cpu = [...stages, 'nats' as const].reduce(
      (sum, one) => sum + site.cpuSeconds(one) - (before[one] as number),
      0,
    )
    return {
      eventsPerSecond: (records / tookMs) * 1000,
      events: records,
      seconds: tookMs / 1000,
      cpuMicrosecondsPerEvent: (cpu / records) * 1e6,
      alerts: site.detail('archive', 'alerts'),
    }
  } finally {
    await site.close()
  }
}

/**
 * Publishes until the input or the time is used up, a bounded way ahead of the worker and while the other stages keep up; `before` messages are
 * there. Gives the messages sent.
 */
async function feed(
  site: Site,
  input: readonly InputMessage[],
  {
    untilMs = Infinity,
    before = 0,
    keepsUp = async () => true,
  }: { untilMs?: number; before?: number; keepsUp?: () => Promise<boolean> } = {},
): Promise<number> {
  let sent = 0
  const taken = async (): Promise<number> =>
    (await site.nats.jsm.consumers.info('FEEDS', 'ingest')).ack_floor.stream_seq
  while (sent < input.length && performance.now() < untilMs) {
    if (before + sent - (await taken()) > aheadMessages || !(await keepsUp())) {
      await sleep(20)
      continue
    }
    const next = input.slice(sent, sent + 32)
    await Promise.all(
      next.map(({ feed, data }) => site.nats.js.publish(`feeds.${feed}.bench`, data, { timeout: 30_000 })),
    )
    sent += next.length
  }
  return sent
}

async function done(site: Site, stage: RoleName, messages: number, last: number): Promise<void> {
  const isDone = {
    ingest: () => site.detail('ingest', 'worker') >= messages,
    processor: () => site.detail('processor', 'seq') >= last && site.detail('processor', 'waiting') === 0,
    dashboard: () => site.detail('archive', 'position') >= last && site.detail('archive', 'lag') === 0,
  }
  await until(`${stage} to have taken all`, isDone[stage as keyof typeof isDone], 600_000)
}

async function lastOfLog(site: Site): Promise<number> {
  return (await site.nats.jsm.streams.info('EVENTS')).state.last_seq
}

if (import.meta.main) void runCommand('pipeline')
