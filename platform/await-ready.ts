/** What the dashboard's `/health/ready` says: the parts that are missing, empty when ready; undefined: no answer. */
export async function missingParts(dashboardUrl: string): Promise<readonly string[] | undefined> {
  try {
    const response = await fetch(`${dashboardUrl}/health/ready`, { signal: AbortSignal.timeout(2_000) })
    const body = (await response.json()) as { missing?: readonly { what: string }[] }
    if (response.ok) return []
    return body.missing?.map(({ what }) => what) ?? ['dashboard']
  } catch {
    return undefined
  }
}

/**
 * Resolves once nothing but `except` is missing; says every `sayEveryMs` what it still waits for. False: stopped by
 * `signal` before that.
 */
export async function awaitReady(
  dashboardUrl: string,
  options: {
    signal: AbortSignal
    say: (text: string) => void
    except?: readonly string[]
    sayEveryMs?: number
  },
): Promise<boolean> {
  let nextSay = Date.now() + (options.sayEveryMs ?? 15_000)
  while (!options.signal.aborted) {
    const missing = (await missingParts(dashboardUrl)) ?? ['dashboard']
    const left = missing.filter((part) => !(options.except ?? []).includes(part))
    if (left.length === 0) return true
    if (Date.now() > nextSay) {
      options.say(`Still waiting for ${left.join(', ')}.`)
      nextSay = Date.now() + (options.sayEveryMs ?? 15_000)
    }
    await new Promise((done) => setTimeout(done, 100))
  }
  return false
}
