import cliProgress from 'cli-progress'

export interface Progress {
  /** `done` of the total so far. */
  at(done: number): void
  stop(): void
}

/** A bar with rate and ETA on standard error; where that is no terminal, a line every two seconds. */
export function startProgress(what: string, total: number, now: () => number = Date.now): Progress {
  const startedAt = now()
  const rate = (done: number): string =>
    Math.round((done / Math.max(1, now() - startedAt)) * 1000).toLocaleString('en')
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    format: `${what} [{bar}] {percentage}% | {value}/{total} | {rate}/s | ETA {eta_formatted}`,
    noTTYOutput: true,
    notTTYSchedule: 2_000,
    hideCursor: false,
    etaBuffer: 200,
    fps: 8,
  })
  bar.start(total, 0, { rate: '0' })
  return {
    at: (done) => bar.update(done, { rate: rate(done) }),
    stop: () => bar.stop(),
  }
}
