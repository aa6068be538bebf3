import type { ApiError } from '../../../api/shapes.ts'
import type { SeriesRow } from '../charts/explore-data.ts'
import type { VolumeColumns } from '../charts/buckets.ts'

/** An answer that is no success, or no answer at all (code UNREACHABLE). */
export class ApiFailure extends Error {
  readonly code: string
  readonly status: number
  readonly fix: string | undefined
  constructor(status: number, { code, message, fix }: Pick<ApiError, 'code' | 'message' | 'fix'>) {
    super(message)
    this.status = status
    this.code = code
    this.fix = fix
  }
}

/** Longest that what stands beside a page waits for the page itself, ms. */
const asideAtMostMs = 2_000
/** Questions of the page that are not answered yet, and who waits for there to be none. */
let underWay = 0
let waiting: (() => void)[] = []

/** GET; throws {@link ApiFailure}, or AbortError when `signal` was aborted. */
async function get(url: string, accept: string, signal: AbortSignal): Promise<Response> {
  underWay++
  try {
    return await fetched(url, accept, signal)
  } finally {
    underWay--
    if (underWay === 0) {
      for (const go of waiting) go()
      waiting = []
    }
  }
}

async function fetched(url: string, accept: string, signal: AbortSignal): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, { signal, headers: { accept }, credentials: 'same-origin' })
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new ApiFailure(0, { code: 'UNREACHABLE', message: String(cause) })
  }
  if (response.ok) return response
  const body: unknown = await response.json().catch(() => null)
  throw new ApiFailure(
    response.status,
    isProblem(body) ? body : { code: 'HTTP', message: `HTTP ${response.status}` },
  )
}

export async function getJson<T>(url: string, signal: AbortSignal): Promise<T> {
  return (await (await get(url, 'application/json', signal)).json()) as T
}

/** The same for what stands beside the page on every page, such as its foot: it is asked for when what the page shows is answered. */
export async function getJsonAside<T>(url: string, signal: AbortSignal): Promise<T> {
  // The page's own questions come in the same turn, some after this one.
  await new Promise((resolve) => setTimeout(resolve))
  if (underWay > 0)
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      setTimeout(resolve, asideAtMostMs)
    })
  return (await (await fetched(url, 'application/json', signal)).json()) as T
}

/** Rows of /api/volumes. Arrow is loaded with the first call, after the first paint. */
export async function getVolumes(url: string, signal: AbortSignal): Promise<VolumeColumns> {
  const [response, { columnsOf }] = await Promise.all([
    get(url, 'application/vnd.apache.arrow.stream', signal),
    import('./volume-columns.ts'),
  ])
  return columnsOf(new Uint8Array(await response.arrayBuffer()))
}

/** Rows of /api/explore/series. */
export async function getSeries(url: string, signal: AbortSignal): Promise<SeriesRow[]> {
  const [response, { seriesRowsOf }] = await Promise.all([
    get(url, 'application/vnd.apache.arrow.stream', signal),
    import('./explore-columns.ts'),
  ])
  return seriesRowsOf(new Uint8Array(await response.arrayBuffer()))
}

export async function signOut(): Promise<void> {
  await fetch('/api/logout', { method: 'POST', credentials: 'same-origin' })
}

function isProblem(body: unknown): body is ApiError {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body
}
