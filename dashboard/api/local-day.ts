import { badInput } from './problem.ts'

const dayMs = 86_400_000

/** Making one takes a hundred times as long as using it. */
const formats = new Map<string, { readonly date: Intl.DateTimeFormat; readonly parts: Intl.DateTimeFormat }>()

function formatsOf(timeZone: string): {
  readonly date: Intl.DateTimeFormat
  readonly parts: Intl.DateTimeFormat
} {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const made = {
    date: new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }),
    parts: new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    }),
  }
  formats.set(timeZone, made)
  return made
}

/** The local date `YYYY-MM-DD` of an instant. */
export function dateOf(at: number, timeZone: string): string {
  return formatsOf(timeZone).date.format(at)
}

/** `date` moved by whole days. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** The instant at which a local day begins; where midnight is skipped by a clock change, the first instant of the day. */
export function startOf(date: string, timeZone: string): number {
  const guess = Date.parse(`${date}T00:00:00Z`)
  let start = guess - offsetMs(guess, timeZone)
  start = guess - offsetMs(start, timeZone)
  while (dateOf(start, timeZone) < date) start += 900_000
  return start
}

function offsetMs(at: number, timeZone: string): number {
  const parts = formatsOf(timeZone).parts.formatToParts(at)
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  return (
    Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) -
    Math.floor(at / 1000) * 1000
  )
}

/** A day of the calendar; throws a 400 naming `field` for 2025-02-30. */
export function parseDate(text: string, field: string): string {
  const at = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text)
    throw badInput(field, 'There is no such day.', 'Give a day of the calendar as YYYY-MM-DD.')
  return text
}

/** A `Moment` of a query string in ms UTC: a day is its local midnight. Throws a 400 naming `field`. */
export function parseMoment(text: string, field: string, timeZone: string): number {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return startOf(parseDate(text, field), timeZone)
  const at = Date.parse(text)
  if (Number.isNaN(at))
    throw badInput(field, 'There is no such time.', 'Give YYYY-MM-DD or ISO 8601 with offset.')
  return at
}

/** Both ends of a span, the end exclusive. Throws a 400 when it is empty. */
export function parseSpan(
  query: { from: string; to: string },
  timeZone: string,
): { from: number; to: number } {
  const span = { from: parseMoment(query.from, 'from', timeZone), to: parseMoment(query.to, 'to', timeZone) }
  if (span.to <= span.from)
    throw badInput('to', 'The span is empty.', 'Give a `to` that is later than `from`.')
  return span
}
