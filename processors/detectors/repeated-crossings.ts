import { Type } from 'typebox'
import { defineDetector } from '../detector.ts'
import { hotChains, usualCount } from '../engine/episodes.ts'
import type { History } from '../engine/history.ts'
import { list } from '../words.ts'

const hour = 3_600_000
const day = 24 * hour
const passes = ['border-pass', 'temporary-border-pass', 'work-pass'] as const

/** One document crosses the border more often than a traveller has reason to. */
export default defineDetector({
  id: 'repeated-crossings',
  key: 'traveller',
  reads: ['crossings'],
  measure: 2,
  class: 'investigate',
  title: { en: 'Repeated crossings', th: 'ข้ามแดนซ้ำ' },
  reason: {
    en: 'Couriers, guides of irregular groups and borrowed documents show as one document crossing several times a day. Pass holders commute: a pass counts only when it crosses far more often than it usually does itself.',
    th: 'เอกสารฉบับเดียวข้ามแดนหลายครั้งในหนึ่งวัน อาจเป็นผู้นำพา ผู้รับส่งของ หรือการยืมเอกสาร ผู้ถือบัตรผ่านแดนเดินทางประจำ จึงนับเฉพาะเมื่อข้ามบ่อยกว่าปกติของบัตรนั้นเองมาก',
  },
  params: Type.Object({
    windowMs: Type.Integer({
      minimum: 60_000,
      default: 24 * hour,
      description: 'Span that the crossings fall in, ms.',
    }),
    atLeast: Type.Integer({
      minimum: 2,
      default: 4,
      description: 'Crossings in one span that make a finding.',
    }),
    documentTypes: Type.Array(Type.String(), {
      default: ['passport'],
      description: 'Documents to which that number applies as it is.',
    }),
    passAtLeast: Type.Object(
      {
        'border-pass': Type.Integer({ minimum: 2 }),
        'temporary-border-pass': Type.Integer({ minimum: 2 }),
        'work-pass': Type.Integer({ minimum: 2 }),
      },
      {
        default: { 'border-pass': 6, 'temporary-border-pass': 6, 'work-pass': 6 },
        description: 'Crossings in one span that make a finding, by kind of pass, if they are unusual too.',
      },
    ),
    timesUsual: Type.Number({
      minimum: 1,
      default: 2,
      description: 'A pass must cross more than this many times its own usual number.',
    }),
    baselineMs: Type.Integer({
      minimum: 0,
      maximum: 90 * day,
      default: 28 * day,
      description: 'How far back the usual number of a pass is taken from, ms.',
    }),
  }),
  evidence: Type.Object({
    crossings: Type.Integer({ description: 'Crossings in the whole chain.' }),
    most: Type.Integer({ description: 'Most crossings in one span of the window.' }),
    sites: Type.Array(Type.String(), { description: 'Where, in the order of first use.' }),
    documentTypes: Type.Array(Type.String(), { description: 'Kinds of document shown.' }),
    spanMs: Type.Integer({ description: 'First to last crossing, ms.' }),
    firstAt: Type.Integer({ description: 'First crossing, ms UTC.' }),
    lastAt: Type.Integer({ description: 'Last crossing, ms UTC.' }),
    usual: Type.Integer({
      description:
        'Crossings that this pass usually makes in such a span; 0 for passports, and when not known.',
    }),
    flaggedFrom: Type.Integer({ description: 'Crossings in one span that were needed.' }),
  }),
  lookbackMs: ({ windowMs, baselineMs }) => windowMs + baselineMs,
  lookaheadMs: ({ windowMs }) => windowMs,
  evaluate: ({ history, params, from }) => {
    const { windowMs, atLeast, documentTypes, passAtLeast, timesUsual, baselineMs } = params
    if (!crowded(history, from, windowMs, Math.min(atLeast, ...Object.values(passAtLeast)))) return []
    // Route checks are crossings of nothing: they share the feed, not the meaning. Stays in lodgings have no direction.
    const crossed = history.where((i) => history.direction(i) === 'entry' || history.direction(i) === 'exit')
    const chains = (
      kept: number[],
      least: number,
      needed: (times: readonly number[], first: number) => Needed,
    ) => {
      const times = kept.map((i) => history.at(i))
      const enough = (first: number, count: number): boolean => count >= needed(times, first).flaggedFrom
      return hotChains(times, windowMs, least, enough).map(({ first, last }) => {
        const chain = kept.slice(first, last + 1)
        const firstAt = times[first] as number
        const lastAt = times[last] as number
        return {
          start: firstAt,
          end: lastAt,
          site: history.site(chain.at(-1) as number),
          events: chain.map((i) => history.event(i)),
          evidence: {
            crossings: chain.length,
            most: mostInWindow(times.slice(first, last + 1), windowMs),
            sites: [...new Set(chain.map((i) => history.site(i)))],
            documentTypes: [...new Set(chain.map((i) => history.documentType(i)))].sort(),
            spanMs: lastAt - firstAt,
            firstAt,
            lastAt,
            ...needed(times, first),
          },
        }
      })
    }
    return [
      ...chains(
        crossed.filter((i) => documentTypes.includes(history.documentType(i))),
        atLeast,
        () => ({ usual: 0, flaggedFrom: atLeast }),
      ),
      ...passes
        .filter((pass) => !documentTypes.includes(pass))
        .flatMap((pass) =>
          chains(
            crossed.filter((i) => history.documentType(i) === pass),
            passAtLeast[pass],
            (times, first) => {
              const usual = usualCount(times, times[first] as number, windowMs, baselineMs)
              return { usual, flaggedFrom: Math.max(passAtLeast[pass], Math.floor(usual * timesUsual) + 1) }
            },
          ),
        ),
    ]
  },
  severity: ({ most, sites, flaggedFrom }) =>
    most >= flaggedFrom * 2 || sites.length >= 3 ? 'high' : most > flaggedFrom ? 'medium' : 'low',
  explain: (
    { evidence: { crossings, most, sites, spanMs, usual, flaggedFrom, documentTypes }, params: { windowMs } },
    words,
  ) => {
    const where = list(sites.map(words.name), words.language)
    const pass = documentTypes.every((type) => passes.some((one) => one === type))
    if (words.language === 'th') {
      const usually = usual > 0 ? ` ปกติ ${usual} ครั้ง;` : ''
      return `${pass ? 'บัตรผ่านแดนใบเดียว' : 'เอกสารฉบับเดียว'}ข้ามแดน ${crossings} ครั้งที่ ${where} ภายใน ${words.span(spanMs)} (มากที่สุด ${most} ครั้งใน ${words.span(windowMs)};${usually} แจ้งเตือนตั้งแต่ ${flaggedFrom} ครั้ง)`
    }
    const usually = usual > 0 ? ` usually ${usual};` : ''
    return `One ${pass ? 'pass' : 'document'} crossed ${crossings} times at ${where} within ${words.span(spanMs)} (at most ${most} in ${words.span(windowMs)};${usually} flagged from ${flaggedFrom}).`
  },
  unless: ({ evidence: { flaggedFrom }, params: { windowMs } }, words) =>
    words.language === 'th'
      ? `หากข้ามแดนไม่เกิน ${flaggedFrom - 1} ครั้งใน ${words.span(windowMs)}`
      : `with ${flaggedFrom - 1} crossings or fewer in any ${words.span(windowMs)}`,
})

interface Needed {
  readonly usual: number
  readonly flaggedFrom: number
}

/** Whether some span of `windowMs` that reaches `from` or beyond holds `least` records of any kind: without one there is no finding. */
function crowded(history: History, from: number, windowMs: number, least: number): boolean {
  for (let last = history.length - 1; last >= least - 1 && history.at(last) >= from; last--)
    if (history.at(last) - history.at(last - least + 1) <= windowMs) return true
  return false
}

function mostInWindow(times: readonly number[], windowMs: number): number {
  let most = 0
  for (let start = 0, end = 0; start < times.length; start++) {
    while (end < times.length && (times[end] as number) - (times[start] as number) <= windowMs) end++
    most = Math.max(most, end - start)
  }
  return most
}
