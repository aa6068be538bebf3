import type { FeedName } from '../feeds/layout.ts'
import type { CountedVolume, ReferenceRow, TableName } from '../feeds/log-subjects.ts'

/** What came of the records of one request, or of many. */
export interface Verdicts {
  accepted: number
  duplicate: number
  rejected: number
  /** Rejected records by reason. */
  readonly reasons: Record<string, number>
}

/** The gateway's answer was final and is not one that trying again would change. */
export class SupplierError extends Error {
  readonly code: string
  readonly status: number
  constructor(status: number, code: string, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

export interface SupplierOptions {
  /** Address of the gateway, for example http://127.0.0.1:8081. */
  readonly url: string
  readonly key: string
  /** How long one request is tried again while the gateway is away or full, ms; default: for ever. */
  readonly giveUpAfterMs?: number
  readonly signal?: AbortSignal
}

export interface SupplierDeps {
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Told before each further attempt. */
  readonly onRetry?: (why: { attempt: number; status: number }) => void
}

/** A supplier's system as it meets the public HTTP endpoint. */
export interface Supplier {
  /** Sends records as NDJSON; back once the gateway has stored them. */
  post(feed: FeedName, records: readonly object[]): Promise<Verdicts>
  reference(table: TableName, rows: readonly ReferenceRow[]): Promise<void>
  volumes(rows: readonly CountedVolume[]): Promise<void>
  /** Entries of watchlists, numbers in the clear: the gateway makes tokens of them. */
  watchlists(entries: readonly object[]): Promise<void>
}

/**
 * Sends to a gateway and tries again while it cannot be reached, is full (503 with Retry-After) or limits (429): sending a
 * record twice is harmless, since its id says which record it is. Throws {@link SupplierError} on any other refusal.
 */
export function createSupplier(options: SupplierOptions, deps: SupplierDeps = {}): Supplier {
  const wait = deps.wait ?? pause
  const base = options.url.replace(/\/+$/, '')

  const send = async (path: string, type: string, body: string): Promise<unknown> => {
    const started = Date.now()
    for (let attempt = 1; ; attempt++) {
      const answer = await once(`${base}${path}`, type, body)
      if (answer.ok) return answer.body
      const error = refusal(answer)
      if (!isPassing(answer.status)) throw error
      const waitMs = answer.retryAfterMs ?? Math.min(5_000, 125 * 2 ** Math.min(attempt, 6))
      if (Date.now() - started + waitMs > (options.giveUpAfterMs ?? Infinity)) throw error
      deps.onRetry?.({ attempt, status: answer.status })
      await wait(waitMs, options.signal)
    }
  }

  const once = async (url: string, type: string, body: string): Promise<Answer> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${options.key}`, 'content-type': type },
        body,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      })
      const text = await response.text()
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
      return {
        ok: response.ok,
        status: response.status,
        body: parse(text),
        ...(Number.isFinite(seconds) ? { retryAfterMs: Math.min(60_000, seconds * 1000) } : {}),
      }
    } catch (error) {
      if (options.signal?.aborted === true) throw error
      return { ok: false, status: 0, body: undefined }
    }
  }

  return {
    async post(feed, records) {
      const body = records.map((record) => JSON.stringify(record)).join('\n')
      return verdictsOf(await send(`/v1/feeds/${feed}`, 'application/x-ndjson', body))
    },
    async reference(table, rows) {
      await send(`/v1/reference/${table}`, 'application/json', JSON.stringify(rows))
    },
    async volumes(rows) {
      await send('/v1/volumes', 'application/json', JSON.stringify(rows))
    },
    async watchlists(entries) {
      await send('/v1/watchlists', 'application/json', JSON.stringify(entries))
    },
  }
}

/** Adds the counts of `more` to `sum`. */
export function addVerdicts(sum: Verdicts, more: Verdicts): void {
  sum.accepted += more.accepted
  sum.duplicate += more.duplicate
  sum.rejected += more.rejected
  for (const [reason, count] of Object.entries(more.reasons))
    sum.reasons[reason] = (sum.reasons[reason] ?? 0) + count
}

export const noVerdicts = (): Verdicts => ({ accepted: 0, duplicate: 0, rejected: 0, reasons: {} })

/**
 * Runs `job` over a list with at most `inFlight` at a time, begun in order. Ends with the first failure, after those under
 * way have ended.
 */
export async function inParallel<T>(
  list: Iterable<T> | AsyncIterable<T>,
  inFlight: number,
  job: (one: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []
  for await (const one of list) {
    const run: Promise<void> = job(one)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(run))
    running.add(run)
    if (running.size >= inFlight) await Promise.race(running)
    if (failures.length > 0) break
  }
  await Promise.all(running)
  if (failures.length > 0) throw failures[0]
}

interface Answer {
  readonly ok: boolean
  /** 0: nobody answered. */
  readonly status: number
  readonly body: unknown
  readonly retryAfterMs?: number
}

const isPassing = (status: number): boolean => status === 0 || status === 429 || status >= 500

function refusal({ status, body }: Answer): SupplierError {
  if (status === 0)
    return new SupplierError(0, 'UNREACHABLE', 'The gateway does not answer. Is it running at that address?')
  const { code, message, fix } = (body ?? {}) as Record<string, unknown>
  const words = [message, fix].filter((word) => typeof word === 'string').join(' ')
  return new SupplierError(
    status,
    typeof code === 'string' ? code : `HTTP_${status}`,
    words || `HTTP ${status}`,
  )
}

function verdictsOf(body: unknown): Verdicts {
  const { accepted, duplicate, rejected, verdicts } = body as Record<string, unknown>
  const sum = noVerdicts()
  sum.accepted = Number(accepted)
  sum.duplicate = Number(duplicate)
  sum.rejected = Number(rejected)
  if (sum.rejected > 0 && Array.isArray(verdicts))
    for (const { verdict, reason } of verdicts as Record<string, unknown>[])
      if (verdict === 'rejected') sum.reasons[String(reason)] = (sum.reasons[String(reason)] ?? 0) + 1
  return sum
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Waits; a signal ends the wait with its reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      done()
    }, ms)
    const stop = (): void => {
      clearTimeout(timer)
      fail(signal?.reason)
    }
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
