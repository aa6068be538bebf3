/**
 * Asks once for all who ask within `freshMs`: an overview open on fifty screens costs the store one query. A failed answer
 * is not kept.
 */
export function sharedAnswer<T>(ask: () => Promise<T>, freshMs: number): () => Promise<T> {
  let answer: Promise<T> | undefined
  let askedAt = -Infinity
  return () => {
    const now = performance.now()
    if (answer === undefined || now - askedAt > freshMs) {
      askedAt = now
      const asked = ask()
      answer = asked
      asked.catch(() => {
        if (answer === asked) answer = undefined
      })
    }
    return answer
  }
}
