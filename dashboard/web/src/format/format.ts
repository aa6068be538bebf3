import type { Language } from '../messages/messages.ts'
import { localDay } from './zone.ts'

/** Whose years are told: those of the common era, or of the Buddhist one (543 more). */
export const calendars = ['gregory', 'buddhist'] as const
export type Calendar = (typeof calendars)[number]

/** Numbers and times as a person of a language reads them, in one time zone. */
export interface Formats {
  readonly language: Language
  readonly zone: string
  /** 12,345 */
  number(value: number): string
  /** 2.4, at most two digits after the point. */
  decimal(value: number): string
  /** +12 %, from a ratio of 1.12. */
  change(ratio: number): string
  /** 82 % */
  percent(share: number): string
  /** 1.8 %, for small shares. */
  share(share: number): string
  /** 23 Nov 2026 */
  day(at: number | string): string
  /** 23 Nov */
  dayMonth(at: number | string): string
  /** Mon 23 Nov 2026 */
  weekday(at: number | string): string
  /** 14:05 */
  time(at: number): string
  /** 23 Nov, 14:05, with the year when it is not that of `now`. */
  moment(at: number, now?: number): string
  /** Sunday, 23 November 2026 */
  longDay(at: number | string): string
  /** 14:05:09 */
  clock(at: number): string
  /** 3 h 20 min */
  duration(ms: number): string
  /** The same in few letters, one unit: 3 h, 5 d. */
  brief(ms: number): string
  /** Label of a time axis: what changes at that tick. */
  axis(at: number, stepMs: number): string
}

/** Locale of each language; years of the common era in Thai too unless chosen otherwise, as in date fields. */
export const locales = { en: 'en-GB', th: 'th-TH-u-ca-gregory' } as const
const buddhistLocales = { en: 'en-GB-u-ca-buddhist', th: 'th-TH-u-ca-buddhist' } as const

export function createFormats(language: Language, zone: string, calendar: Calendar = 'gregory'): Formats {
  const locale = calendar === 'buddhist' ? buddhistLocales[language] : locales[language]
  const date = (options: Intl.DateTimeFormatOptions): ((at: number | string) => string) => {
    const formatter = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })
    const ofDay = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
    return (at) =>
      typeof at === 'number' ? formatter.format(at) : ofDay.format(Date.parse(`${at}T00:00:00Z`))
  }
  const number = new Intl.NumberFormat(locale)
  const change = new Intl.NumberFormat(locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: 0,
  })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const decimal = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const unit = (name: string): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: 0,
    })
  const narrowUnit = (name: string): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: language === 'th' ? 'short' : 'narrow',
      maximumFractionDigits: 0,
    })
  const narrow = {
    second: narrowUnit('second'),
    minute: narrowUnit('minute'),
    hour: narrowUnit('hour'),
    day: narrowUnit('day'),
  }
  const units = { second: unit('second'), minute: unit('minute'), hour: unit('hour'), day: unit('day') }
  const dayMonth = date({ day: 'numeric', month: 'short' })
  const monthYear = date({ month: 'short', year: 'numeric' })
  const weekdayDay = date({ weekday: 'short', day: 'numeric' })
  const time = date({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const day = date({ day: 'numeric', month: 'short', year: 'numeric' })
  return {
    language,
    zone,
    number: (value) => number.format(value),
    change: (ratio) => change.format(ratio - 1).replace('-', '−'),
    percent: (share) => percent.format(share),
    decimal: (value) => decimal.format(value),
    share: (value) => share.format(value),
    day,
    dayMonth,
    weekday: date({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
    time,
    moment: (at, now) =>
      `${now !== undefined && localDay(at, zone).slice(0, 4) === localDay(now, zone).slice(0, 4) ? dayMonth(at) : day(at)} ${time(at)}`,
    longDay: date({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    clock: date({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
    duration(ms) {
      const seconds = Math.round(Math.abs(ms) / 1000)
      const sign = ms < -500 ? '−' : ''
      if (seconds < 60) return sign + units.second.format(seconds)
      const minutes = Math.round(seconds / 60)
      if (minutes < 60) return sign + units.minute.format(minutes)
      const hours = Math.floor(minutes / 60)
      const restMinutes = minutes % 60
      if (hours < 48)
        return (
          sign + units.hour.format(hours) + (restMinutes > 0 ? ` ${units.minute.format(restMinutes)}` : '')
        )
      const days = Math.floor(hours / 24)
      return sign + units.day.format(days) + (hours % 24 > 0 ? ` ${units.hour.format(hours % 24)}` : '')
    },
    brief(ms) {
      const [value, name] =
        ms < 60_000
          ? [ms / 1000, 'second' as const]
          : ms < 3_600_000
            ? [ms / 60_000, 'minute' as const]
            : ms < 48 * 3_600_000
              ? [ms / 3_600_000, 'hour' as const]
              : [ms / 86_400_000, 'day' as const]
      return narrow[name].format(Math.floor(value))
    },
    axis(at, stepMs) {
      if (stepMs >= 27 * 86_400_000) return monthYear(at)
      if (stepMs >= 86_400_000) return dayMonth(at)
      const text = time(at)
      return text === '00:00' ? weekdayDay(at) : text
    },
  }
}
