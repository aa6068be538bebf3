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
  readonly aloneRatio: number
  readonly aloneAtLeast: number
  readonly settleMs: number
  readonly lateMs: number
  readonly utcOffsetMs: number
}

/** Which hours of a site count, and which days. */
export interface Calendar {
  open(site: string, at: number): boolean
  /** Neither a holiday nor beside one. */
  calm(at: number): boolean
}

const kinds = ['entry', 'exit', 'check', 'sighting'] as const

/**
 * Unusual volumes of sites that send records: count by hour, then hold every hour and every day that was reported against the same
 * one of the weeks before.
 */
export function volumeAnomaly(
  events: readonly TestEvent[],
  params: Params,
  now: number,
  { open, calm }: Calendar = { open: () => true, calm: () => true },
): OracleFinding[] {
  const bySite = Map.groupBy(
    settled(events).filter(({ feed }) => feed !== 'registrations'),
    ({ site }) => site ?? 'S1',
  )
  return [...bySite].flatMap(([key, own]) => {
    const cells = new Map<string, number>()
    const reported = new Set<number>()
    for (const e of own) {
      const h = Math.floor(e.at / hour) * hour
      const kind = e.feed === 'sightings' ? 'sighting' : (e.direction ?? 'entry')
      cells.set(`${kind} ${h}`, (cells.get(`${kind} ${h}`) ?? 0) + 1)
      reported.add(h)
    }
    const there = (at: number): boolean => reported.has(at) && open(key, at)
    const marks = (
      starts: readonly number[],
      length: number,
      atLeast: number,
    ): { at: number; more: boolean; alone: boolean }[] =>
      starts.flatMap((at) => {
        const parts = Array.from({ length: length / hour }, (_, n) => n * hour).filter((part) =>
          there(at + part),
        )
        if (!calm(at) || parts.length === 0 || at + length + params.settleMs > now) return []
        const count = (kind: string, start: number): number =>
          parts.reduce((sum, part) => sum + (cells.get(`${kind} ${start + part}`) ?? 0), 0)
        const before = Array.from({ length: params.weeks }, (_, n) => at - (n + 1) * 7 * day).filter(
          (start) => calm(start) && parts.some((part) => there(start + part)),
        )
        if (before.length < params.weeksAtLeast) return []
        const found = kinds.flatMap((kind) => {
          const x = count(kind, at)
          const counts = before.map((start) => count(kind, start))
          const usual = middle(counts)
          const away = Math.abs(x - usual)
          const days = (): number[] =>
            Array.from({ length: params.weeks * 7 }, (_, n) => count(kind, at - (n + 1) * day))
          const stands =
            away > atLeast &&
            away > params.ratioAtLeast * usual &&
            away > params.spreadsAtLeast * 1.4826 * middle(counts.map((c) => Math.abs(c - usual))) &&
            (x > Math.max(...counts) * (1 + params.ratioAtLeast / 2) ||
              x < Math.min(...counts) * (1 - params.ratioAtLeast / 2)) &&
            (usual > 0 || x > Math.max(...days()) * (1 + params.ratioAtLeast))
          return stands
            ? [
                {
                  away,
                  more: x > usual,
                  alone: x >= params.aloneRatio * usual && away >= params.aloneAtLeast,
                },
              ]
            : []
        })
        const furthest = Math.max(...found.map(({ away }) => away))
        const first = found.find(({ away }) => away === furthest)
        if (first === undefined || (!first.more && at + length + params.lateMs > now)) return []
        return [{ at, more: first.more, alone: first.more && first.alone }]
      })
    const starts = (length: number, offset: number): number[] =>
      [...new Set(own.map(({ at }) => Math.floor((at + offset) / length) * length - offset))].sort(
        (a, b) => a - b,
      )
    const runs = (list: ReturnType<typeof marks>, length: number, gap: number) =>
      [true, false].flatMap((more) => {
        const found: { more: boolean; start: number; end: number; size: number; alone: boolean }[] = []
        for (const { at, alone } of list.filter((one) => one.more === more)) {
          const last = found.at(-1)
          if (last !== undefined && at - (last.end - length) <= gap) {
            last.end = at + length
            last.size++
            last.alone ||= alone
          } else found.push({ more, start: at, end: at + length, size: 1, alone })
        }
        return found
      })
    const hours = runs(marks(starts(hour, 0), hour, params.hourAtLeast), hour, 2 * hour).filter(
      ({ size, alone }) => alone || size >= params.hoursAtLeast,
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
