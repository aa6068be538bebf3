type Nothing = false | null | undefined | 0 | ''

/** Asks again every 20 ms until `check` gives something true, and returns it; throws naming `what` after `withinMs`. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<Exclude<T, Nothing>> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const value = await check()
    if (value) return value as Exclude<T, Nothing>
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${what}.`)
    await new Promise((done) => setTimeout(done, 20))
  }
}
