import type { Nats } from '../../platform/nats.ts'
import { loadFeeds, loadSource, type Load, type LoadFeed, type Sent } from './load.ts'

/** Suppliers under way: each sends a batch, again and again until it is accepted, then the next. */
export interface Senders {
  /** What has been accepted, in the order of the answers; a record answered `duplicate` is counted too. */
  readonly accepted: readonly Sent[]
  /** Answers of 503 with Retry-After, those without, and attempts that nobody answered. */
  readonly seen: { busy: number; bare: number; unanswered: number }
  /** Resolves when every batch that was begun is accepted; nothing more is sent until {@link Senders.resume}. */
  pause(): Promise<void>
  resume(): void
  stop(): Promise<void>
}

export interface SendersOptions {
  /** Address of the gateway, by a function since it may move. */
  readonly url: string
  readonly key: string
  /** Records in a batch (default 8), and pause between two batches of a sender, ms (default 150). */
  readonly batchRecords?: number
  readonly everyMs?: number
  /** Senders over HTTP (default 2); one more sends over NATS. */
  readonly overHttp?: number
}

/** A request that hangs this long is given up and sent again, ms. */
const requestMs = 15_000
/** Longest pause before a batch is sent again, ms: shorter than Retry-After asks, so that rounds are short. */
const retryMs = 250

/** Starts sending. A record that is rejected ends it: {@link Senders.pause} then throws. */
export function startSenders(options: SendersOptions, deps: { load: Load; nats: Nats }): Senders {
  const accepted: Sent[] = []
  const seen = { busy: 0, bare: 0, unanswered: 0 }
  let isOpen = true
  let ended = false
  let broken: unknown
  let idle = 0
  const waiting = new Set<() => void>()

  async function overHttp(feed: LoadFeed, batch: readonly Sent[]): Promise<boolean> {
    const response = await fetch(`${options.url}/v1/feeds/${feed}?verdicts=rejected`, {
      method: 'POST',
      headers: { authorization: `Bearer ${options.key}`, 'content-type': 'application/x-ndjson' },
      body: lines(batch),
      signal: AbortSignal.timeout(requestMs),
    })
    const text = await response.text()
    if (response.status === 503) {
      if (Number(response.headers.get('retry-after')) > 0) seen.busy++
      else seen.bare++
      return false
    }
    const answer = JSON.parse(text) as { accepted: number; duplicate: number; rejected: number }
    if (response.status !== 200 || answer.rejected > 0)
      throw new Refused(`The gateway refused records of the load (${response.status}): ${text.slice(0, 500)}`)
    return answer.accepted + answer.duplicate === batch.length
  }

  async function overNats(feed: LoadFeed, batch: readonly Sent[]): Promise<boolean> {
    await deps.nats.js.publish(`feeds.${feed}.${loadSource}`, lines(batch), { timeout: 2_000 })
    return true
  }

  async function sender(send: typeof overHttp): Promise<void> {
    for (let turn = 0; ; turn++) {
      while (!isOpen && !ended) {
        idle++
        await new Promise<void>((go) => waiting.add(go))
        idle--
      }
      if (ended) return
      const feed = loadFeeds[turn % loadFeeds.length] as LoadFeed
      const batch = deps.load.batch(feed, options.batchRecords ?? 8)
      while (!(await attempt(() => send(feed, batch)))) {
        if (ended) return
        await rest(retryMs)
      }
      accepted.push(...batch)
      await rest(options.everyMs ?? 150)
    }
  }

  async function attempt(send: () => Promise<boolean>): Promise<boolean> {
    try {
      return await send()
    } catch (error) {
      if (error instanceof Refused) throw error
      seen.unanswered++
      return false
    }
  }

  const ways = [...Array.from({ length: options.overHttp ?? 2 }, () => overHttp), overNats]
  const running = ways.map((way) => sender(way).catch((error: unknown) => void (broken = error)))
  return {
    accepted,
    seen,
    pause: async () => {
      isOpen = false
      while (idle < ways.length && broken === undefined) await rest(10)
      if (broken !== undefined) throw broken
    },
    resume: () => {
      isOpen = true
      for (const go of waiting) go()
      waiting.clear()
    },
    stop: async () => {
      ended = true
      for (const go of waiting) go()
      await Promise.all(running)
    },
  }
}

class Refused extends Error {}

const lines = (batch: readonly Sent[]): string => batch.map(({ wire }) => JSON.stringify(wire)).join('\n')
export const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
