import { Type } from 'typebox'
import { defineDetector } from '../detector.ts'
import { chains, lookFor, type Period } from '../engine/volume-periods.ts'

const hour = 3_600_000
const day = 24 * hour
const week = 7 * day

const params = Type.Object({
  weeks: Type.Integer({
    minimum: 1,
    maximum: 8,
    default: 8,
    description: 'Weeks before that an hour or a day is compared with.',
  }),
  weeksAtLeast: Type.Integer({
    minimum: 1,
    default: 4,
    description: 'Of these, how many must be comparable.',
  }),
  hourAtLeast: Type.Number({ minimum: 1, default: 30, description: 'Least difference of an hour, events.' }),
  dayAtLeast: Type.Number({ minimum: 1, default: 300, description: 'Least difference of a day, events.' }),
  ratioAtLeast: Type.Number({
    minimum: 0,
    default: 0.5,
    description: 'Least difference as a share of what is usual.',
  }),
  spreadsAtLeast: Type.Number({
    minimum: 0,
    default: 6,
    description: 'Least difference in spreads (1.4826 × the median distance from the median).',
  }),
  hoursAtLeast: Type.Integer({
    minimum: 1,
    default: 2,
    description: 'Unusual hours that make a finding otherwise, at most one usual hour between them.',
  }),
  aloneRatio: Type.Number({
    minimum: 1,
    default: 3,
    description: 'An hour with this many times what is usual is a finding by itself.',
  }),
  aloneAtLeast: Type.Number({
    minimum: 1,
    default: 60,
    description: 'Least difference of such an hour, events: one coach brings up to 50.',
  }),
  settleMs: Type.Integer({
    minimum: 0,
    default: 15 * 60_000,
    description: 'After its end an hour or a day counts as complete, ms.',
  }),
  lateMs: Type.Integer({
    minimum: 0,
    default: 6 * hour,
    description:
      'After its end nothing is waited for that comes late: before, fewer than usual says nothing, ms.',
  }),
  aroundHolidays: Type.Integer({
    minimum: 0,
    maximum: 7,
    default: 1,
    description: 'Days before and after a holiday that are as unusual as itself.',
  }),
  utcOffsetMs: Type.Integer({
    default: 7 * hour,
    description: 'Local time less UTC, ms: a day begins at local midnight.',
  }),
})

/** Many more, or many fewer, events at a site than usual: an hour against that hour of the week, a day against that weekday. */
export default defineDetector({
  id: 'volume-anomaly',
  key: 'site',
  reads: ['crossings', 'sightings'],
  measure: 6,
  class: 'monitor',
  title: { en: 'Unusual volume', th: 'ปริมาณผิดปกติ' },
  reason: {
    en: 'A closed or re-opened border, a raid on the other side, a new way around a checkpoint show as many more or many fewer crossings and vehicles than in the same hour of other weeks. Holidays, closed hours and gaps in the reports are no anomaly.',
    th: 'การปิดหรือเปิดด่าน การกวาดล้างอีกฝั่ง หรือเส้นทางเลี่ยงด่าน ทำให้จำนวนคนและรถต่างจากชั่วโมงเดียวกันของสัปดาห์อื่นมาก ไม่นับวันหยุด เวลาปิด และช่วงที่ไม่มีรายงาน',
  },
  params,
  evidence: Type.Object({
    grain: Type.String({ description: 'hour or day.' }),
    direction: Type.String({ description: 'more or fewer than usual.' }),
    kind: Type.String({ description: 'What was counted at the peak: entry, exit, check or sighting.' }),
    count: Type.Integer({ description: 'Events in the hour or day that is furthest from usual.' }),
    usual: Type.Number({ description: 'Median of the comparable ones before.' }),
    spread: Type.Number({ description: 'Their spread.' }),
    peakAt: Type.Integer({ description: 'Start of that hour or day, ms UTC.' }),
    periods: Type.Integer({ description: 'Unusual hours or days in all.' }),
  }),
  lookbackMs: ({ weeks }) => weeks * week + 50 * hour,
  lookaheadMs: () => 25 * hour,
  uses: ['hours', 'holidays'],
  evaluate: (context) => {
    // A source has the volumes of its sites.
    if (context.key.startsWith('source:')) return []
    const { params, from, to } = context
    const rechecks: { at: number; about: number }[] = []
    const look = lookFor(context, rechecks)
    const hoursIn = (since: number, until: number): Period[][] =>
      chains(look('hour', since, until), 2 * hour).filter(
        (chain) =>
          chain.length >= params.hoursAtLeast ||
          chain.some(
            ({ direction, found: { count, usual, away } }) =>
              direction === 'more' && count >= params.aloneRatio * usual && away >= params.aloneAtLeast,
          ),
      )
    // A day whose hours say it already is not said again.
    const days = look('day', from - day, to).filter(
      ({ start, end, direction }) =>
        !hoursIn(start - 4 * hour, end + 4 * hour).some(
          ([first, ...rest]) =>
            first?.direction === direction && first.start < end && (rest.at(-1) ?? first).end > start,
        ),
    )
    const hours = hoursIn(from - 4 * hour, to + 4 * hour)
    const findings = [...hours, ...chains(days, day)].map((chain) => {
      const peak = chain.reduce((a, b) => (b.found.away > a.found.away ? b : a))
      const { grain, direction, kind, found } = peak
      return {
        start: (chain[0] as Period).start,
        end: (chain.at(-1) as Period).end,
        site: context.key,
        events: [],
        evidence: {
          grain,
          direction,
          kind,
          count: found.count,
          usual: found.usual,
          spread: Math.round(found.spread * 10) / 10,
          peakAt: peak.start,
          periods: chain.length,
        },
      }
    })
    return { findings, rechecks }
  },
  severity: ({ direction, count, usual, grain, periods }) =>
    (direction === 'more' ? count >= usual * 3 : count <= usual * 0.1)
      ? 'high'
      : grain === 'day' || periods >= 4
        ? 'medium'
        : 'low',
  explain: ({ evidence, site }, words) => {
    const { grain, kind, count, usual, peakAt, periods } = evidence
    const number = (value: number): string => value.toLocaleString('en-GB')
    const at = words.time(peakAt)
    if (words.language === 'th') {
      const [unit, what] = [grain === 'hour' ? 'ชั่วโมง' : 'วัน', thai[kind as keyof typeof thai]]
      return `${words.name(site)}: ${what} ${number(count)} รายการใน${unit}ที่เริ่ม ${at} ปกติ ${number(usual)} (ผิดปกติ ${periods} ${unit})`
    }
    const what = english[kind as keyof typeof english]
    const all = periods === 1 ? '' : `; ${periods} unusual ${grain}s in all`
    return `${words.name(site)}: ${number(count)} ${what} in the ${grain} from ${at}, where ${number(usual)} are usual${all}.`
  },
  unless: ({ evidence: { usual, grain }, params }, words) => {
    const away = Math.max(
      grain === 'hour' ? params.hourAtLeast : params.dayAtLeast,
      params.ratioAtLeast * usual,
    )
    return words.language === 'th'
      ? `หากต่างจากปกติไม่เกิน ${Math.round(away)} รายการ`
      : `within ${Math.round(away)} of what is usual`
  },
})

const english = { entry: 'entries', exit: 'exits', check: 'checks', sighting: 'vehicles' } as const
const thai = { entry: 'ขาเข้า', exit: 'ขาออก', check: 'การตรวจ', sighting: 'รถ' } as const
