import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogin } from '../../dashboard/api/logins.ts'
import { quantile, runCommand, type Bench } from './command.ts'
import { post } from './ingest.ts'
import { recordsPerMessage, worldMessages } from './input.ts'
import { openSite, type Site } from './site.ts'

const eventsPerSecond = 5_000

/**
 * At 5,000 events a second, everything on: from the answer to a supplier until the alert that follows has been pushed to a
 * page and can be read from the store. Every tenth of a second the fourth crossing of a planted traveller makes an alert.
 */
export const bench: Bench = async ({ seconds, runs, keys, say }) => {
  const site = await openSite()
  try {
    await Promise.all([site.start('ingest'), site.start('processor'), site.start('dashboard')])
    const cookie = await signIn(site)
    const planted = new Set<number>()
    const accepted = new Map<number, number>()
    const latencies: number[] = []
    const reader = createReader(site, cookie)
    const stop = await listen(site, cookie, (alertId, startAt) => {
      // The world has alerts of its own: their deciding record is not known here.
      if (!planted.has(startAt)) return
      const pushedAt = performance.now()
      void reader.readable(alertId).then((readableAt) => {
        const from = accepted.get(startAt)
        if (from !== undefined) latencies.push(Math.max(pushedAt, readableAt) - from)
      })
    })
    await load(site, { seconds: seconds * runs, keys, planted, accepted })
    const deadline = performance.now() + 30_000
    while (latencies.length < planted.size && performance.now() < deadline) await sleep(20)
    stop()
    await reader.stop()
    latencies.sort((a, b) => a - b)
    say(`${latencies.length} of ${planted.size} planted alerts seen`)
    if (latencies.length === 0) throw new Error('No planted alert was seen.')
    return {
      p50Ms: quantile(latencies, 0.5),
      p99Ms: quantile(latencies, 0.99),
      alerts: latencies.length,
      missing: planted.size - latencies.length,
    }
  } finally {
    await site.close()
  }
}

/** Sends at a steady rate; the planted crossing of each moment goes alone, after the three before it. */
async function load(
  site: Site,
  options: { seconds: number; keys: number; planted: Set<number>; accepted: Map<number, number> },
): Promise<void> {
  const { seconds, keys, planted, accepted } = options
  const agent = new Agent({ keepAlive: true })
  const every = (recordsPerMessage / eventsPerSecond) * 1000
  const input = await worldMessages(keys, seconds * eventsPerSecond)
  // The world's last record is of now: by the wall it is weeks old, and whatever should have followed it by now would be missed.
  const late = Date.now() - (input.at(-1)?.sentAt ?? 0)
  const started = performance.now()
  const flying: Promise<unknown>[] = []
  for (const [message, { feed, data }] of input.entries()) {
    await sleep(Math.max(0, started + message * every - performance.now()))
    flying.push(post(site, agent, { feed, text: moved(data.toString(), late) }))
    flying.push(plant(site, agent, message, { planted, accepted }))
  }
  await Promise.all(flying)
  agent.destroy()
}

/** Records with every time so much later, ms. */
function moved(text: string, byMs: number): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, (time) =>
    new Date(Date.parse(time) + byMs).toISOString(),
  )
}

async function plant(
  site: Site,
  agent: Agent,
  n: number,
  { planted, accepted }: { planted: Set<number>; accepted: Map<number, number> },
): Promise<void> {
  // The millisecond of the first crossing tells the alert by.
  const startAt = Date.now() - 3_600_000 - (Date.now() % 1_000_000) + n
  planted.add(startAt)
  const crossing = (i: number): string =>
    `${JSON.stringify({
      id: `plant-${n}-${i}`,
      at: new Date(startAt + i * 60_000).toISOString(),
      site: 'TH-MM-MAESOT1',
      direction: i % 2 === 0 ? 'entry' : 'exit',
      documentType: 'passport',
      documentNumber: `PLANT${n}`,
      nationality: 'UTO',
    })}\n`
  await post(site, agent, { feed: 'crossings', text: [0, 1, 2].map(crossing).join('') })
  const status = await post(site, agent, { feed: 'crossings', text: crossing(3) })
  if (status !== 200) throw new Error(`The gateway answered ${status}.`)
  accepted.set(startAt, performance.now())
}

/** Asks the API again and again for the alerts that have been pushed, all at once as the queue's page does, until each is read from the store. */
function createReader(
  site: Site,
  cookie: string,
): { readable(alertId: string): Promise<number>; stop(): Promise<void> } {
  const waiting = new Map<string, (readableAt: number) => void>()
  let stopped = false
  const ask = async (): Promise<void> => {
    while (!stopped) {
      const ids = [...waiting.keys()].slice(0, 100)
      if (ids.length === 0) {
        await sleep(5)
        continue
      }
      const response = await fetch(`${site.dashboardUrl}/api/alerts/rows?ids=${ids.join()}`, {
        headers: { cookie },
      })
      if (!response.ok) throw new Error(`The rows of alerts answered ${response.status}.`)
      const { alerts } = (await response.json()) as { alerts: readonly { alertId: string }[] }
      for (const { alertId } of alerts) {
        waiting.get(alertId)?.(performance.now())
        waiting.delete(alertId)
      }
    }
  }
  const asking = ask()
  return {
    readable: (alertId) => new Promise((done) => waiting.set(alertId, done)),
    stop: () => {
      stopped = true
      return asking
    },
  }
}

/** Listens to the live alerts as a page does. */
async function listen(
  site: Site,
  cookie: string,
  onAlert: (alertId: string, startAt: number) => void,
): Promise<() => void> {
  const abort = new AbortController()
  const response = await fetch(`${site.dashboardUrl}/api/alerts/stream`, {
    headers: { cookie },
    signal: abort.signal,
  })
  if (!response.ok || response.body === null) throw new Error(`The live alerts answered ${response.status}.`)
  const body = response.body
  void (async () => {
    let rest = ''
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + text).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const data = /^event: alert\ndata: (.*)$/m.exec(event)?.[1]
        if (data === undefined) continue
        const { alertId, startAt, revision } = JSON.parse(data) as Record<string, unknown>
        if (revision === 1) onAlert(String(alertId), Number(startAt))
      }
    }
  })().catch(() => {})
  return () => abort.abort()
}

async function signIn(site: Site): Promise<string> {
  const token = await createLogin(site.dataDir, { role: 'analyst' })
  const response = await fetch(`${site.dashboardUrl}/login?token=${token}`, { redirect: 'manual' })
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  if (cookie === undefined) throw new Error(`The login answered ${response.status}.`)
  return cookie
}

if (import.meta.main) void runCommand('latency')
