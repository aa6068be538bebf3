import type { ApiError } from '../../../api/shapes.ts'
import { ApiFailure } from './client.ts'

/** Sends a change as JSON and gives the answer; undefined where there is none (204). Throws {@link ApiFailure}. */
export async function send<T>(method: 'POST' | 'DELETE', url: string, body?: object): Promise<T> {
  let response: Response
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  } catch (cause) {
    throw new ApiFailure(0, { code: 'UNREACHABLE', message: String(cause) })
  }
  if (response.status === 204) return undefined as T
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer as T
  throw new ApiFailure(
    response.status,
    isProblem(answer) ? answer : { code: 'HTTP', message: `HTTP ${response.status}` },
  )
}

function isProblem(body: unknown): body is ApiError {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body
}
