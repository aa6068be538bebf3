/** Longest time without a turn for others, ms; a part of the work more. */
const turnMs = 20

/** Goes through work in parts, and lets whatever else waits have its turn every so often. `turn` gives it. */
export async function inTurns<T>(
  parts: Generator<void, T>,
  turn: () => Promise<void> = nextTurn,
): Promise<T> {
  for (let since = performance.now(); ;) {
    const { done, value } = parts.next()
    if (done === true) return value
    if (performance.now() - since < turnMs) continue
    await turn()
    since = performance.now()
  }
}

const nextTurn = (): Promise<void> => new Promise((done) => setImmediate(done))
