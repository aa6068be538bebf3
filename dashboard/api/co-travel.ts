/** How often a vehicle passed each site in each hour of the local day. */
export interface HourlyPassages {
  readonly vehicle: string
  readonly site: string
  readonly hour: number
  readonly count: number
}

/**
 * Passages that two vehicles would share by chance: at each site and hour of the day, those of the one times the share of the time in which
 * the other is within `withinMs`, `days` being the length of the span. Both keep to their hours, so that commuters do not look like a convoy;
 * neither knows of the other. Passages that they did share are in both counts, which errs on the side of chance.
 */
export function sharedByChance(
  own: readonly HourlyPassages[],
  other: readonly HourlyPassages[],
  { withinMs, days }: { withinMs: number; days: number },
): number {
  const near = Math.min(1, (2 * withinMs) / (Math.max(1, days) * 3_600_000))
  const counts = new Map(own.map(({ site, hour, count }) => [`${site} ${hour}`, count]))
  return other.reduce(
    (sum, { site, hour, count }) => sum + (counts.get(`${site} ${hour}`) ?? 0) * count * near,
    0,
  )
}

/**
 * −log10 of the chance to share `shared` passages or more when `expected` are to be expected (Poisson): 3 is one in a thousand. At most 30.
 */
export function surprise(shared: number, expected: number): number {
  if (shared <= 0) return 0
  if (expected <= 0) return 30
  // The tail from its first term on: P(X = shared) and what follows, whose ratio is expected / (shared + i).
  let logFactorial = 0
  for (let i = 2; i <= shared; i++) logFactorial += Math.log(i)
  const first = shared * Math.log(expected) - expected - logFactorial
  let sum = 1
  let term = 1
  for (let i = 1; i < 10_000; i++) {
    term *= expected / (shared + i)
    sum += term
    if (term < 1e-12 * sum) break
  }
  return Math.min(30, Math.max(0, -(first + Math.log(sum)) / Math.LN10))
}
