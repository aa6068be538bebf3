import { pause } from '../supplier/supplier.ts'

/** What `GET /api/lag` says: how far each stage has read the log. */
export interface Lag {
  readonly logLastSeq: number
  readonly archiveSeq: number
  readonly alertsLastSeq: number
  readonly alertsSeq: number
  readonly processors: readonly { readonly slice: string; readonly seq: number }[]
  readonly rollupPending: number
  readonly caughtUp: boolean
}

/** A row of `GET /api/premises/peaks`. */
export interface PremisesPeak {
  readonly id: string
  readonly capacity: number
  readonly peak: number
  /** Local day on which the peak began, YYYY-MM-DD. */
  readonly peakFrom: string
  readonly findings: number
}

/** The dashboard could not be asked; the message says what to do. */
export class DashboardError extends Error {
  readonly code = 'DASHBOARD'
}

export interface DashboardClient {
  lag(): Promise<Lag>
  peaks(): Promise<PremisesPeak[]>
}

/** How a caller is known to the dashboard: an API key with scope `read`, or a one-time sign-in link (or its token). */
export type Credentials = { readonly key: string } | { readonly login: string }

const ask = (url: string): Promise<Response | undefined> => fetch(url).catch(() => undefined)

/**
 * The dashboard of a gateway that nobody named: what the gateway says of itself (`dashboard` in `GET /v1`), else the port
 * before the gateway's, else 8080, whichever answers. Throws {@link DashboardError} when none does.
 */
export async function findDashboard(ingestUrl: string): Promise<string> {
  const self = await ask(new URL('/v1', ingestUrl).href)
  const { dashboard } = ((await self?.json().catch(() => undefined)) ?? {}) as { dashboard?: unknown }
  const beside = [Number(new URL(ingestUrl).port) - 1, 8080].map((port) => {
    const url = new URL('/', ingestUrl)
    url.port = String(port)
    return url.origin
  })
  for (const url of [...(typeof dashboard === 'string' ? [dashboard] : []), ...beside])
    if ((await ask(`${url}/health/live`))?.ok === true) return url
  throw new DashboardError(
    `No dashboard answers at ${[...new Set(beside)].join(' or ')}; the summary comes from it: name it with --dashboard.`,
  )
}

/** A client of the dashboard's API. Throws {@link DashboardError} when it cannot be reached or lets nobody in. */
export async function connectDashboard(url: string, credentials: Credentials): Promise<DashboardClient> {
  const base = url.replace(/\/+$/, '')
  const headers: Record<string, string> =
    'key' in credentials
      ? { authorization: `Bearer ${credentials.key}` }
      : { cookie: await signIn(base, credentials.login) }

  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${base}${path}`, { headers }).catch(() => undefined)
    if (response === undefined)
      throw new DashboardError(`The dashboard at ${base} does not answer; name it with --dashboard.`)
    const body = (await response.json().catch(() => ({}))) as { message?: string; fix?: string }
    if (!response.ok)
      throw new DashboardError(
        `The dashboard at ${base} refused ${path} (${response.status}): ${body.message ?? ''} ${body.fix ?? ''}`.trim(),
      )
    return body as T
  }
  return {
    lag: () => get<Lag>('/api/lag'),
    peaks: async () => (await get<{ premises: PremisesPeak[] }>('/api/premises/peaks')).premises,
  }
}

/**
 * Waits until the archive, every processor and the charts have what was in the log when it is called, and what they made of
 * it is archived. `stalledMs`: how long nothing may move before it throws {@link DashboardError}.
 */
export async function untilCaughtUp(
  dashboard: Pick<DashboardClient, 'lag'>,
  options: {
    stalledMs?: number
    onLag?: (behind: number) => void
    wait?: (ms: number) => Promise<void>
  } = {},
): Promise<void> {
  const { stalledMs = 120_000, wait = pause } = options
  let target: number | undefined
  let last = ''
  let movedAt = Date.now()
  for (;;) {
    const lag = await dashboard.lag().catch((error: unknown) => {
      // It may be starting again: that is a stall like any other.
      if (Date.now() - movedAt > stalledMs) throw error
    })
    if (lag === undefined) {
      await wait(500)
      continue
    }
    target ??= lag.logLastSeq
    const slowest = Math.min(lag.archiveSeq, ...lag.processors.map(({ seq }) => seq))
    if (lag.caughtUp && lag.processors.length > 0) return
    options.onLag?.(Math.max(0, target - slowest))
    const now = JSON.stringify([slowest, lag.alertsSeq, lag.rollupPending])
    if (now !== last) movedAt = Date.now()
    last = now
    if (Date.now() - movedAt > stalledMs)
      throw new DashboardError(
        `Nothing has moved for ${stalledMs / 1000} s: archive at ${lag.archiveSeq}, processors at ` +
          `${lag.processors.map(({ slice, seq }) => `${slice}: ${seq}`).join(', ') || 'none'}, log at ${lag.logLastSeq}. See the page Feeds.`,
      )
    await wait(150)
  }
}

/** Trades a one-time link for the session's cookie. */
async function signIn(base: string, login: string): Promise<string> {
  const token = /[?&]token=([^&]+)/.exec(login)?.[1] ?? login
  const response = await fetch(`${base}/login?token=${token}`, { redirect: 'manual' }).catch(() => undefined)
  const cookie = response?.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ') // prettier-ignore
  if (cookie === undefined || cookie === '')
    throw new DashboardError(
      `The dashboard at ${base} did not accept the sign-in link: it works once. Make another.`,
    )
  return cookie
}
