import { addVerdicts, inParallel, noVerdicts, pause, type Verdicts } from '../supplier/supplier.ts'

export interface SendingOptions {
  readonly batchRows: number
  readonly inFlight: number
  /** Most records a second; undefined: as fast as they are taken. */
  readonly perSecond?: number
}

export interface Clock {
  /** ms */
  readonly now: () => number
  readonly wait: (ms: number) => Promise<void>
}

/** Sends a list in batches, in order, paced, and gives the sum of the verdicts. */
export async function sendAll<T>(
  list: readonly T[],
  options: SendingOptions,
  post: (batch: readonly T[]) => Promise<Verdicts>,
  onProgress: (done: number) => void = () => {},
  clock: Clock = { now: Date.now, wait: pause },
): Promise<Verdicts> {
  const sum = noVerdicts()
  let done = 0
  await inParallel(paced(list, options, clock), options.inFlight, async (batch) => {
    addVerdicts(sum, await post(batch))
    onProgress((done += batch.length))
  })
  return sum
}

/** Batches, each given out once the rate allows it. */
async function* paced<T>(
  list: readonly T[],
  { batchRows, perSecond }: SendingOptions,
  clock: Clock,
): AsyncGenerator<readonly T[]> {
  const startedAt = clock.now()
  // A slow rate comes in small batches, at least four a second.
  const rows =
    perSecond === undefined ? batchRows : Math.max(1, Math.min(batchRows, Math.floor(perSecond / 4)))
  for (let i = 0; i < list.length; i += rows) {
    const dueMs = perSecond === undefined ? 0 : startedAt + (i / perSecond) * 1000 - clock.now()
    if (dueMs > 0) await clock.wait(dueMs)
    yield list.slice(i, i + rows)
  }
}
