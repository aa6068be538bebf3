import type { CountedVolume } from '../feeds/log-subjects.ts'
import { season } from './calendar.ts'
import { Dice } from './dice.ts'
import { dayMs, dayOf, minuteMs, startOf, weekdayOf } from './local-time.ts'

/** An airport that sends no records, only what it counted in a day. No traveller of the world uses it. */
const site = 'TH-AIR-URT'
const byWeekday = [1.1, 0.9, 0.9, 0.95, 1, 1.1, 1.15]
/** The total of a day is sent so long after its end, ms. */
const afterMs = 30 * minuteMs

/** A first start sends the totals of so many days before its history: without them nobody knows what is usual. */
export const totalsBeforeMs = 70 * dayMs

/** The day's totals that are sent in [fromMs, toMs). On one day in six, each weekday of its own, a festival brings three times as many. */
export function totalsBetween(seed: number, fromMs: number, toMs: number): CountedVolume[] {
  const rows: CountedVolume[] = []
  for (let day = dayOf(fromMs - afterMs) - 1; startOf(day + 1) + afterMs < toMs; day++) {
    if (startOf(day + 1) + afterMs < fromMs) continue
    for (const kind of ['entry', 'exit'] as const) {
      const dice = new Dice(seed, 'totals', kind, day)
      const usual = 620 * (byWeekday[weekdayOf(day)] as number) * season(day) * dice.between(0.94, 1.06)
      const festival = kind === 'entry' && ((day % 6) + 6) % 6 === 2
      rows.push({
        feed: 'crossings',
        site,
        kind,
        at: startOf(day),
        spanMs: dayMs,
        count: Math.round(usual * (festival ? 3 : 1)),
      })
    }
  }
  return rows
}
