import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  classes,
  feeds,
  assignees,
  formatAlerts,
  groupings,
  indexQuery,
  queues,
  snoozedViews,
  sorts,
  triageStates,
  formatDaily,
  formatOverview,
  grains,
  origins,
  parseAlerts,
  parseDaily,
  parseOverview,
  severities,
  spans,
  splits,
  statuses,
  views,
  type AlertsFilter,
  type DailyFilter,
  type OverviewFilter,
} from '../../../dashboard/web/src/filter/filter.ts'

const day = fc
  .integer({ min: 0, max: 40_000 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10))
const siteId = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })

const overview: fc.Arbitrary<OverviewFilter> = fc
  .record({
    feed: fc.constantFrom(...feeds),
    span: fc.constantFrom(...spans),
    days: fc.tuple(day, day),
    grain: fc.constantFrom(...grains),
    split: fc.constantFrom(...splits),
    sites: fc.uniqueArray(siteId, { maxLength: 5 }).map((ids) => ids.sort()),
    origin: fc.constantFrom(...origins),
    view: fc.constantFrom(...views),
  })
  .map(({ days, ...rest }) => {
    const [from, to] = days.sort()
    const custom = rest.span === 'custom'
    return { ...rest, from: custom ? from : null, to: custom ? to : null }
  })

const alerts: fc.Arbitrary<AlertsFilter> = fc.record({
  queue: fc.constantFrom(...queues),
  state: fc.constantFrom(...triageStates),
  assignee: maybe(fc.constantFrom(...assignees)),
  sort: fc.constantFrom(...sorts),
  group: fc.constantFrom(...groupings),
  snoozed: fc.constantFrom(...snoozedViews),
  text: maybe(
    fc
      .string({ maxLength: 80, unit: 'grapheme-ascii' })
      .filter((text) => text !== '' && text.trim() === text),
  ),
  key: maybe(siteId),
  status: fc.constantFrom(...statuses),
  severity: maybe(fc.constantFrom(...severities)),
  class: maybe(fc.constantFrom(...classes)),
  rule: maybe(fc.stringMatching(/^[a-z0-9-]{1,30}$/)),
  site: maybe(siteId),
  from: maybe(day),
  to: maybe(day),
})

const daily: fc.Arbitrary<DailyFilter> = fc.record({ date: maybe(day) })

const holds = <T>(
  arbitrary: fc.Arbitrary<T>,
  format: (filter: T) => string,
  parse: (search: string) => T,
): void =>
  fc.assert(
    fc.property(arbitrary, (filter) => {
      expect(parse(format(filter))).toEqual(filter)
    }),
  )

describe('filters in the address', () => {
  it('come back from the address as they went in', () => {
    holds(overview, formatOverview, parseOverview)
    holds(alerts, formatAlerts, parseAlerts)
    holds(daily, formatDaily, parseDaily)
  })

  it('take any text, and settle after one reading', () => {
    const name = fc.constantFrom(
      'feed',
      'span',
      'from',
      'to',
      'grain',
      'sites',
      'status',
      'severity',
      'date',
      'rule',
    )
    const query = fc
      .array(fc.tuple(name, fc.string()))
      .map((pairs) => new URLSearchParams(pairs as [string, string][]).toString())
    fc.assert(
      fc.property(query, (text) => {
        const settled = formatOverview(parseOverview(text))
        expect(formatOverview(parseOverview(settled))).toBe(settled)
        expect(formatAlerts(parseAlerts(formatAlerts(parseAlerts(text))))).toBe(
          formatAlerts(parseAlerts(text)),
        )
        expect(formatDaily(parseDaily(formatDaily(parseDaily(text))))).toBe(formatDaily(parseDaily(text)))
      }),
    )
  })

  it('become the question for the index: days included, states and groups as the API names them', () => {
    expect(indexQuery(parseAlerts(''))).toBe('?queue=main&sort=urgency&status=open&state=active')
    const asked = parseAlerts('?state=any&group=entity&to=2026-11-25&snoozed=only&text= tak &assignee=me')
    expect(indexQuery(asked)).toBe(
      '?queue=main&assignee=me&sort=urgency&text=tak&status=open&by=entity&to=2026-11-26',
    )
  })

  it('leave the address bare for what is shown by default', () => {
    expect(formatOverview(parseOverview(''))).toBe('')
    expect(formatAlerts(parseAlerts(''))).toBe('')
    expect(formatDaily(parseDaily(''))).toBe('')
  })

  it.each([
    ['a day that does not exist', '?date=2026-02-30'],
    ['a day in words', '?date=yesterday'],
    ['no day', '?date='],
  ])('fall back to the default for %s', (_, search) => {
    expect(parseDaily(search)).toEqual({ date: null })
  })

  it.each([
    ['without its days', '?span=custom'],
    ['with days the wrong way round', '?span=custom&from=2026-02-02&to=2026-02-01'],
    ['with one day', '?span=custom&from=2026-02-02'],
  ])('fall back to 24 hours for chosen dates %s', (_, search) => {
    expect(parseOverview(search)).toMatchObject({ span: '24h', from: null, to: null })
  })
})
