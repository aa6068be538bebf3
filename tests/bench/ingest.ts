import { Agent, request } from 'node:http'
import { medians, quantile, runCommand, type Bench, type BenchOptions, type Figures } from './command.ts'
import { worldMessages, type InputMessage } from './input.ts'
import { openSite, type Site } from './site.ts'

/** The gateway as its own process: records over HTTP, each stored in a real JetStream before its answer. */
export const bench: Bench = (options) =>
  medians(options, async () => {
    const site = await openSite()
    try {
      await site.start('ingest')
      const share = { ...options, seconds: options.seconds / 2 }
      const ahead = Math.min(4_000, Math.max(20, Math.ceil(share.seconds * 400)))
      const bodies = (await worldMessages(options.keys, ahead * 500, options.say)).map(body)
      const batch = await measure(site, bodies, 8, share)
      const singles = bodies.slice(0, Math.ceil(ahead / 10)).flatMap(({ feed, text }) =>
        text
          .trimEnd()
          .split('\n')
          // Other ids than the batches had.
          .map((line) => ({ feed, text: line.replace('"id":"', '"id":"one-'), records: 1 })),
      )
      const single = await measure(site, singles, 128, share)
      return {
        batchEventsPerSecond: batch.rate,
        batchCpuMicrosecondsPerEvent: batch.cpu,
        batchP99Ms: batch.p99,
        singleEventsPerSecond: single.rate,
        singleCpuMicrosecondsPerEvent: single.cpu,
        singleP99Ms: single.p99,
      }
    } finally {
      await site.close()
    }
  })

interface Body {
  readonly feed: string
  readonly text: string
  readonly records: number
}

const body = ({ feed, records, data }: InputMessage): Body => ({ feed, records, text: data.toString() })

/** Sends bodies over `connections` until they or the time are used up. cpu: µs a record of the role, all its threads. */
async function measure(
  site: Site,
  bodies: readonly Body[],
  connections: number,
  { seconds }: Pick<BenchOptions, 'seconds'>,
): Promise<Figures & { rate: number; cpu: number; p99: number }> {
  const agent = new Agent({ keepAlive: true })
  const times: number[] = []
  let next = 0
  let records = 0
  const cpuBefore = site.cpuSeconds('ingest')
  const started = performance.now()
  const until = started + seconds * 1000
  const connection = async (): Promise<void> => {
    while (performance.now() < until) {
      const body = bodies[next++]
      if (body === undefined) return
      const sent = performance.now()
      const status = await post(site, agent, body)
      if (status !== 200) throw new Error(`The gateway answered ${status}.`)
      times.push(performance.now() - sent)
      records += body.records
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  const took = (performance.now() - started) / 1000
  agent.destroy()
  times.sort((a, b) => a - b)
  const cpu = Math.max(0.01, site.cpuSeconds('ingest') - cpuBefore)
  return { rate: records / took, cpu: (cpu / records) * 1e6, p99: quantile(times, 0.99) }
}

/** Sends one body and gives the status once the answer is read. */
export function post(site: Site, agent: Agent, { feed, text }: Omit<Body, 'records'>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(
      `${site.ingestUrl}/v1/feeds/${feed}?verdicts=rejected`,
      {
        agent,
        method: 'POST',
        headers: {
          authorization: `Bearer ${site.key}`,
          'content-type': 'application/x-ndjson',
          'content-length': Buffer.byteLength(text),
        },
      },
      (response) => {
        response.resume()
        response.once('end', () => resolve(response.statusCode ?? 0))
      },
    )
    sending.once('error', reject)
    sending.end(text)
  })
}

if (import.meta.main) void runCommand('ingest')
