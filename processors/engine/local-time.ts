/** Local time of detectors. Thailand keeps one time all year, so it is arithmetic; `at` is ms UTC throughout. */

const hour = 3_600_000
const day = 24 * hour
const offset = 7 * hour

/** Whether it was between `fromHour` (included) and `toHour` of the local day; a span such as 22–5 passes midnight. */
export function inHours(at: number, fromHour: number, toHour: number): boolean {
  const time = (at + offset) % day
  const [from, to] = [fromHour * hour, toHour * hour]
  return from <= to ? from <= time && time < to : time >= from || time < to
}

/** Number of the night that an instant belongs to, from noon to noon local time; consecutive nights have consecutive numbers. */
export function nightOf(at: number): number {
  return Math.floor((at + offset - 12 * hour) / day)
}
