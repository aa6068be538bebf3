const dayMs = 86_400_000

/** A day of the calendar as its number since 1970-01-01. Throws RangeError for a day that does not exist. */
export function dayNumber(year: number, month: number, day: number): number {
  const at = Date.UTC(year, month - 1, day)
  const date = new Date(at)
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    throw new RangeError(`There is no day ${year}-${month}-${day}.`)
  return at / dayMs
}

/**
 * The instant (ms UTC) at which clocks in a zone show `hour`:00 on a day. Where a clock change skips that hour, the
 * instant just after the change.
 */
export function instantIn(zone: string): (day: number, hour: number) => number {
  const format = new Intl.DateTimeFormat('en-US-u-hc-h23', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const aheadMs = (at: number): number => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year, month, day, hour, minute, second } = part as Record<string, number>
    return Date.UTC(year!, month! - 1, day, hour, minute, second) - at
  }
  const known = new Map<number, number>()
  return (day, hour) => {
    const clock = day * dayMs + hour * 3_600_000
    const cached = known.get(clock)
    if (cached !== undefined) return cached
    const first = clock - aheadMs(clock)
    const at = clock - aheadMs(first)
    known.set(clock, at)
    return at
  }
}
