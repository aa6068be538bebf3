import { Type } from 'typebox'
import { defineDetector } from '../detector.ts'
import { hotChains } from '../engine/episodes.ts'
import { list } from '../words.ts'

const hour = 3_600_000

/** One document crosses the border more often than a traveller has reason to. */
export default defineDetector({
  id: 'repeated-crossings',
  key: 'traveller',
  reads: ['crossings'],
  measure: 2,
  class: 'investigate',
  title: { en: 'Repeated crossings', th: 'ข้ามแดนซ้ำ' },
  reason: {
    en: 'Couriers, guides of irregular groups and borrowed documents show as one document crossing several times a day. Pass holders commute, so passes are left out unless listed.',
    th: 'เอกสารฉบับเดียวข้ามแดนหลายครั้งในหนึ่งวัน อาจเป็นผู้นำพา ผู้รับส่งของ หรือการยืมเอกสาร ไม่นับบัตรผ่านแดนของผู้เดินทางประจำ เว้นแต่กำหนดไว้',
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
      description: 'Documents it looks at.',
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
  }),
  lookbackMs: ({ windowMs }) => windowMs,
  evaluate: ({ history, params: { windowMs, atLeast, documentTypes } }) => {
    if (history.length < atLeast) return []
    // Route checks are crossings of nothing: they share the feed, not the meaning. Stays in lodgings have no direction.
    const kept = history.where(
      (i) =>
        (history.direction(i) === 'entry' || history.direction(i) === 'exit') &&
        documentTypes.includes(history.documentType(i)),
    )
    const times = kept.map((i) => history.at(i))
    return hotChains(times, windowMs, atLeast).map(({ first, last }) => {
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
        },
      }
    })
  },
  severity: ({ most, sites }, { atLeast }) =>
    most >= atLeast * 2 || sites.length >= 3 ? 'high' : most > atLeast ? 'medium' : 'low',
  explain: ({ evidence: { crossings, most, sites, spanMs }, params: { windowMs, atLeast } }, words) => {
    const where = list(sites.map(words.name), words.language)
    return words.language === 'th'
      ? `เอกสารฉบับเดียวข้ามแดน ${crossings} ครั้งที่ ${where} ภายใน ${words.span(spanMs)} (มากที่สุด ${most} ครั้งใน ${words.span(windowMs)}; แจ้งเตือนตั้งแต่ ${atLeast} ครั้ง)`
      : `One document crossed ${crossings} times at ${where} within ${words.span(spanMs)} (at most ${most} in ${words.span(windowMs)}; flagged from ${atLeast}).`
  },
  unless: ({ params: { windowMs, atLeast } }, words) =>
    words.language === 'th'
      ? `หากข้ามแดนไม่เกิน ${atLeast - 1} ครั้งใน ${words.span(windowMs)}`
      : `with ${atLeast - 1} crossings or fewer in any ${words.span(windowMs)}`,
})

function mostInWindow(times: readonly number[], windowMs: number): number {
  let most = 0
  for (let start = 0, end = 0; start < times.length; start++) {
    while (end < times.length && (times[end] as number) - (times[start] as number) <= windowMs) end++
    most = Math.max(most, end - start)
  }
  return most
}
