/** Thailand keeps UTC+7 all year, so local days are plain arithmetic. */
const offsetMs = 7 * 3_600_000

export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

/** Number of the local day that holds an instant (ms UTC), counted from 1970-01-01. */
export const dayOf = (at: number): number => Math.floor((at + offsetMs) / dayMs)

/** Local midnight at which a day starts, ms UTC. */
export const startOf = (day: number): number => day * dayMs - offsetMs

/** 0 Sunday … 6 Saturday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7

/** `2026-01-31T06:30:00+07:00` */
export const localInstant = (at: number): string =>
  `${new Date(at + offsetMs).toISOString().slice(0, 19)}+07:00`

/** `2026-01-31T06:30:00.250Z` */
export const utcInstant = (at: number): string => new Date(at).toISOString()
