import { dayMs } from './local-time.ts'

/** Tourists by month, January first, against the year's mean: high season from November to February (estimate). */
const seasons = [1.18, 1.15, 1.06, 0.98, 0.86, 0.86, 0.95, 0.96, 0.84, 0.94, 1.08, 1.2]

/** Public holidays of a fixed date, `MM-DD`; the lunar ones move and are left out. */
const holidays = new Set(['01-01', '04-06', '04-13', '04-14', '04-15', '05-01', '05-04', '06-03', '07-28', '08-12', '10-13', '10-23', '12-05', '12-10', '12-31']) // prettier-ignore

/** `MM-DD` of a local day, counted from 1970-01-01. */
const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(5, 10)

export const isHoliday = (day: number): boolean => holidays.has(dateOf(day))

/** How many tourists come on a local day, against the year's mean. */
export function season(day: number): number {
  const month = new Date(day * dayMs).getUTCMonth()
  return (seasons[month] as number) * (isHoliday(day) ? 1.25 : 1)
}
