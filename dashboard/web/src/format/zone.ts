/** Local time of a named zone by Intl alone; the browser's own zone plays no part. */

const formatters = new Map<string, Intl.DateTimeFormat>()

/** What must be added to `at` (ms UTC) so that its UTC fields read as the local time of `zone`, in ms. */
export function zoneOffsetMs(at: number, zone: string): number {
  let formatter = formatters.get(zone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(zone, formatter)
  }
  const field: Record<string, number> = {}
  for (const { type, value } of formatter.formatToParts(at)) field[type] = Number(value)
  const local = Date.UTC(
    field['year'] ?? 0,
    (field['month'] ?? 1) - 1,
    field['day'] ?? 1,
    field['hour'] ?? 0,
    field['minute'] ?? 0,
    field['second'] ?? 0,
  )
  return local - Math.floor(at / 1000) * 1000
}

/** Local day of an instant, `YYYY-MM-DD`. */
export function localDay(at: number, zone: string): string {
  return new Date(at + zoneOffsetMs(at, zone)).toISOString().slice(0, 10)
}

/** Instant (ms UTC) at which a local day starts. */
export function startOfDay(day: string, zone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`)
  // Twice, since the offset may differ between the guess and the answer where clocks change.
  const guess = utc - zoneOffsetMs(utc, zone)
  return utc - zoneOffsetMs(guess, zone)
}

/** The day `count` days later. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)
}
