import type { TestEvent } from '../support/events.ts'
import { settled, type OracleFinding } from './oracle.ts'

const hour = 3_600_000
const day = 24 * hour

interface Params {
  readonly weeks: number
  readonly weeksAtLeast: number
  readonly hourAtLeast: number
  readonly dayAtLeast: number
  readonly ratioAtLeast: number
  readonly spreadsAtLeast: number
  readonly hoursAtLeast: number
  readonly settleMs: number
  readonly lateMs: number
  readonly utcOffsetMs: number
}

/**
 * Unusual volumes of sites that send records, without hours and holidays: hold every hour and every day that was reported against
 * the same one of the weeks before, by sums over the events themselves.
 */
export function volumeAnomaly(events: readonly TestEvent[], params: Params, now: number): OracleFinding[] {
  const all = settled(events).filter(({ feed }) => feed !== 'registrations')
  return [...new Set(all.map(({ site }) => site ?? 'S1'))].flatMap((key) => {
    const own = all.filter(({ site }) => (site ?? 'S1') === key)
    const within = (from: number, to: number): TestEvent[] => own.filter(({ at }) => at >= from && at < to)
    const marks = (
      starts: readonly number[],
      length: number,
      atLeast: number,
    ): { at: number; more: boolean }[] =>
      starts.flatMap((at) => {
        const parts = Array.from({ length: length / hour }, (_, n) => n * hour).filter(
          (part) => within(at + part, at + part + hour).length > 0,
        )
        if (parts.length === 0 || at + length + params.settleMs > now) return []
        const inParts = (start: number): TestEvent[] =>
          parts.flatMap((part) => within(start + part, start + part + hour))
        const before = Array.from({ length: params.weeks }, (_, n) => inParts(at - (n + 1) * 7 * day)).filter(
          (found) => found.length > 0,
        )
        if (before.length < params.weeksAtLeast) return []
        const found = ['entry', 'exit', 'check', 'sighting'].flatMap((kind) => {
          const count = (list: readonly TestEvent[]): number =>
            list.filter((e) => (e.feed === 'sightings' ? 'sighting' : (e.direction ?? 'entry')) === kind)
              .length
          const x = count(inParts(at))
          const counts = before.map(count)
          const usual = middle(counts)
          const away = Math.abs(x - usual)
          const days = Array.from({ length: params.weeks * 7 }, (_, n) => count(inParts(at - (n + 1) * day)))
          const stands =
            away > atLeast &&
            away > params.ratioAtLeast * usual &&
            away > params.spreadsAtLeast * 1.4826 * middle(counts.map((c) => Math.abs(c - usual))) &&
            (x > Math.max(...counts) * (1 + params.ratioAtLeast / 2) ||
              x < Math.min(...counts) * (1 - params.ratioAtLeast / 2)) &&
            (usual > 0 || x > Math.max(...days) * (1 + params.ratioAtLeast))
          return stands ? [{ away, more: x > usual }] : []
        })
        const furthest = Math.max(...found.map(({ away }) => away))
        const more = found.find(({ away }) => away === furthest)?.more
        if (more === undefined || (!more && at + length + params.lateMs > now)) return []
        return [{ at, more }]
      })
    const starts = (length: number, offset: number): number[] =>
      [...new Set(own.map(({ at }) => Math.floor((at + offset) / length) * length - offset))].sort(
        (a, b) => a - b,
      )
    const runs = (list: readonly { at: number; more: boolean }[], length: number, gap: number) =>
      [true, false].flatMap((more) => {
        const found: { more: boolean; start: number; end: number; size: number }[] = []
        for (const { at } of list.filter((one) => one.more === more)) {
          const last = found.at(-1)
          if (last !== undefined && at - (last.end - length) <= gap) {
            last.end = at + length
            last.size++
          } else found.push({ more, start: at, end: at + length, size: 1 })
        }
        return found
      })
    const hours = runs(marks(starts(hour, 0), hour, params.hourAtLeast), hour, 2 * hour).filter(
      ({ size }) => size >= params.hoursAtLeast,
    )
    const days = marks(starts(day, params.utcOffsetMs), day, params.dayAtLeast).filter(
      ({ at, more }) => !hours.some((run) => run.more === more && run.start < at + day && run.end > at),
    )
    return [...hours, ...runs(days, day, day)].map(({ start, end }) => ({
      rule: 'volume-anomaly',
      key,
      start,
      end,
      events: [],
    }))
  })
}

function middle(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] as number
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] as number)) / 2
}
